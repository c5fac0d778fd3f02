"""Requests of a person to correct the data kept about them: filed through a letter, answered with reasons."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from cases.models import DataRequest, DataRequestKind, DataRequestOutcome
from cases.services import moves
from institutions.errors import Forbidden, NotThere, RuleRefused, WrongState
from institutions.models import Notice, User
from institutions.permissions import Permission, ensure_permission
from institutions.services import audit

RULE = "design: a person may have the data kept about them corrected"
TEXT_LENGTH_MAX = 4000  # characters; a limit of the product


@transaction.atomic
def file_request(*, notice: Notice, kind: DataRequestKind | str, text: str, now: datetime) -> DataRequest:
    """Take in a request of the person to whom a letter went; return it with its receipt number.

    The letter's access code is the person's key, so no user is named. While a request of the same kind is open, that
    one is returned. Refuses an unknown kind, and a text that is empty or too long.
    """
    if notice.practitioner is None or notice.is_pilot:
        raise NotThere()
    known = _open_request(notice, kind)
    if known is not None:
        return known
    if kind not in DataRequestKind.values:
        raise RuleRefused(_("Choose what the request is about."), rule=RULE, errors=[_fault("kind")])
    text = moves.ensure_text(text, _("What is wrong, and what should stand there"), RULE)
    if len(text) > TEXT_LENGTH_MAX:
        raise RuleRefused(
            _("The text is longer than %(max)d characters.") % {"max": TEXT_LENGTH_MAX},
            rule=RULE,
            errors=[_fault("text")],
        )
    try:
        with transaction.atomic():
            request = DataRequest.objects.create(
                practitioner=notice.practitioner, notice=notice, kind=str(kind), text=text, filed_at=now
            )
    except IntegrityError:  # two at once: the other came first
        first = _open_request(notice, kind)
        if first is None:
            raise
        return first
    _record("data_request.filed", request, None, now)
    return request


@transaction.atomic
def answer_request(
    *, request: DataRequest, outcome: DataRequestOutcome | str, answer: str, by: User | None, now: datetime
) -> DataRequest:
    """Answer a request with reasons and return it; the same answer by the same officer again changes nothing.

    What is corrected is corrected where it is kept (the roster, an annulment, an appeal): this is the answer. Refuses
    an answer without reasons, and a second answer.
    """
    region = request.notice.region_id or ""
    ensure_permission(by, Permission.DATA_ANSWER, region=region)
    if by is None:
        raise Forbidden(_("This act needs an officer who answers for it."), rule=RULE)
    request = (
        DataRequest.objects.select_for_update(no_key=True, of=("self",)).select_related("notice").get(pk=request.pk)
    )
    if request.answered_at is not None:
        if (request.outcome, request.answer, request.answered_by_id) == (str(outcome), answer.strip(), by.pk):
            return request
        raise WrongState(
            _("This request was answered already; an answer is never edited."), rule=RULE, state="answered"
        )
    if outcome not in DataRequestOutcome.values:
        raise RuleRefused(_("Choose how the request is answered."), rule=RULE, errors=[_fault("outcome")])
    request.answer = moves.ensure_text(answer, _("The reasons"), RULE)
    request.outcome, request.answered_at, request.answered_by = str(outcome), now, by
    request.save(update_fields=["outcome", "answer", "answered_at", "answered_by"])
    _record("data_request.answered", request, by, now)
    return request


def _open_request(notice: Notice, kind: DataRequestKind | str) -> DataRequest | None:
    return DataRequest.objects.filter(
        practitioner=notice.practitioner, kind=str(kind), answered_at__isnull=True
    ).first()


def _fault(field: str) -> dict[str, str]:
    return {"field": field, "code": "invalid"}


def _record(action: str, request: DataRequest, by: User | None, now: datetime) -> None:
    audit.record_event(
        action=action,
        subject=request,
        by=by,
        now=now,
        detail={"receipt": request.receipt, "kind": request.kind, "outcome": request.outcome},
        region=request.notice.region_id or "",
    )
