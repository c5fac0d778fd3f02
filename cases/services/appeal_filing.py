"""What the person does in an appeal: file it, answer a question, withdraw it, take it to the second level.

`by` is None where the person acted themselves, through a door that their letter opened; else the officer who took in
what came on paper.
"""

import logging
from collections.abc import Sequence
from datetime import date, datetime

from django.db import connection, transaction
from django.utils.translation import gettext as _

from cases.errors import AppealNotPossible, LateWithoutReason
from cases.models import Appeal, AppealMessage, Attribution, MessageKind
from cases.models.appeal import SECOND_LEVEL
from cases.models.appeal_choices import Outcome
from cases.policy import appeal_deadlines
from cases.selectors import appeals as appeal_selectors
from cases.selectors.appeals import Eligible, Ineligible, Late
from cases.services import appeal_moves, appeal_notices, appeal_stays, effects, moves, submissions
from cases.services.submissions import SentFile
from cases.states import State
from cases.states.appeal import Action
from institutions.clock import local_date
from institutions.errors import JifenError
from institutions.json_types import JsonObject
from institutions.models import User

logger = logging.getLogger(__name__)

DEADLINE_RULE = "appeal_working_days"
SECOND_LEVEL_RULE = "appeal.second_level_working_days"


@transaction.atomic
def file_appeal(
    *,
    attribution: Attribution,
    grounds: str,
    files: Sequence[SentFile] = (),
    late_reason: str = "",
    received_on: date | None = None,
    by: User | None,
    now: datetime,
) -> Appeal:
    """Bring an appeal against a decision that reached the person; return it with its receipt number.

    While one is open, it is returned and nothing is written. `received_on` is the day on which a letter came in, where
    an officer takes it in later (ATTRIBUTION_SERVE); it decides whether the appeal is in time. Refuses (409) a decision
    that cannot be appealed against, in the words of `appeal_eligibility`, and (422) empty grounds, a late one without
    the reason why it is late, and files that may not be kept.
    """
    appeal_moves.ensure_taking_in(by, attribution.case.region_id)
    attribution = moves.lock(attribution)
    standing = appeal_selectors.open_appeal(attribution)
    if standing is not None:
        return standing
    filed_on = _day_of_receipt(attribution, received_on, by, now)
    found = appeal_selectors.appeal_eligibility(attribution, on=filed_on)
    deadline_on = _ensure_possible(found, late_reason, DEADLINE_RULE)
    attribution = _in_effect(attribution, now)
    appeal = _new(attribution, grounds, filed_on, deadline_on, late_reason if isinstance(found, Late) else "", by, now)
    return _begin(appeal, files, by, now)


@transaction.atomic
def elevate(
    *,
    appeal: Appeal,
    grounds: str,
    files: Sequence[SentFile] = (),
    late_reason: str = "",
    received_on: date | None = None,
    by: User | None,
    now: datetime,
) -> Appeal:
    """Take an appeal to the second level, after a refusal or after silence; return the new appeal.

    A second call returns the appeal at the second level. What the first level left open ends as `elevated`. Refuses as
    `file_appeal` does, in the words of `elevation_eligibility`.
    """
    appeal_moves.ensure_taking_in(by, appeal.attribution.case.region_id)
    appeal = appeal_moves.lock(appeal)
    following = Appeal.objects.filter(previous=appeal).first()
    if following is not None:
        return following
    filed_on = _day_of_receipt(appeal.attribution, received_on, by, now)
    found = appeal_selectors.elevation_eligibility(appeal, on=filed_on)
    deadline_on = _ensure_possible(found, late_reason, SECOND_LEVEL_RULE)
    grounds = moves.ensure_text(grounds, _("The grounds of the appeal"), "design: an appeal has grounds")
    if appeal.is_open:
        _close(appeal, Action.ELEVATE, Outcome.ELEVATED, grounds, now)
        appeal_moves.record("elevated", appeal, by, now)
    reason = late_reason if isinstance(found, Late) else ""
    second = _new(appeal.attribution, grounds, filed_on, deadline_on, reason, by, now)
    second.level, second.previous = SECOND_LEVEL, appeal
    return _begin(second, files, by, now)


@transaction.atomic
def answer(
    *, appeal: Appeal, text: str, files: Sequence[SentFile] = (), by: User | None, now: datetime
) -> AppealMessage:
    """Put down the person's answer to the question that was asked; return it. The clock runs on from the day after.

    The same answer again while nothing was asked since returns the first. Refuses (409) an appeal in which no question
    waits, and (422) an empty answer.
    """
    appeal_moves.ensure_taking_in(by, appeal.attribution.case.region_id)
    appeal = appeal_moves.lock(appeal)
    latest = appeal.messages.order_by("-at", "-pk").first()
    if latest is not None and (latest.kind, latest.text) == (MessageKind.ANSWER, text.strip()):
        return latest
    state = appeal_moves.ensure_can(appeal, Action.ANSWER)
    text = moves.ensure_text(text, _("The answer"), "design: a question pauses the clock, the answer resumes it")
    appeal_moves.run_on(appeal, state, local_date(now))
    message = AppealMessage.objects.create(appeal=appeal, kind=MessageKind.ANSWER, text=text, at=now, by=by)
    kept = submissions.keep_files(files, said=message, by=by, now=now)
    detail: JsonObject = {"message": message.pk, "files": [piece.sha256 for piece in kept]}
    appeal_moves.record("answered", appeal, by, now, detail)
    appeal_notices.tell_course(appeal=appeal, step="resumed", cause=f"answer:{message.pk}", now=now)
    return message


@transaction.atomic
def withdraw(*, appeal: Appeal, reason: str, by: User | None, now: datetime) -> Appeal:
    """End an appeal on the person's wish, with their words why; return it. A withdrawn appeal cannot be filed again.

    A second call changes nothing. Refuses (409) an appeal that is closed, and (422) an empty reason.
    """
    appeal_moves.ensure_taking_in(by, appeal.attribution.case.region_id)
    appeal = appeal_moves.lock(appeal)
    if appeal.outcome == Outcome.WITHDRAWN:
        return appeal
    appeal_moves.ensure_can(appeal, Action.WITHDRAW)
    reason = moves.ensure_text(reason, _("The reason of the withdrawal"), appeal_moves.REASONS_RULE)
    _close(appeal, Action.WITHDRAW, Outcome.WITHDRAWN, reason, now)
    appeal_moves.record("withdrawn", appeal, by, now, reason=reason)
    appeal_stays.end(appeal, by=by, now=now)
    appeal_notices.tell_outcome(appeal=appeal, now=now)
    return appeal


def _day_of_receipt(attribution: Attribution, received_on: date | None, by: User | None, now: datetime) -> date:
    """The day on which it came in: today, or an earlier one that an officer vouches for."""
    if received_on is None or by is None or attribution.served_on is None:
        return local_date(now)
    moves.ensure_day(received_on, earliest=attribution.served_on, now=now, rule=DEADLINE_RULE)
    return received_on


def _ensure_possible(found: appeal_selectors.Eligibility, late_reason: str, rule: str) -> date | None:
    """Return the last day in time; refuse what is not possible, and what is late without a reason."""
    if isinstance(found, Ineligible):
        raise AppealNotPossible(found.reason, rule=rule, state=found.receipt)
    if isinstance(found, Eligible):
        return found.deadline
    if not late_reason.strip():
        raise LateWithoutReason(
            _("An appeal was possible until %(day)s.") % {"day": found.deadline},
            rule=rule,
            next_step=_("Say why it is late; the officer decides whether it is heard all the same."),
        )
    return found.deadline


def _in_effect(attribution: Attribution, now: datetime) -> Attribution:
    """A decision that was served just now takes effect first, so that the appeal has an award to be against."""
    if attribution.state != State.SERVED:
        return attribution
    try:
        with transaction.atomic():
            effects.make_effective(attribution=attribution, now=now)
    except JifenError:  # the person files all the same; the sweep reports what is wrong every minute
        logger.exception("attribution %s could not be put into effect when it was appealed against", attribution.pk)
    return moves.lock(attribution)


def _new(
    attribution: Attribution,
    grounds: str,
    filed_on: date,
    deadline_on: date | None,
    late_reason: str,
    by: User | None,
    now: datetime,
) -> Appeal:
    rule = appeal_selectors.appeal_rule(attribution)
    appeal = Appeal(
        receipt=_next_receipt(now),
        attribution=attribution,
        grounds=moves.ensure_text(grounds, _("The grounds of the appeal"), "design: an appeal has grounds"),
        filed_at=now,
        filed_on=filed_on,
        filed_by=by,
        deadline_on=deadline_on,
        is_late=bool(late_reason.strip()),
        late_reason=late_reason.strip(),
        stays=appeal_selectors.stays_measures(attribution),
    )
    clock = appeal_deadlines.started(
        filed_on,
        rule.decide_working_days if rule else None,
        rule.silence_working_days if rule else None,
        appeal_selectors.working_calendar(filed_on),
    )
    appeal_moves.set_clock(appeal, clock)
    return appeal


def _begin(appeal: Appeal, files: Sequence[SentFile], by: User | None, now: datetime) -> Appeal:
    appeal.save(force_insert=True)
    kept = submissions.keep_files(files, said=appeal, by=by, now=now)
    detail: JsonObject = {
        "level": appeal.level,
        "filed_on": appeal.filed_on.isoformat(),
        "due_on": appeal_moves.iso(appeal.decision_due_on),
        "files": [piece.sha256 for piece in kept],
    }
    appeal_moves.record("filed", appeal, by, now, detail, reason=appeal.late_reason)
    appeal_stays.open_flag(appeal, by=by, now=now)
    appeal_notices.tell_course(appeal=appeal, step="filed", cause="filed", now=now)
    return appeal


def _close(appeal: Appeal, action: Action, outcome: Outcome, reason: str, now: datetime) -> None:
    appeal_moves.close(appeal, appeal_moves.ensure_can(appeal, action), outcome, reason, now)


def _next_receipt(now: datetime) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('cases_appeal_receipt_seq')")
        (number,) = cursor.fetchone()
    return f"YY{local_date(now).year}-{number:06d}"
