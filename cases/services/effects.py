"""Putting served decisions into effect: the only place where case work writes to the ledger."""

import logging
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cases.errors import SweepIncomplete
from cases.models import Attribution, CaseFile
from cases.selectors.assessments import rulebook_in_force, scored_on, stored_lines
from cases.services import moves
from cases.states import Action, State
from institutions.clock import local_date
from institutions.models import User
from institutions.services import audit
from scoring.models import PointsEntry
from scoring.services import ledger
from scoring.services.ledger import AwardLine

logger = logging.getLogger(__name__)


@transaction.atomic
def make_effective(*, attribution: Attribution, by: User | None = None, now: datetime) -> PointsEntry:
    """Post the award of a served decision, with everything that follows from it; return the ledger entry.

    Whenever this runs, the award is effective on the day of service and counts in the year that the rulebook says. A
    second call returns the same entry. Refuses anything but a served decision, and what the ledger refuses.
    """
    attribution = moves.lock(attribution)
    return _make_effective(attribution, by, now)


def make_due_attributions_effective(
    *, now: datetime, today: date | None = None, counts: Counter[str] | None = None
) -> Counter[str]:
    """Put every decision served by `today` into effect, each in its own transaction; return how many, in `counts`.

    A case that another worker holds is left to it. One that cannot be put into effect stays as it is, stops no other,
    and is named in `SweepIncomplete` at the end.
    """
    counts = Counter() if counts is None else counts
    counts["effective"] += 0
    failures: list[str] = []
    day = today or local_date(now)
    due = Attribution.objects.filter(state=State.SERVED, served_on__lte=day).order_by("served_on", "pk")
    for attribution in due.only("pk", "case_id"):
        try:
            counts[_try_one(attribution, now)] += 1
        except Exception as error:
            logger.exception("attribution %s could not be put into effect", attribution.pk)
            failures.append(f"{attribution.pk}: {type(error).__name__}: {error}")
            counts["failed"] += 1
    if failures:
        raise SweepIncomplete(
            _("%(count)s could not be put into effect: %(failures)s")
            % {"count": len(failures), "failures": " | ".join(failures)},
            rule="design: one transaction each",
            next_step=_("See the reason of each; the sweep tries again every minute."),
        )
    return counts


@transaction.atomic
def _try_one(attribution: Attribution, now: datetime) -> str:
    held = CaseFile.objects.select_for_update(no_key=True, skip_locked=True).filter(pk=attribution.case_id)
    if not held.exists():
        return "held_elsewhere"
    locked = moves.lock(attribution)
    if locked.state != State.SERVED:
        return "done_elsewhere"
    _make_effective(locked, None, now)
    return "effective"


def _make_effective(attribution: Attribution, by: User | None, now: datetime) -> PointsEntry:
    if attribution.state == State.EFFECTIVE and attribution.entry is not None:
        return attribution.entry
    state = moves.ensure_can(attribution, Action.MAKE_EFFECTIVE)
    assert attribution.served_on is not None  # constraint no_effect_before_service
    case, served_on = attribution.case, attribution.served_on
    rulebook = rulebook_in_force(case, served_on)
    entry = ledger.record_award(
        practitioner=attribution.practitioner,
        source_key=attribution.source_key,
        case_reference=case.number,
        institution=case.institution,
        effective_on=served_on,
        scored_on=scored_on(case, rulebook, served_on),
        lines=award_lines(attribution),
        months=attribution.months,
        by=by,
        now=now,
    )
    attribution.state, attribution.entry, attribution.effective_at = state.value, entry, now
    attribution.save(update_fields=["state", "entry", "effective_at"])
    audit.record_event(
        action="attribution.effective",
        subject=attribution,
        by=by,
        now=now,
        detail={"entry": str(entry.pk), "points": entry.points, "effective_on": served_on.isoformat()},
        region=case.region_id,
    )
    return entry


def lines_worth(attribution: Attribution, points: Mapping[str, int]) -> list[AwardLine]:
    """Return the lines named, by the key the ledger knows them by, with these points."""
    return [replace(line, points=points[line.key]) for line in award_lines(attribution) if line.key in points]


def award_lines(attribution: Attribution) -> list[AwardLine]:
    """Return the lines that stand as the ledger takes them. An act scored again by override counts like any other."""
    basis = attribution.case.basis
    return [
        AwardLine(
            conduct=line.finding.conduct,
            clause=line.clause,
            degree=line.degree,
            points=line.points,
            from_on=line.finding.from_on,
            to_on=line.finding.to_on,
            finding_title=line.finding.title,
            amount=line.amount if line.amount is not None else line.finding.amount,
            articles=tuple(basis.articles),
            key=str(line.pk),
            basis=basis.kind,
        )
        for line in stored_lines(attribution)
    ]
