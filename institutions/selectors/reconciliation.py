"""Provisional people and who on the roster they may be. A list for officers: a name is never a match by itself."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q

from institutions.masking import mask_name
from institutions.models import Practitioner, Registration
from institutions.permissions import within


@dataclass(frozen=True, slots=True)
class Candidates:
    """A provisional person and the registered people at the same institution whose names fit."""

    provisional: Practitioner
    registered: tuple[Practitioner, ...]


def waiting_provisional(prefixes: Iterable[str]) -> list[Practitioner]:
    """Return the provisional people of these regions who have not been reconciled, oldest first."""
    people = Practitioner.objects.filter(
        within(prefixes, "provisional_institution__region"), is_provisional=True, merged_into__isnull=True
    )
    return list(people.select_related("provisional_institution").order_by("created_at", "pk"))


def candidates_for(provisional: Practitioner, on: date) -> Candidates:
    """Return the people registered where the provisional person was named, whose names are the same once masked."""
    there = Registration.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=on),
        practitioner=OuterRef("pk"),
        institution=provisional.provisional_institution_id,
    )
    people = Practitioner.objects.filter(
        Exists(there), is_provisional=False, merged_into__isnull=True, name__startswith=provisional.name[:1]
    )
    wanted = mask_name(provisional.name)
    return Candidates(
        provisional, tuple(person for person in people.order_by("name", "pk") if mask_name(person.name) == wanted)
    )
