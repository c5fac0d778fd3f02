"""Working-day arithmetic on the Chinese calendar. Pure; no Django, no clock.

Days off and make-up working days are announced by the State Council year by year. A year not yet announced counts
Monday to Friday, and the result is marked provisional so that it can be computed again when the calendar comes.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day of a period of working days; `provisional` while a year it runs through is not announced."""

    on: date
    provisional: bool


def is_working_day(day: date, calendar: Mapping[date, bool], published_years: Collection[int]) -> bool:
    """Say whether a day is worked: by the announced calendar, else Monday to Friday."""
    if day.year in published_years:
        return calendar.get(day, day.weekday() < SATURDAY)
    return day.weekday() < SATURDAY


def add_working_days(
    start: date, count: int, calendar: Mapping[date, bool], published_years: Collection[int]
) -> Deadline:
    """Return the `count`-th working day after `start`; day 1 is the first working day after it (count ≥ 1).

    The calendar maps days of announced years to whether they are worked; days it does not name are weekdays or not.
    """
    if count < 1:
        raise ValueError("A period of working days has at least one day.")
    day, left, provisional = start, count, False
    while left:
        day += timedelta(days=1)
        provisional = provisional or day.year not in published_years
        if is_working_day(day, calendar, published_years):
            left -= 1
    return Deadline(on=day, provisional=provisional)
