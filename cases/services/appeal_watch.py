"""Watching the clocks of open appeals: what is overdue is told to both sides, what stays silent opens the second level.

Nothing here has to be punctual: whether an appeal is overdue or the second level is open follows from its dates.
"""

from collections import Counter
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet

from cases.models import Appeal
from cases.models.appeal import OPEN_STATES
from cases.policy import appeal_deadlines
from cases.selectors import appeals as appeal_selectors
from cases.services import appeal_hearing, appeal_moves, appeal_notices
from cases.states.appeal import State
from institutions.clock import local_date
from institutions.models import User
from institutions.permissions import Permission, ensure_permission

RUNNING = [state for state in OPEN_STATES if state != State.AWAITING_ANSWER]


def watch_appeals(*, now: datetime, today: date | None = None) -> Counter[str]:
    """Go on where an answer did not come, renew provisional dates, note once what is overdue or silent; return counts.

    Each appeal in a transaction of its own.
    """
    counts: Counter[str] = Counter(answers_missed=0, appeals_overdue=0, second_level_open=0)
    day = today or local_date(now)
    unanswered = Appeal.objects.filter(state=State.AWAITING_ANSWER, answer_due_on__lt=day)
    for appeal in _each(unanswered):
        counts["answers_missed"] += _go_on(appeal, day, now)
    counts["appeal_dates_renewed"] = recompute_provisional_dates(by=None, now=now)
    overdue = Appeal.objects.filter(state__in=RUNNING, decision_due_on__lt=day, overdue_at__isnull=True)
    for appeal in _each(overdue):
        counts["appeals_overdue"] += _note_overdue(appeal, day, now)
    silent = Appeal.objects.filter(state__in=RUNNING, silence_until_on__lt=day, silence_noted_at__isnull=True, level=1)
    for appeal in _each(silent):
        counts["second_level_open"] += _note_silence(appeal, day, now)
    return counts


def recompute_provisional_dates(*, by: User | None, now: datetime) -> int:
    """Compute the provisional dates of open appeals again by the calendar as announced; return how many changed."""
    ensure_permission(by, Permission.APPEAL_DECIDE, region="")
    provisional = Appeal.objects.filter(state__in=RUNNING, due_provisional=True)
    return sum(_recompute(appeal, now) for appeal in _each(provisional))


def _each(appeals: QuerySet[Appeal]) -> list[Appeal]:
    return list(appeals.select_related("attribution__case").order_by("attribution__case_id", "attribution_id", "pk"))


@transaction.atomic
def _go_on(appeal: Appeal, day: date, now: datetime) -> int:
    appeal = appeal_moves.lock(appeal)
    if appeal.state != State.AWAITING_ANSWER or appeal.answer_due_on is None or appeal.answer_due_on >= day:
        return 0
    appeal_hearing.resume(appeal=appeal, by=None, now=now)
    return 1


@transaction.atomic
def _recompute(appeal: Appeal, now: datetime) -> int:
    appeal = appeal_moves.lock(appeal)
    if appeal.state not in RUNNING or not appeal.due_provisional:
        return 0
    before = appeal_moves.clock_of(appeal)
    clock = appeal_deadlines.computed(before, appeal_selectors.working_calendar(before.from_on))
    if clock == before:
        return 0
    appeal_moves.set_clock(appeal, clock)
    appeal.save(update_fields=appeal_moves.CLOCK)
    appeal_moves.record("dates_renewed", appeal, None, now, {"due_on": appeal_moves.iso(clock.due_on)})
    if clock.due_on != before.due_on or clock.silence_on != before.silence_on:
        cause = f"due:{appeal_moves.iso(clock.due_on)}"
        appeal_notices.tell_course(appeal=appeal, step="due_changed", cause=cause, now=now)
    return 1


@transaction.atomic
def _note_overdue(appeal: Appeal, day: date, now: datetime) -> int:
    appeal = appeal_moves.lock(appeal)
    due = appeal.decision_due_on
    if appeal.state not in RUNNING or appeal.overdue_at is not None or not appeal_deadlines.is_overdue(due, day):
        return 0
    appeal.overdue_at = now
    appeal.save(update_fields=["overdue_at"])
    appeal_moves.record("overdue", appeal, None, now, {"due_on": appeal_moves.iso(due)})
    cause = f"overdue:{appeal_moves.iso(due)}"
    appeal_notices.tell_course(appeal=appeal, step="overdue", cause=cause, now=now)
    return 1


@transaction.atomic
def _note_silence(appeal: Appeal, day: date, now: datetime) -> int:
    appeal = appeal_moves.lock(appeal)
    until = appeal.silence_until_on
    if appeal.state not in RUNNING or appeal.silence_noted_at is not None or until is None or until >= day:
        return 0
    appeal.silence_noted_at = now
    appeal.save(update_fields=["silence_noted_at"])
    appeal_moves.record("second_level_open", appeal, None, now, {"after": until.isoformat()})
    appeal_notices.tell_course(appeal=appeal, step="second_level_open", cause="second_level_open", now=now)
    return 1
