"""The regions by which an officer may narrow a list: the parts of where they work, one level at a time."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from institutions.models import Region, User
from institutions.permissions import Permission, regions_for


@dataclass(frozen=True, slots=True)
class RegionChoice:
    """A region to narrow by: its prefix, its name, how deep it lies, whether it is chosen."""

    prefix: str
    name: str
    depth: int
    is_chosen: bool


def prefix_of(code: str) -> str:
    """Return the part of a region's code that everything inside it shares: 150400 → 1504."""
    return code.removesuffix("00").removesuffix("00") if len(code) == 6 else code


def region_choices(user: User, views: Iterable[Permission], chosen: str) -> list[RegionChoice]:
    """Return the parts of the officer's regions, and of the chosen one. One query."""
    held = {prefix for permission in views for prefix in regions_for(user, permission)}
    fits = Q(pk__in=[])
    for prefix in held:
        fits |= _parts(prefix)
        if prefix:
            fits |= Q(code=prefix.ljust(6, "0"))
    if chosen and any(chosen.startswith(prefix) for prefix in held):
        fits |= _parts(chosen) | Q(code=chosen.ljust(6, "0"))
        fits |= Q(code__in=[chosen[:length].ljust(6, "0") for length in (2, 4) if length < len(chosen)])
    rows = Region.objects.filter(fits, is_current=True).order_by("code")
    found = [(prefix_of(row.code), row.name) for row in rows]
    shortest = min((len(prefix) for prefix, _name in found), default=2)
    return [RegionChoice(prefix, name, (len(prefix) - shortest) // 2, prefix == chosen) for prefix, name in found]


def _parts(prefix: str) -> Q:
    """The regions one level below: provinces of the country, prefectures of a province, counties of a prefecture."""
    match len(prefix):
        case 0:
            return Q(code__endswith="0000")
        case 2:
            return Q(code__startswith=prefix, code__endswith="00") & ~Q(code__endswith="0000")
        case 4:
            return Q(code__startswith=prefix) & ~Q(code__endswith="00")
    return Q(pk__in=[])
