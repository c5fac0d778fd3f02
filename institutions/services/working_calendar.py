"""Loads the announced working calendar (State Council notices, from the package `chinesecalendar`)."""

from datetime import date, timedelta

from chinese_calendar import constants
from django.db import transaction

from institutions.models import CalendarDay
from institutions.working_days import SATURDAY

NATIONAL_DAY = (10, 1)


@transaction.atomic
def load_calendar() -> int:
    """Insert or correct the days of every announced year; return how many rows changed. Safe to run again.

    A day that an officer loaded from an announcement (`calendar_upload`) is left as it is.
    """
    announced = announced_days()
    known = dict(CalendarDay.objects.values_list("on", "is_working"))
    loaded = set(CalendarDay.objects.exclude(source="").values_list("on", flat=True))
    changed = [
        CalendarDay(on=day, is_working=worked)
        for day, worked in announced.items()
        if known.get(day) is not worked and day not in loaded
    ]
    if changed:
        CalendarDay.objects.bulk_create(
            changed, update_conflicts=True, unique_fields=["on"], update_fields=["is_working"]
        )
    return len(changed)


def announced_days() -> dict[date, bool]:
    """Return every day of every announced year and whether it is worked, make-up days included."""
    days: dict[date, bool] = {}
    for year in _announced_years():
        day = date(year, 1, 1)
        while day.year == year:
            days[day] = _is_worked(day)
            day += timedelta(days=1)
    return days


def _announced_years() -> list[int]:
    years = range(min(constants.holidays).year, max(constants.holidays).year + 1)
    return [year for year in years if date(year, *NATIONAL_DAY) in constants.holidays]


def _is_worked(day: date) -> bool:
    if day in constants.workdays:
        return True
    return day.weekday() < SATURDAY and day not in constants.holidays
