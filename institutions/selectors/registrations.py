"""Who is registered where, for those who may know."""

from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from institutions import permissions
from institutions.models import Registration, User
from institutions.permissions import Permission


def visible_to(user: User | AnonymousUser | None) -> QuerySet[Registration]:
    """Return the registrations at institutions over which a user may see them, by institution and person."""
    places = permissions.institutions_for(user, Permission.REGISTRATION_VIEW)
    return (
        Registration.objects.filter(institution__in=places)
        .select_related("institution", "practitioner")
        .prefetch_related("practitioner__codes")
        .order_by("institution__code", "practitioner__name", "starts_on", "id")
    )


def running_on(registrations: QuerySet[Registration], on: date) -> QuerySet[Registration]:
    """Narrow registrations to those that run on a day."""
    return registrations.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on), starts_on__lte=on)
