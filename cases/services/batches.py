"""One act for several persons of a case: all of them or none, and every refusal is named."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cases.errors import ManyRefused
from cases.models import Attribution, CaseFile, ServiceMethod
from cases.services import letters, moves, proposals
from institutions.errors import Forbidden, Invalid, JifenError, NotThere
from institutions.json_types import Json
from institutions.models import User
from institutions.permissions import Permission, ensure_permission

RULE = "design: one act for several persons is whole"


@transaction.atomic
def propose_several(*, case: CaseFile, seen: Mapping[str, str], by: User | None, now: datetime) -> list[Attribution]:
    """Put several drafts of a case forward as `proposals.propose` does one; return them.

    `seen` gives for each attribution, by its id, the version that lay before the officer ("": whichever it is).
    """
    ensure_permission(by, Permission.ATTRIBUTION_PROPOSE, region=case.region_id)

    def one(attribution: Attribution) -> Attribution:
        return proposals.propose(attribution=attribution, seen=seen[str(attribution.pk)], by=by, now=now)

    return _each(case, list(seen), one)


@transaction.atomic
def serve_several(
    *,
    case: CaseFile,
    chosen: Sequence[str],
    method: ServiceMethod | str,
    served_on: date | None,
    proof: str,
    published_on: date | None = None,
    witness: str = "",
    by: User | None,
    now: datetime,
) -> list[Attribution]:
    """Record that the letters waiting for several persons of a case reached them on one day, in one way.

    For each as `letters.serve_standing_letter` does: of the intent where it is proposed, of the decision where it is
    decided. One proof stands for all of them.
    """
    ensure_permission(by, Permission.ATTRIBUTION_SERVE, region=case.region_id)

    def one(attribution: Attribution) -> Attribution:
        return letters.serve_standing_letter(
            attribution=attribution,
            method=method,
            served_on=served_on,
            proof=proof,
            published_on=published_on,
            witness=witness,
            by=by,
            now=now,
        )

    return _each(case, chosen, one)


def _each(case: CaseFile, chosen: Sequence[str], act: Callable[[Attribution], Attribution]) -> list[Attribution]:
    """Hold the case, do the act for each person in one order, and undo everything where one is refused.

    Refuses (`ManyRefused`) with every person and reason; (422) an empty choice, (404) who is not of the case. A lack
    of permission (403) stops at once.
    """
    if not chosen:
        raise Invalid(_("Nobody was chosen."), rule=RULE, next_step=_("Tick the persons whom it concerns."))
    moves.lock_case(case.pk)
    rows = Attribution.objects.filter(case=case, pk__in=chosen).select_related("case", "practitioner").order_by("pk")
    if len(rows) != len(set(chosen)):
        raise NotThere()
    done: list[Attribution] = []
    errors: list[dict[str, Json]] = []
    for attribution in rows:
        try:
            with transaction.atomic():
                done.append(act(attribution))
        except Forbidden:
            raise
        except JifenError as refusal:
            errors.append(
                {"place": str(attribution.pk), "name": attribution.practitioner.name, "message": str(refusal)}
            )
    if errors:
        raise ManyRefused(
            " ".join(f"{error['name']}: {error['message']}" for error in errors),
            rule=RULE,
            errors=errors,
            next_step=_("Leave these out, or mend what is named; then do it again."),
        )
    return done
