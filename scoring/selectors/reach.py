"""Which officers may look into a person's account: those whose ledger region reaches the person."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.utils.translation import gettext as _

from institutions.errors import Forbidden
from institutions.models import Institution, Practitioner, User
from institutions.permissions import Permission, ensure_permission, has_permission
from scoring.models import PointsEntry


def ensure_may_view_ledger(user: User | AnonymousUser, practitioner: Practitioner) -> None:
    """Raise `Forbidden` unless the user holds ledger.view over a place the person is or was registered at, or where
    points were given; for a provisional person, the institution in whose case they were named."""
    ensure_permission(user, Permission.LEDGER_VIEW)
    if any(has_permission(user, Permission.LEDGER_VIEW, region=region) for region in _regions(practitioner)):
        return
    raise Forbidden(
        _("Accounts are open to officers whose region reaches the person."),
        rule=Permission.LEDGER_VIEW.value,
        next_step=_("The published scorecard of today is open to everybody."),
    )


def _regions(practitioner: Practitioner) -> list[str]:
    scored_at = PointsEntry.objects.filter(practitioner=practitioner).values("institution_id")
    places = Institution.objects.filter(
        Q(registrations__practitioner=practitioner)
        | Q(pk__in=scored_at)
        | Q(pk=practitioner.provisional_institution_id)
    )
    return sorted(set(places.values_list("region_id", flat=True)))
