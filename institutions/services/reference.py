"""Loads what the product ships with: regions, roles, the working calendar. Set-based and safe to run again."""

import csv
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

from django.db import transaction
from gb2260.data import data as gb2260_revisions
from gb2260.division import make_year_key

from institutions import published_files
from institutions.models import Region, Role
from institutions.roles import BUILTIN_ROLES
from institutions.services import audit, working_calendar

SUPPLEMENT = Path(__file__).resolve().parents[1] / "data" / "regions_supplement.csv"
CURRENT_REVISION = None  # gb2260's key for the newest revision it holds


@dataclass(frozen=True, slots=True)
class ReferenceReport:
    """How many rows of each kind were inserted or changed."""

    regions: int
    roles: int
    calendar_days: int

    @property
    def total(self) -> int:
        """Return the number of rows that changed."""
        return self.regions + self.roles + self.calendar_days


@transaction.atomic
def load_reference_data(*, now: datetime) -> ReferenceReport:
    """Bring regions, built-in roles and the calendar up to what the product ships; report what changed.

    Regions and days are never removed, since history names them. Roles that the administration made are left alone.
    """
    report = ReferenceReport(
        regions=_load_regions(), roles=_load_roles(), calendar_days=working_calendar.load_calendar()
    )
    if report.total:
        audit.record_event(
            action="reference.loaded",
            subject="reference:institutions",
            by=None,
            now=now,
            detail={"regions": report.regions, "roles": report.roles, "calendar_days": report.calendar_days},
        )
    return report


def shipped_regions() -> list[Region]:
    """Return every division that GB/T 2260 has had, under its newest name; those no longer in it are marked."""
    names: dict[str, str] = {}
    for _, divisions in sorted(gb2260_revisions.items(), key=lambda item: make_year_key(item[0])):
        names |= {f"{code:06d}": name for code, name in divisions.items()}
    current = {f"{code:06d}" for code in gb2260_revisions[CURRENT_REVISION]}
    names |= later_regions()
    current |= set(later_regions())
    return [
        Region(code=code, name=names[code], parent_id=_parent(code, names), is_current=code in current)
        for code in sorted(names)
    ]


@cache
def later_regions() -> dict[str, str]:
    """Return divisions that are younger than the newest revision in the package: code → name."""
    with SUPPLEMENT.open(encoding="utf-8", newline="") as stream:
        return {row["code"]: row["name"] for row in csv.DictReader(stream)}


def _parent(code: str, names: dict[str, str]) -> str | None:
    for above in (code[:4] + "00", code[:2] + "0000"):
        if above != code and above in names:
            return above
    return None


def _load_regions() -> int:
    known = {
        code: (name, parent, current)
        for code, name, parent, current in Region.objects.values_list("code", "name", "parent_id", "is_current")
    }
    changed = [
        region
        for region in shipped_regions()
        if known.get(region.code) != (region.name, region.parent_id, region.is_current)
    ]
    if changed:
        Region.objects.bulk_create(
            changed,
            update_conflicts=True,
            unique_fields=["code"],
            update_fields=["name", "parent", "is_current"],
        )
        published_files.withdraw_all()  # pages name places; the database takes them out of service by itself
    return len(changed)


def _load_roles() -> int:
    shipped = [
        Role(
            code=role.code,
            name=role.name,
            scope=role.scope,
            permissions=sorted(item.value for item in role.permissions),
            is_builtin=True,
        )
        for role in BUILTIN_ROLES
    ]
    known = {role.code: (role.name, role.scope, role.permissions, role.is_builtin) for role in Role.objects.all()}
    changed = [
        role for role in shipped if known.get(role.code) != (role.name, role.scope, role.permissions, role.is_builtin)
    ]
    if changed:
        Role.objects.bulk_create(
            changed,
            update_conflicts=True,
            unique_fields=["code"],
            update_fields=["name", "scope", "permissions", "is_builtin"],
        )
    return len(changed)
