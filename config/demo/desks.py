"""The service desks of the demonstration: plainly fictional, so that nobody calls a real number."""

import csv
from datetime import date, datetime
from pathlib import Path

from institutions.models import ServiceDesk
from institutions.services.service_desks import DeskData, add_desk

DESKS = Path(__file__).resolve().parents[2] / "institutions" / "demo_data" / "service_desks.csv"
FIRST_DAY = date(2025, 1, 1)


def name_desks(*, now: datetime) -> None:
    """Name each desk of the file that is not named yet, from the first day of the demonstration on."""
    with DESKS.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            prefix = row.pop("region_prefix")
            if not ServiceDesk.objects.filter(region_prefix=prefix).exists():
                add_desk(region_prefix=prefix, starts_on=FIRST_DAY, desk=DeskData(**row), by=None, now=now)
