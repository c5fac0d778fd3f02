"""Statement windows: noting that one has ended, and computing provisional ones again when the calendar comes."""

from collections import Counter
from datetime import date, datetime

from django.db import transaction

from cases.models import Attribution
from cases.selectors.assessments import rulebook_in_force
from cases.services import attribution_notices, moves
from cases.states import State
from institutions.clock import local_date
from institutions.models import User
from institutions.permissions import Permission, ensure_permission
from institutions.selectors import calendar
from institutions.services import audit


def watch_deadlines(*, now: datetime, today: date | None = None) -> Counter[str]:
    """Note every statement window that ended before today, once, and renew provisional deadlines; return the counts."""
    counts: Counter[str] = Counter(windows_ended=0)
    counts["deadlines_renewed"] = recompute_provisional_deadlines(by=None, now=now)
    day = today or local_date(now)
    ended = Attribution.objects.filter(
        state=State.INTENT_SERVED, statement_deadline_on__lt=day, window_ended_at__isnull=True
    )
    for attribution in ended.order_by("pk"):
        counts["windows_ended"] += _note_end(attribution, day, now)
    return counts


@transaction.atomic
def recompute_provisional_deadlines(*, by: User | None, now: datetime) -> int:
    """Compute every provisional deadline again by the calendar as announced; return how many changed.

    A deadline is never shortened: where the announced calendar gives an earlier day, the later one stays. The person
    is told of a later day.
    """
    ensure_permission(by, Permission.ATTRIBUTION_SERVE, region="")
    provisional = Attribution.objects.filter(state=State.INTENT_SERVED, deadline_provisional=True)
    return sum(_recompute(attribution, by, now) for attribution in provisional.order_by("case_id", "pk"))


@transaction.atomic
def _note_end(attribution: Attribution, day: date, now: datetime) -> int:
    attribution = moves.lock(attribution)
    deadline = attribution.statement_deadline_on
    if attribution.state != State.INTENT_SERVED or attribution.window_ended_at or not deadline or deadline >= day:
        return 0
    attribution.window_ended_at = now
    attribution.save(update_fields=["window_ended_at"])
    _record("attribution.window_ended", attribution, None, now, deadline)
    return 1


def _recompute(attribution: Attribution, by: User | None, now: datetime) -> int:
    attribution = moves.lock(attribution)
    served_on, before = attribution.intent_served_on, attribution.statement_deadline_on
    if attribution.state != State.INTENT_SERVED or served_on is None or before is None:
        return 0
    rulebook = rulebook_in_force(attribution.case, served_on)
    computed = calendar.deadline(served_on, rulebook.statement_working_days)
    deadline = max(before, computed.on)
    if deadline == before and computed.provisional == attribution.deadline_provisional:
        return 0
    attribution.statement_deadline_on, attribution.deadline_provisional = deadline, computed.provisional
    if deadline > before:
        attribution.window_ended_at = None
    attribution.save(update_fields=["statement_deadline_on", "deadline_provisional", "window_ended_at"])
    _record("attribution.deadline_renewed", attribution, by, now, deadline)
    if deadline > before:
        attribution_notices.tell_new_deadline(attribution=attribution, now=now)
    return 1


def _record(action: str, attribution: Attribution, by: User | None, now: datetime, deadline: date) -> None:
    audit.record_event(
        action=action,
        subject=attribution,
        by=by,
        now=now,
        detail={
            "window": attribution.window,
            "deadline_on": deadline.isoformat(),
            "provisional": attribution.deadline_provisional,
        },
        region=attribution.case.region_id,
    )
