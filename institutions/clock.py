"""The one clock. Doors (views, commands, tasks) read it once and pass `now` down; services never call it.

In the demonstration and in tests the clock may be moved: its position is a database row, so that the web process,
the worker and every command agree on it. Everywhere else it is the real time, whatever the row says.
"""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

from institutions.errors import ClockNotMovable
from institutions.models.clock_position import ClockPosition

SHANGHAI = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """Return the present instant in UTC: the moved clock's where it may be moved, else the real one."""
    if settings.CLOCK_MOVABLE:
        position = ClockPosition.objects.filter(pk=ClockPosition.ONLY_ROW).first()
        if position is not None:
            return position.frozen_at.astimezone(UTC)
    return timezone.now()


def real_now() -> datetime:
    """Return the real instant, never a moved clock's: for what guards the door (codes, lock-outs, sessions)."""
    return timezone.now()


def day_of_run(for_date: str | None) -> date:
    """Return the Shanghai date that a job is run for: the ISO date given, else today."""
    return date.fromisoformat(for_date) if for_date else today()


def local_date(instant: datetime) -> date:
    """Return the Shanghai date on which an aware instant falls."""
    if instant.tzinfo is None:
        raise ValueError("An instant without a time zone has no Shanghai date.")
    return instant.astimezone(SHANGHAI).date()


def today() -> date:
    """Return the present Shanghai date."""
    return local_date(now())


def start_of(day: date) -> datetime:
    """Return the instant at which a Shanghai date begins."""
    return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI).astimezone(UTC)


def move_to(instant: datetime) -> None:
    """Freeze the clock at an aware instant; refused unless the settings allow a movable clock."""
    _ensure_movable()
    if instant.tzinfo is None:
        raise ValueError("The clock is moved to an instant with a time zone.")
    ClockPosition.objects.update_or_create(pk=ClockPosition.ONLY_ROW, defaults={"frozen_at": instant})


def release() -> None:
    """Let the clock run with the real time again; refused unless the settings allow a movable clock."""
    _ensure_movable()
    ClockPosition.objects.all().delete()


def _ensure_movable() -> None:
    if not settings.CLOCK_MOVABLE:
        raise ClockNotMovable()
