"""The repairs and new registrations that an officer, or an institution's HR, may see."""

from django.db.models import Q, QuerySet

from cases.models import RepairApplication, ReregistrationApplication
from institutions import permissions
from institutions.models import User
from institutions.permissions import Permission


def repairs_visible_to(user: User) -> QuerySet[RepairApplication]:
    """Return the applications to earn points back in the regions where a user enters or decides them, latest first."""
    wanted = (Permission.REPAIR_ENTER, Permission.REPAIR_DECIDE, Permission.OVERSIGHT)
    rows = RepairApplication.objects.filter(_within(user, *wanted))
    return rows.select_related("practitioner", "institution").prefetch_related("attempts", "files")


def reregistrations_visible_to(user: User) -> QuerySet[ReregistrationApplication]:
    """Return the applications to be registered anew at places where a user enters or decides them, latest first."""
    entered = Q(institution__in=permissions.institutions_for(user, Permission.REREGISTRATION_ENTER))
    decided = _within(user, Permission.REREGISTRATION_DECIDE, Permission.OVERSIGHT)
    rows = ReregistrationApplication.objects.filter(entered | decided)
    return rows.select_related("practitioner", "institution", "registration").prefetch_related("files")


def _within(user: User, *wanted: Permission) -> Q:
    prefixes = {prefix for item in wanted for prefix in permissions.regions_for(user, item)}
    return permissions.within(sorted(prefixes), "institution__region")
