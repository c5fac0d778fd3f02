"""Date arithmetic of measures: when one starts and what its last day is.

Months are calendar months counted from the day before the start (Civil Code art. 200–202): the last
day is the day of that number, or the month's last day where there is none.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Term:
    """A run of days, both ends included, with the anchor from which its months were counted."""

    starts_on: date
    ends_on: date
    anchor: date


def add_months(day: date, months: int) -> date:
    """The day ``months`` calendar months later, or that month's last day where there is none."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def normal_start(effect_starts: str, effective_on: date) -> tuple[date, date]:
    """(first day, anchor) of a measure that starts normally after a decision effective that day."""
    if effect_starts == "decision_day":
        return effective_on, effective_on
    if effect_starts == "next_day":
        return effective_on + ONE_DAY, effective_on
    if effect_starts == "next_month":
        first = add_months(effective_on.replace(day=1), 1)
        return first, first - ONE_DAY
    raise ValueError(f"unknown effect_starts: {effect_starts!r}")


def last_day(effect_starts: str, starts_on: date, anchor: date, months: int) -> date:
    """The last day of ``months`` months; whole months under next_month from the first of a month."""
    if effect_starts == "next_month" and starts_on.day == 1:
        return add_months(starts_on, months) - ONE_DAY
    return add_months(anchor, months)


def term(effect_starts: str, effective_on: date, months: int, not_before: date | None = None) -> Term:
    """The term of a measure of ``months`` months.

    ``not_before`` is the earliest first day (the day after an earlier suspension of the same year
    ends); the normal start counts where it is later.
    """
    starts_on, anchor = normal_start(effect_starts, effective_on)
    if not_before is not None and not_before > starts_on:
        starts_on, anchor = not_before, not_before - ONE_DAY
    return Term(starts_on, last_day(effect_starts, starts_on, anchor, months), anchor)
