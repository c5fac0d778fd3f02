"""Grave decisions wait for another officer before they go out: held, released, or sent back undecided (F45).

A hold lies between the decision and its service. Nothing was told and nothing counts meanwhile; the day of service,
from which everything runs, follows the release (ADR 0057).
"""

from collections import Counter
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cases.errors import TwoOfficerRule
from cases.models import Attribution, DecisionHold, HoldOutcome, ScoredConduct
from cases.selectors.assessments import rulebook_in_force
from cases.selectors.previews import preview
from cases.services import issuing, moves
from cases.states import Action
from institutions.clock import local_date
from institutions.models import User
from institutions.permissions import Permission, ensure_permission
from institutions.selectors import calendar
from institutions.services import audit

RULE = "hold"
REASONS_RULE = "design: a release has reasons"


def hold_if_grave(attribution: Attribution, *, by: User, now: datetime) -> DecisionHold | None:
    """Hold a decision just taken where the rules in force say so for what it would cause; return the hold, or None.

    Permission, lock and the decision itself are the caller's.
    """
    today = local_date(now)
    rulebook = rulebook_in_force(attribution.case, today)
    if rulebook.hold is None:
        return None
    grave = [measure for measure in preview(attribution, on=today).measures if measure.kind in rulebook.hold.measures]
    if not grave:
        return None
    due = calendar.deadline(today, rulebook.hold.release_working_days)
    assert attribution.decided_at is not None  # the caller has just decided
    hold = DecisionHold.objects.create(
        attribution=attribution,
        decided_by=by,
        decided_at=attribution.decided_at,
        decision_reasons=attribution.decision_reasons,
        rulebook=rulebook.label,
        measures=[{"kind": item.kind.value, "months": item.months_imposed} for item in grave],
        due_on=due.on,
        due_provisional=due.provisional,
    )
    attribution.state = moves.ensure_can(attribution, Action.HOLD).value
    attribution.save(update_fields=["state"])
    _record("attribution.held", attribution, hold, by, now, "")
    return hold


@transaction.atomic
def release(*, attribution: Attribution, reasons: str, by: User | None, now: datetime) -> Attribution:
    """Let a held decision go out, with reasons; its letter is made out now. Return the attribution, decided.

    The same release a second time changes nothing. Refuses (403) whoever proposed or decided, (409) what is not held.
    """
    return _end(attribution, HoldOutcome.RELEASED, Action.RELEASE, reasons, by, now)


@transaction.atomic
def send_back(*, attribution: Attribution, reasons: str, by: User | None, now: datetime) -> Attribution:
    """Refuse to let a held decision go out, with reasons; it counts as not taken. Return the attribution, undecided.

    The person was told of nothing. Whoever decides, decides anew; the hold keeps what had been decided.
    Refuses as `release` does.
    """
    return _end(attribution, HoldOutcome.SENT_BACK, Action.SEND_BACK, reasons, by, now)


def released_at(attribution: Attribution) -> datetime | None:
    """Return when the decision that stands was released, or None where it was never held: no service lies before."""
    if attribution.decided_at is None:
        return None
    held = attribution.holds.filter(decided_at=attribution.decided_at, outcome=HoldOutcome.RELEASED).first()
    return held.outcome_at if held is not None else None


def escalate_overdue(*, now: datetime, today: date | None = None) -> Counter[str]:
    """Mark every hold whose time is over and that still waits, once; return how many."""
    counts: Counter[str] = Counter(holds_escalated=0)
    overdue = DecisionHold.objects.filter(outcome="", escalated_at__isnull=True, due_on__lt=today or local_date(now))
    for hold in overdue.select_related("attribution__case").order_by("pk"):
        counts["holds_escalated"] += _escalate(hold, now)
    return counts


def ensure_releasable(attribution: Attribution, action: Action, *, by: User) -> None:
    """Refuse as `release` and `send_back` do before they ask for reasons; reads only."""
    ensure_permission(by, Permission.ATTRIBUTION_RELEASE, region=attribution.case.region_id)
    moves.ensure_second_officer(attribution, by)
    moves.ensure_can(attribution, action)
    if attribution.decided_by_id == by.pk:
        raise TwoOfficerRule(
            _("You took this decision; another officer has to release it."),
            rule=moves.TWO_OFFICERS,
            state=attribution.state,
            next_step=_("Ask an officer who took no part in it."),
        )
    moves.ensure_not_as_one(by, [attribution.decided_by_id], subject=attribution, state=attribution.state)


def _end(
    attribution: Attribution, outcome: HoldOutcome, action: Action, reasons: str, by: User | None, now: datetime
) -> Attribution:
    ensure_permission(by, Permission.ATTRIBUTION_RELEASE, region=attribution.case.region_id)
    officer = moves.ensure_officer(by)
    attribution = moves.lock(attribution)
    last = attribution.holds.order_by("-pk").first()
    if last is not None and (last.outcome, last.outcome_by_id, last.outcome_reasons) == (
        outcome.value,
        officer.pk,
        reasons.strip(),
    ):
        return attribution
    ensure_releasable(attribution, action, by=officer)
    reasons = moves.ensure_text(reasons, _("The reasons"), REASONS_RULE)
    hold = attribution.holds.get(outcome="")
    hold.outcome, hold.outcome_reasons, hold.outcome_by, hold.outcome_at = outcome, reasons, officer, now
    hold.save(update_fields=["outcome", "outcome_reasons", "outcome_by", "outcome_at"])
    attribution.state = moves.ensure_can(attribution, action).value
    if action is Action.SEND_BACK:
        _undo_decision(attribution, now)
    attribution.save()
    _record(f"attribution.{outcome.value}", attribution, hold, officer, now, reasons)
    if action is Action.RELEASE:
        issuing.letter_of_decision(attribution, by=officer, now=now)
    return attribution


def _undo_decision(attribution: Attribution, now: datetime) -> None:
    """Take the decision back that nobody was told of; its claims on acts end with it."""
    attribution.decision, attribution.decision_reasons = "", ""
    attribution.decided_at, attribution.decided_by = None, None
    ScoredConduct.objects.filter(attribution=attribution, released_at__isnull=True).update(released_at=now)


@transaction.atomic
def _escalate(hold: DecisionHold, now: datetime) -> int:
    attribution = moves.lock(hold.attribution)
    held = DecisionHold.objects.get(pk=hold.pk)
    if not held.is_open or held.escalated_at is not None:
        return 0
    held.escalated_at = now
    held.save(update_fields=["escalated_at"])
    _record("attribution.hold_overdue", attribution, held, None, now, "")
    return 1


def _record(
    action: str, attribution: Attribution, hold: DecisionHold, by: User | None, now: datetime, reasons: str
) -> None:
    audit.record_event(
        action=action,
        subject=attribution,
        by=by,
        now=now,
        detail={"case": attribution.case.number, "due_on": hold.due_on.isoformat()},
        reason=reasons,
        region=attribution.case.region_id,
    )
