"""The clock of an appeal: working days from the day after, stopped by a question, computed again by a calendar."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.policy.appeal_deadlines import WorkingCalendar, computed, is_overdue, resumed, started, stopped

# 2025: 1–8 October is off; 28 September (Sunday) and 11 October (Saturday) are worked.
OFF = {date(2025, 10, day): False for day in range(1, 9)}
CALENDAR = WorkingCalendar({**OFF, date(2025, 9, 28): True, date(2025, 10, 11): True}, {2025})
WEEKDAYS = WorkingCalendar({}, set())

DAYS = st.dates(date(2025, 9, 1), date(2025, 10, 31))
LENGTHS = st.integers(1, 40)


def test_the_days_of_both_periods_are_counted_from_the_day_after():
    clock = started(date(2025, 9, 26), 10, 12, CALENDAR)
    assert (clock.due_on, clock.silence_on) == (date(2025, 10, 16), date(2025, 10, 20))
    assert not clock.provisional


def test_a_question_stops_the_clock_on_its_day_and_the_answer_lets_it_run_from_the_next():
    clock = started(date(2025, 9, 26), 10, 12, CALENDAR)
    paused = stopped(clock, date(2025, 9, 29), CALENDAR)  # 28 and 29 September are used
    assert (paused.decide_left, paused.silence_left) == (8, 10)
    onward = resumed(paused, date(2025, 10, 9), CALENDAR)  # 10, 11, 13–17, 20
    assert (onward.due_on, onward.silence_on) == (date(2025, 10, 20), date(2025, 10, 22))


def test_what_is_used_up_stays_used_up():
    clock = started(date(2025, 9, 26), 2, 12, CALENDAR)
    paused = stopped(clock, date(2025, 10, 10), CALENDAR)
    assert paused.decide_left == 0
    onward = resumed(paused, date(2025, 10, 13), CALENDAR)
    assert onward.due_on == date(2025, 9, 29)
    assert is_overdue(onward.due_on, date(2025, 10, 14))


def test_without_rules_nothing_is_due():
    clock = started(date(2025, 9, 26), None, None, CALENDAR)
    assert (clock.due_on, clock.silence_on, clock.provisional) == (None, None, False)
    assert resumed(stopped(clock, date(2025, 9, 29), CALENDAR), date(2025, 10, 9), CALENDAR).due_on is None
    assert not is_overdue(None, date(2030, 1, 1))


@pytest.mark.parametrize(("day", "overdue"), [(date(2025, 10, 16), False), (date(2025, 10, 17), True)])
def test_the_last_day_is_not_overdue(day, overdue):
    assert is_overdue(date(2025, 10, 16), day) is overdue


def test_an_announced_calendar_gives_the_days_anew():
    clock = started(date(2025, 9, 26), 10, 12, WEEKDAYS)
    assert (clock.due_on, clock.provisional) == (date(2025, 10, 10), True)
    known = computed(clock, CALENDAR)
    assert (known.due_on, known.provisional) == (date(2025, 10, 16), False)


@given(DAYS, LENGTHS)
def test_as_many_working_days_lie_between_as_were_added(start, count):
    due = CALENDAR.after(start, count).on
    assert CALENDAR.between(start, due) == count
    assert CALENDAR.between(due, start) == 0


@given(DAYS, LENGTHS, st.integers(0, 30), st.integers(0, 30))
def test_a_pause_moves_the_day_by_exactly_the_working_days_it_lasts(start, count, until_asked, until_answered):
    clock = started(start, count, count + 5, CALENDAR)
    asked = start + timedelta(days=until_asked)
    answered = asked + timedelta(days=until_answered)
    paused = stopped(clock, asked, CALENDAR)
    onward = resumed(paused, answered, CALENDAR)
    assert clock.due_on is not None
    assert onward.due_on is not None
    if paused.decide_left:
        lost = CALENDAR.between(asked, answered)
        assert CALENDAR.between(start, onward.due_on) == count + lost
    else:
        assert onward.due_on == clock.due_on
