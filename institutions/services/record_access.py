"""Writing down who looked at a person's record. A few statements for any number of persons; nothing is locked."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from institutions import permissions
from institutions.clock import local_date
from institutions.models import AccessDoor, RecordAccess, RoleAssignment, User
from institutions.permissions import Permission
from institutions.services import lookup_counts


def note_access(
    *,
    practitioners: Collection[UUID],
    door: AccessDoor,
    permission: Permission,
    by: User,
    now: datetime,
    held: RoleAssignment | None = None,
) -> None:
    """Write down that a user looked at these persons' records; the second time on a day changes nothing.

    `permission` is what the user looked by: the role that grants it, and the region or institution over which it is
    held, are what the person will read. A door that knows the assignment gives it (`held`). The door has made sure that
    the user may.
    """
    known = RecordAccess.objects.filter(practitioner__in=practitioners, by=by, door=door, on=local_date(now))
    fresh = set(practitioners) - set(known.values_list("practitioner_id", flat=True)) if practitioners else set()
    if not fresh:
        return
    held = held or permissions.granting(by, permission)
    rows = [
        RecordAccess(
            practitioner_id=practitioner,
            door=door,
            on=local_date(now),
            at=now,
            role=held.role_id if held else "",
            institution=held.institution if held else None,
            region_prefix=held.region_prefix if held else "",
            by=by,
        )
        for practitioner in sorted(fresh)
    ]
    RecordAccess.objects.bulk_create(rows, ignore_conflicts=True)


def count_lookup(*, slug: str, now: datetime) -> None:
    """Count one opening of the public scorecard with this public id. Nothing is kept of who opened it."""
    lookup_counts.GATHERED.add(slug, local_date(now))
