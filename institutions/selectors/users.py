"""Users, as an administrator of a region may see and manage them."""

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet

from institutions import clock, permissions
from institutions.models import Delegation, RoleAssignment, SecondFactor, User
from institutions.permissions import Permission


def assignments_within(administrator: User) -> QuerySet[RoleAssignment]:
    """Return the role assignments over regions and institutions that somebody manages, or oversees."""
    if administrator.is_superuser:
        return RoleAssignment.objects.all()
    prefixes = permissions.regions_for(administrator, Permission.USER_MANAGE)
    return RoleAssignment.objects.filter(_inside([*prefixes, *_overseen(administrator)]))


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


def officers_managed(by: User) -> QuerySet[User]:
    """Return the active officers for whom somebody may name a deputy: themselves, and those whom they manage."""
    managed = Q(pk=by.pk) | Q(pk__in=manageable_by(by).values("pk"))
    return User.objects.filter(managed, is_active=True, is_staff=True, is_superuser=False).order_by("username")


def visible_to(reader: User) -> QuerySet[User]:
    """Return the users that somebody may manage, and those with a role in the regions that they oversee."""
    manageable, overseen = manageable_by(reader), _overseen(reader)
    if not overseen:
        return manageable
    return User.objects.filter(Q(pk__in=manageable.values("pk")) | Q(pk__in=working_within(overseen).values("pk")))


def working_within(prefixes: list[str]) -> QuerySet[User]:
    """Return the users who hold a role over a region, or an institution, within the prefixes."""
    return User.objects.filter(Exists(RoleAssignment.objects.filter(_inside(prefixes), user=OuterRef("pk"))))


def officer_named(username: str) -> User | None:
    """Return the active officer of a user name, None where there is none."""
    return User.objects.filter(username=username, is_staff=True, is_active=True).first()


def holders(permission: Permission, *, region: str) -> QuerySet[User]:
    """Return the active officers who hold a permission over a region, by a role or as somebody's deputy, by name."""
    prefixes = [region[:length] for length in range(len(region) + 1)]
    held = RoleAssignment.objects.filter(
        role__permissions__contains=[permission.value], institution__isnull=True, region_prefix__in=prefixes
    )
    holding = Q(pk__in=held.values("user"))
    if permission not in permissions.NOT_DELEGATED:
        away = held.filter(user__is_active=True, user__is_staff=True).values("user")
        running = Delegation.objects.filter(permissions.running_on(clock.today()), delegator__in=away)
        holding |= Q(pk__in=running.values("deputy"), is_staff=True)
    return User.objects.filter(holding, is_active=True).order_by("username")


def needs_second_factor(user: User) -> bool:
    """Say whether a user may not log in without a second factor: officers, unless this is a demonstration."""
    return user.is_staff and settings.SECOND_FACTOR_DEMANDED


def has_second_factor(user: User) -> bool:
    """Say whether a user has enrolled a second factor."""
    return SecondFactor.objects.filter(user=user).exists()


def region_of(user: User) -> str:
    """Return the smallest GB/T 2260 prefix in which every role of a user lies; "" is the whole country, or no role."""
    held = RoleAssignment.objects.filter(user=user).values_list("region_prefix", "institution__region_id")
    places = {place or prefix for prefix, place in held}
    common = ""
    for length in (2, 4, 6):
        starts = {place[:length] for place in places if len(place) >= length}
        if len(starts) != 1 or any(len(place) < length for place in places):
            break
        common = starts.pop()
    return common


def _overseen(reader: User) -> list[str]:
    return permissions.regions_for(reader, Permission.OVERSIGHT)


def _inside(prefixes: list[str]) -> Q:
    over_region = Q(pk__in=[])
    for prefix in prefixes:
        over_region |= Q(institution__isnull=True, region_prefix__startswith=prefix)
    return over_region | permissions.within(prefixes, "institution__region")
