"""Loading an announced working calendar that the product does not ship yet, or correcting one that it does."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from institutions import permissions
from institutions.calendar_file import CalendarFault, CalendarRow, read_calendar
from institutions.errors import Invalid
from institutions.json_types import JsonObject
from institutions.models import CalendarDay, User
from institutions.permissions import WHOLE_COUNTRY, Permission
from institutions.services import audit
from institutions.services.working_calendar import NATIONAL_DAY
from institutions.working_days import SATURDAY


class CalendarRefused(Invalid):
    """The file is not a calendar that can be loaded; `errors` says row by row why. Nothing was loaded."""

    code = "calendar-refused"


@dataclass(frozen=True, slots=True)
class CalendarUpload:
    """How many days changed, and which years are announced by it for the first time."""

    changed: int
    announced: tuple[int, ...]


@transaction.atomic
def upload_calendar(*, data: bytes, by: User | None, now: datetime) -> CalendarUpload:
    """Load the days of a CSV (`date,is_working,source`), all or none; the same file again changes nothing.

    A year that was not announced becomes so: its other days are worked Monday to Friday. Its file has to name National
    Day, so that half an announcement is not taken for a whole one. Refuses (`CalendarRefused`) naming row, column and
    value. For those who hold calendar.load over the whole country, since the calendar is national.
    """
    permissions.ensure_permission(by, Permission.CALENDAR_LOAD, region=WHOLE_COUNTRY)
    rows, faults = read_calendar(data)
    new_years = _years_not_announced(rows)
    faults += _incomplete(rows, new_years)
    if faults or not rows:
        raise CalendarRefused(
            _("The calendar was not loaded."),
            errors=[_as_error(fault) for fault in faults],
            next_step=_("Mend the rows that are named, and load the whole file again."),
        )
    changed = _write(_whole(rows, new_years))
    if changed:
        audit.record_event(
            action="calendar.loaded",
            subject="calendar:" + ",".join(str(year) for year in sorted({row.on.year for row in rows})),
            by=by,
            now=now,
            detail={
                "days": changed,
                "announced": list(new_years),
                "sources": sorted({row.source for row in rows}),
            },
        )
    return CalendarUpload(changed, new_years)


def _years_not_announced(rows: Iterable[CalendarRow]) -> tuple[int, ...]:
    years = sorted({row.on.year for row in rows})
    return tuple(year for year in years if not CalendarDay.objects.filter(on__year=year).exists())


def _incomplete(rows: Iterable[CalendarRow], new_years: Iterable[int]) -> list[CalendarFault]:
    off = {row.on for row in rows if not row.is_working}
    return [
        CalendarFault(1, "date", date(year, *NATIONAL_DAY).isoformat(), "national-day-missing")
        for year in new_years
        if date(year, *NATIONAL_DAY) not in off
    ]


def _whole(rows: list[CalendarRow], new_years: Iterable[int]) -> dict[date, tuple[bool, str]]:
    """The days of the file, and the ordinary days of the years it announces, each with its source."""
    days: dict[date, tuple[bool, str]] = {}
    for year in new_years:
        source = next(row.source for row in rows if row.on.year == year)
        day = date(year, 1, 1)
        while day.year == year:
            days[day] = (day.weekday() < SATURDAY, source)
            day += timedelta(days=1)
    return days | {row.on: (row.is_working, row.source) for row in rows}


def _write(days: dict[date, tuple[bool, str]]) -> int:
    known = {
        on: (worked, source)
        for on, worked, source in CalendarDay.objects.filter(on__in=days).values_list("on", "is_working", "source")
    }
    changed = [
        CalendarDay(on=on, is_working=worked, source=source)
        for on, (worked, source) in days.items()
        if known.get(on) != (worked, source)
    ]
    if changed:
        CalendarDay.objects.bulk_create(
            changed, update_conflicts=True, unique_fields=["on"], update_fields=["is_working", "source"]
        )
    return len(changed)


def _as_error(fault: CalendarFault) -> JsonObject:
    return {
        "row": fault.line,
        "field": fault.column,
        "value": fault.value,
        "code": fault.code,
        "message": _reasons()[fault.code],
    }


def _reasons() -> dict[str, str]:
    return {
        "column-missing": _("The column is missing from the heading."),
        "not-a-date": _("Not a date like 2027-10-01."),
        "twice": _("The day is named twice."),
        "not-yes-or-no": _("Say true or false: whether the day is worked."),
        "no-source": _("Name the announcement, in at most 200 characters."),
        "too-many-rows": _("There are more rows than a calendar has days."),
        "national-day-missing": _("The year is not announced yet, and its National Day is missing: give all its days."),
    }
