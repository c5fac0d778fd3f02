"""Which regions try the system out on a day."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q

from institutions.models import PilotRegion


def running(on: date) -> list[PilotRegion]:
    """Return the pilots that run on a Shanghai date."""
    return list(PilotRegion.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on), starts_on__lte=on))


def prefixes(on: date) -> tuple[str, ...]:
    """Return the prefixes of the regions in pilot on a Shanghai date; a code that begins with one is in pilot."""
    return tuple(pilot.region_prefix for pilot in running(on))


def any_in_pilot(region_codes: Iterable[str], on: date) -> bool:
    """Say whether any of the regions (GB/T 2260 codes) lies in one that is in pilot on a Shanghai date."""
    begun = prefixes(on)
    return bool(begun) and any(code.startswith(begun) for code in region_codes)


def is_in_pilot(region_code: str, on: date) -> bool:
    """Say whether a region lies in one that is in pilot on a Shanghai date."""
    return any_in_pilot([region_code], on)


def first_days(after: date) -> list[date]:
    """Return the days after `after` on which some pilot begins or is over for the first time."""
    spans = PilotRegion.objects.filter(Q(starts_on__gt=after) | Q(ends_on__gte=after))
    days: set[date] = set()
    for pilot in spans:
        days.add(pilot.starts_on)
        if pilot.ends_on is not None:
            days.add(date.fromordinal(pilot.ends_on.toordinal() + 1))
    return sorted(day for day in days if day > after)
