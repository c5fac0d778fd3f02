"""Users, as an administrator of a region may see and manage them."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from institutions import permissions
from institutions.models import RoleAssignment, User
from institutions.permissions import Permission


def assignments_within(administrator: User) -> QuerySet[RoleAssignment]:
    """Return the role assignments over regions and institutions that an administrator manages."""
    if administrator.is_superuser:
        return RoleAssignment.objects.all()
    prefixes = permissions.regions_for(administrator, Permission.USER_MANAGE)
    return RoleAssignment.objects.filter(_inside(prefixes))


def manageable_by(administrator: User) -> QuerySet[User]:
    """Return the users an administrator may manage: no superusers, and nobody who holds a role elsewhere.

    A user without any role may be managed by every administrator, so that new ones can be given their first.
    """
    if administrator.is_superuser and administrator.is_active:
        return User.objects.all()
    prefixes = permissions.regions_for(administrator, Permission.USER_MANAGE)
    if not prefixes:
        return User.objects.none()
    elsewhere = RoleAssignment.objects.filter(user=OuterRef("pk")).exclude(
        pk__in=RoleAssignment.objects.filter(_inside(prefixes)).values("pk")
    )
    return User.objects.filter(~Exists(elsewhere), is_superuser=False)


def _inside(prefixes: list[str]) -> Q:
    over_region = Q(pk__in=[])
    for prefix in prefixes:
        over_region |= Q(institution__isnull=True, region_prefix__startswith=prefix)
    return over_region | permissions.within(prefixes, "institution__region")
