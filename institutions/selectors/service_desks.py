"""Whom a person may ask, by region and day."""

from dataclasses import dataclass
from datetime import date

from institutions.models import ServiceDesk


@dataclass(frozen=True, slots=True)
class Desk:
    """A service desk as a letter or page names it, in one language; `found` is false where none is on record."""

    authority: str
    phone: str
    address: str
    hours: str
    support_line: str
    support_hours: str
    found: bool = True


NONE = Desk("", "", "", "", "", "", found=False)


def row_for(region_code: str, on: date) -> ServiceDesk | None:
    """Return the row of the longest prefix of a region (GB/T 2260) that is valid on a day; the latest of its days."""
    prefixes = [region_code[:length] for length in range(0, len(region_code) + 1, 2)]
    rows = list(ServiceDesk.objects.filter(region_prefix__in=prefixes, starts_on__lte=on))
    return max(rows, key=lambda row: (len(row.region_prefix), row.starts_on, row.pk), default=None)


def desk_for(region_code: str, *, on: date, english: bool = False) -> Desk:
    """Return the desk of a region on a day in one of the two languages; an empty one where none is on record."""
    row = row_for(region_code, on)
    if row is None:
        return NONE
    return Desk(
        authority=(row.authority_en if english else "") or row.authority,
        phone=row.phone,
        address=(row.address_en if english else "") or row.address,
        hours=(row.hours_en if english else "") or row.hours,
        support_line=row.support_line,
        support_hours=(row.support_hours_en if english else "") or row.support_hours,
    )
