"""Working days by the announced calendar, as the database knows it."""

from dataclasses import dataclass
from datetime import date, timedelta

from institutions.models import CalendarDay
from institutions.working_days import Deadline, add_working_days

DAYS_PER_WORKING_DAY = 2
LONGEST_HOLIDAYS = 60


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days known between two dates, and the years among them that are announced."""

    days: dict[date, bool]
    published_years: frozenset[int]

    def deadline(self, start: date, count: int) -> Deadline:
        """Return the `count`-th working day after `start`, which must lie in the span this was loaded for."""
        return add_working_days(start, count, self.days, self.published_years)


def load_calendar(start: date, working_days: int) -> Calendar:
    """Return the calendar from `start` on, long enough for this many working days; one query."""
    end = start + timedelta(days=working_days * DAYS_PER_WORKING_DAY + LONGEST_HOLIDAYS)
    days = dict(CalendarDay.objects.filter(on__range=(start, end)).values_list("on", "is_working"))
    return Calendar(days=days, published_years=frozenset(day.year for day in days))


def deadline(start: date, count: int) -> Deadline:
    """Return the `count`-th working day after `start`; provisional while a year on the way is not announced."""
    return load_calendar(start, count).deadline(start, count)
