"""The clock of an appeal, in working days: when it is due, when silence opens the second level. Pure; no Django.

The clock runs from the day after filing. A question to the person stops it on the day it is asked, which still counts;
it runs on from the day after the answer. What is left is kept as a number of working days, so that the days can be
computed again when a calendar is announced.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from institutions.working_days import Deadline, add_working_days, is_working_day


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """Days that are known to be worked or not, and the years that are announced."""

    days: Mapping[date, bool]
    published_years: Collection[int]

    def after(self, start: date, count: int) -> Deadline:
        """Return the `count`-th working day after `start`."""
        return add_working_days(start, count, self.days, self.published_years)

    def between(self, start: date, end: date) -> int:
        """Return how many working days lie after `start`, up to and with `end`; 0 where `end` is not later."""
        span = (start + timedelta(days=offset) for offset in range(1, (end - start).days + 1))
        return sum(is_working_day(day, self.days, self.published_years) for day in span)


@dataclass(frozen=True, slots=True)
class Clock:
    """Working days left from the day after `from_on`, and the days that they lead to; None where nothing limits them.

    `due_on` is the last day for the outcome, `silence_on` the last day of waiting before the second level opens.
    """

    from_on: date
    decide_left: int | None
    silence_left: int | None
    due_on: date | None
    silence_on: date | None
    provisional: bool


def started(on: date, decide_days: int | None, silence_days: int | None, calendar: WorkingCalendar) -> Clock:
    """Return the clock of an appeal that came in on a day; None for days that the rules do not limit."""
    return computed(Clock(on, decide_days, silence_days, None, None, False), calendar)


def computed(clock: Clock, calendar: WorkingCalendar) -> Clock:
    """Return the clock with its days computed by a calendar; a period that is used up keeps its day."""
    due, silence = (
        calendar.after(clock.from_on, left) if left else None for left in (clock.decide_left, clock.silence_left)
    )
    return replace(
        clock,
        due_on=due.on if due else clock.due_on,
        silence_on=silence.on if silence else clock.silence_on,
        provisional=any(deadline.provisional for deadline in (due, silence) if deadline),
    )


def stopped(clock: Clock, on: date, calendar: WorkingCalendar) -> Clock:
    """Return what is left when the clock stops at the end of a day."""
    return replace(
        clock,
        from_on=on,
        decide_left=None if clock.due_on is None else calendar.between(on, clock.due_on),
        silence_left=None if clock.silence_on is None else calendar.between(on, clock.silence_on),
    )


def resumed(clock: Clock, on: date, calendar: WorkingCalendar) -> Clock:
    """Return the clock that runs on from the day after `on` with what was left."""
    return computed(replace(clock, from_on=on), calendar)


def is_overdue(due_on: date | None, on: date) -> bool:
    """Say whether the last day for the outcome has passed."""
    return due_on is not None and on > due_on
