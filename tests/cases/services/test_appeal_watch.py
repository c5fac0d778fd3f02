"""Overdue appeals are told to both sides, missed answers let the clock run on, silence opens the second level."""

from datetime import timedelta

import pytest

from cases import tasks
from cases.selectors.appeals import Eligible, elevation_eligibility, track
from cases.services import appeals
from cases.services.calendars import load_calendar
from cases.states.appeal import State
from institutions import clock
from institutions.clock import local_date, start_of
from institutions.models import AuditEvent, CalendarDay, Notice, NoticeKind
from institutions.selectors import calendar
from scoring.policy.rulebook_parts import AppealRule
from tests.cases.last_write import LastWriteError, fail_on
from tests.factories.appeal import hearing
from tests.factories.user import officer

pytestmark = pytest.mark.django_db


def morning_after(day):
    return start_of(day) + timedelta(days=1, hours=8)


def steps(heard):
    told = Notice.objects.filter(kind=NoticeKind.APPEAL, practitioner=heard.walk.attribution.practitioner)
    return list(told.order_by("created_at", "number").values_list("payload__step", flat=True))


def test_an_overdue_appeal_is_noted_once_and_seen_by_both_sides(now):
    heard = hearing(State.ACCEPTED, now=now)
    due = heard.appeal.decision_due_on
    assert appeals.watch_appeals(now=start_of(due) + timedelta(hours=20))["appeals_overdue"] == 0
    late = morning_after(due)
    assert appeals.watch_appeals(now=late)["appeals_overdue"] == 1
    assert appeals.watch_appeals(now=late + timedelta(hours=1))["appeals_overdue"] == 0
    assert heard.appeal.overdue_at == late
    assert steps(heard)[-1] == "overdue"
    seen = track(heard.appeal, on=local_date(late))
    assert (seen.is_overdue, seen.days_left, seen.due_on) == (True, 0, due)
    assert AuditEvent.objects.filter(action="appeal.overdue", subject_id=str(heard.appeal.pk)).count() == 1


def test_the_tracker_counts_the_working_days_that_are_left(now):
    heard = hearing(State.FILED, now=now)
    first = track(heard.appeal, on=local_date(heard.now))
    assert (first.days_left, first.is_overdue, first.state) == (20, False, State.FILED)
    assert track(heard.appeal, on=calendar.deadline(local_date(heard.now), 6).on).days_left == 14
    heard.assign().accept().ask()
    asked = track(heard.appeal, on=local_date(heard.later(30).now))
    assert (asked.days_left, asked.is_overdue, asked.question) == (20, False, "当日考勤由谁记录?")


def test_silence_opens_the_second_level_and_the_person_is_told_once(now):
    heard = hearing(State.FILED, now=now)
    late = morning_after(heard.appeal.silence_until_on)
    for _again in range(2):
        appeals.watch_appeals(now=late)
    assert steps(heard) == ["filed", "overdue", "second_level_open"]
    assert elevation_eligibility(heard.appeal, on=local_date(late)) == Eligible(None)


def test_whether_it_is_open_does_not_hang_on_the_task(now):
    heard = hearing(State.FILED, now=now)
    day = local_date(morning_after(heard.appeal.silence_until_on))
    assert heard.appeal.silence_noted_at is None
    assert elevation_eligibility(heard.appeal, on=day) == Eligible(None)


def test_a_missed_answer_lets_the_clock_run_from_the_day_it_was_due_however_late_the_task_is(now):
    heard = hearing(State.AWAITING_ANSWER, now=now)
    awaited, left = heard.appeal.answer_due_on, heard.appeal.decide_days_left
    assert appeals.watch_appeals(now=start_of(awaited) + timedelta(hours=20))["answers_missed"] == 0
    counts = appeals.watch_appeals(now=start_of(awaited) + timedelta(days=4))
    assert counts["answers_missed"] == 1
    appeal = heard.appeal
    assert (appeal.state, appeal.paused_on) == (State.ACCEPTED, None)
    assert appeal.decision_due_on == calendar.deadline(awaited, left).on
    assert steps(heard)[-1] == "resumed"


def test_nothing_is_noted_of_what_is_closed(now):
    for state in (State.DECIDED, State.WITHDRAWN, State.MOOT):
        hearing(state, now=now)
    counts = appeals.watch_appeals(now=now + timedelta(days=400))
    assert not any(counts.values())


def test_an_announced_calendar_moves_the_dates_and_the_person_is_told(now):
    CalendarDay.objects.filter(on__year=2025).delete()
    heard = hearing(State.FILED, now=now.replace(month=9, day=10))
    before = heard.appeal
    assert before.due_provisional
    days = "".join(f"2025-10-0{day},false,国办发明电〔2024〕12号\n" for day in range(1, 9))
    loaded = load_calendar(data=f"date,is_working,source\n{days}".encode(), by=None, now=heard.now)
    assert loaded.deadlines_renewed == 1
    after = heard.appeal
    assert not after.due_provisional
    assert after.decision_due_on == calendar.deadline(after.filed_on, 20).on > before.decision_due_on
    assert steps(heard) == ["filed", "due_changed"]


def test_the_hourly_task_watches_appeals_too(now):
    heard = hearing(State.FILED, now=now)
    clock.move_to(morning_after(heard.appeal.decision_due_on))
    counts = tasks.watch_deadlines()
    assert counts["appeals_overdue"] == 1
    assert tasks.watch_deadlines()["appeals_overdue"] == 0


def test_rules_that_limit_nothing_make_nothing_due(now, monkeypatch):
    monkeypatch.setattr("cases.selectors.appeals.appeal_rule", lambda attribution: None)
    heard = hearing(State.FILED, now=now)
    assert (heard.appeal.decision_due_on, heard.appeal.silence_until_on) == (None, None)
    assert not any(appeals.watch_appeals(now=now + timedelta(days=400)).values())
    assert track(heard.appeal, on=local_date(now)).days_left is None


def test_the_days_are_those_of_the_rulebook(now, monkeypatch):
    monkeypatch.setattr("cases.selectors.appeals.appeal_rule", lambda attribution: AppealRule(3, 2, 4, 1))
    heard = hearing(State.ACCEPTED, now=now)
    assert heard.appeal.decision_due_on == calendar.deadline(heard.appeal.filed_on, 3).on
    heard.ask()
    assert heard.appeal.answer_due_on == calendar.deadline(local_date(heard.now), 2).on


def test_when_the_last_write_fails_nothing_of_that_appeal_remains(now, monkeypatch):
    heard = hearing(State.FILED, now=now)
    late = morning_after(heard.appeal.decision_due_on)
    fail_on(monkeypatch, "cases.services.appeal_notices.notices.queue_notice")
    with pytest.raises(LastWriteError):
        appeals.watch_appeals(now=late)
    assert heard.appeal.overdue_at is None


def test_dates_are_renewed_by_the_system_or_by_who_may(now):
    from institutions.errors import Forbidden

    with pytest.raises(Forbidden):
        appeals.recompute_provisional_dates(by=officer("inspector"), now=now)
