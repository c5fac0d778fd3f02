"""Who stands in for whom: as their pages, the home page and the queues show it."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.db.models import Q, QuerySet

from institutions import permissions
from institutions.models import Delegation, Region, RoleAssignment, RoleScope, User
from institutions.permissions import WHOLE_COUNTRY, Permission
from institutions.selectors import users


class Standing(StrEnum):
    """Where a delegation stands on a day."""

    COMING = "coming"
    RUNNING = "running"
    OVER = "over"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class StandIn:
    """What a deputy holds for somebody now: whose, until when, and by which roles where."""

    who: str
    until: date
    roles: tuple[str, ...]


def standing_of(delegation: Delegation, *, on: date) -> Standing:
    """Return where a delegation stands on a Shanghai date."""
    if delegation.withdrawn_at is not None:
        return Standing.WITHDRAWN
    if on < delegation.starts_on:
        return Standing.COMING
    return Standing.RUNNING if on <= delegation.ends_on else Standing.OVER


def visible_to(reader: User) -> Q:
    """Return the condition that a delegation is one's own, on either side, or of somebody one manages or oversees."""
    return Q(delegator=reader) | Q(deputy=reader) | Q(delegator__in=users.visible_to(reader).values("pk"))


def own_of(user: User, *, on: date) -> QuerySet[Delegation]:
    """Return the delegations that a user gave or holds and that are not over, the first to end first."""
    mine = Delegation.objects.filter(Q(delegator=user) | Q(deputy=user), withdrawn_at__isnull=True, ends_on__gte=on)
    return mine.select_related("delegator", "deputy").order_by("ends_on", "pk")


def stand_ins(user: User, asked: tuple[Permission, ...] = ()) -> list[StandIn]:
    """Return for whom a user stands in now; with permissions, only where a role handed on includes one of them."""
    found = []
    for delegation in permissions.standing_in(user):
        held = permissions.held_for(delegation)
        if asked:
            held = [item for item in held if any(item.includes(permission) for permission in asked)]
        if held or not asked:
            roles = tuple(
                f"{item.assignment.role.name} {_place(item.assignment.region_prefix)}".strip() for item in held
            )
            found.append(StandIn(delegation.delegator.get_full_name(), delegation.ends_on, roles))
    return found


def _place(prefix: str) -> str:
    """Return the name of the region that a prefix stands for; "" for the whole country."""
    names = Region.objects.filter(code=prefix.ljust(6, "0")).values_list("name", flat=True) if prefix else ()
    return next(iter(names), prefix)


def possible_deputies(delegators: QuerySet[User]) -> QuerySet[User]:
    """Return the active officers with a role over a region that contains, or lies within, one of the delegators'."""
    over_region = RoleAssignment.objects.filter(institution__isnull=True, role__scope=RoleScope.REGION)
    prefixes = set(over_region.filter(user__in=delegators.values("pk")).values_list("region_prefix", flat=True))
    near = Q(pk__in=[])
    for prefix in prefixes:
        around = [prefix[:length] for length in range(0, len(prefix), 2)]
        near |= Q(region_prefix__startswith=prefix) | Q(region_prefix__in=around)
    found = over_region.filter(near) if WHOLE_COUNTRY not in prefixes else over_region
    return User.objects.filter(pk__in=found.values("user"), is_active=True, is_staff=True, is_superuser=False)
