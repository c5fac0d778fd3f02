"""Working days by the announced calendar, as the database knows it."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from institutions.models import CalendarDay
from institutions.working_days import SATURDAY, Deadline, add_working_days

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


@dataclass(frozen=True, slots=True)
class CalendarSource:
    """Where the working days of one year come from; `announced` is false where weekdays were counted for want of it."""

    year: int
    announced: bool
    text: str


@dataclass(frozen=True, slots=True)
class CountedDays:
    """How a deadline was counted: the sources by year, the weekdays off and the weekend days worked on the way."""

    sources: tuple[CalendarSource, ...]
    days_off: tuple[date, ...]
    make_up_days: tuple[date, ...]


def counted_days(start: date, on: date) -> CountedDays:
    """Explain the working days after `start` up to and with `on`, for the page or letter that shows the deadline."""
    rows = CalendarDay.objects.filter(on__range=(start + timedelta(days=1), on)).values_list(
        "on", "is_working", "source"
    )
    known = list(rows.order_by("on"))
    named: dict[int, str] = {}
    for day, _worked, source in known:
        named[day.year] = named.get(day.year) or source
    years = range((start + timedelta(days=1)).year, on.year + 1)
    return CountedDays(
        sources=tuple(CalendarSource(year, year in named, _source_text(year, named)) for year in years),
        days_off=tuple(day for day, worked, _source in known if not worked and day.weekday() < SATURDAY),
        make_up_days=tuple(day for day, worked, _source in known if worked and day.weekday() >= SATURDAY),
    )


def _source_text(year: int, named: dict[int, str]) -> str:
    if year not in named:
        return _(
            "The calendar of %(year)s is not announced yet: Monday to Friday were counted. The deadline may move "
            "later, never earlier."
        ) % {"year": year}
    if named[year]:
        return named[year]
    return _("State Council announcement of the holidays of %(year)s (as kept by chinesecalendar)") % {"year": year}
