"""A calendar that was announced: its days, and the statement windows that waited for them."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from cases.services import appeal_watch, deadlines
from institutions.models import User
from institutions.services import calendar_upload


@dataclass(frozen=True, slots=True)
class CalendarLoaded:
    """How many days changed, which years are announced for the first time, how many deadlines were renewed.

    Deadlines are statement windows and the dates of open appeals.
    """

    changed: int
    announced: tuple[int, ...]
    deadlines_renewed: int


@transaction.atomic
def load_calendar(*, data: bytes, by: User | None, now: datetime) -> CalendarLoaded:
    """Load the days of a CSV and compute provisional deadlines again, never to an earlier day; return what changed.

    Refuses as `calendar_upload.upload_calendar` does. The renewal follows from the calendar, whoever loads it.
    """
    upload = calendar_upload.upload_calendar(data=data, by=by, now=now)
    renewed = 0
    if upload.changed:
        renewed = deadlines.recompute_provisional_deadlines(by=None, now=now)
        renewed += appeal_watch.recompute_provisional_dates(by=None, now=now)
    return CalendarLoaded(upload.changed, upload.announced, renewed)
