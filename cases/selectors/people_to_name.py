"""Whom an officer may mean: the people of the case's institution first, then those of the officer's regions."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from cases.models import CaseFile
from institutions.codes import normalise_code
from institutions.models import Practitioner, Registration
from institutions.selectors.practitioners import matching, primary_codes, reached_from, sites_of

LISTED_MAX = 20


@dataclass(frozen=True)
class Candidate:
    """One person with what tells them apart from others of the same name."""

    person: Practitioner
    code: str
    sites: tuple[str, ...]
    is_here: bool
    is_in_case: bool


def candidates(case: CaseFile, text: str, *, prefixes: Collection[str], on: date) -> list[Candidate]:
    """Return up to `LISTED_MAX` people by code, name, pinyin or initials, those of the case's institution first.

    A blank text lists the people of the institution. A code finds its person wherever they work. `prefixes` are the
    regions whose people the officer may see; others are found by their whole code only.
    """
    wanted = text.strip()
    here = _at(case, wanted, on)
    found = list(here[:LISTED_MAX])
    if wanted:
        known = {person.pk for person in found}
        elsewhere = matching(name=wanted, on=on).filter(reached_from(prefixes)) | _by_code(wanted)
        found += [person for person in elsewhere.order_by("name", "pk")[:LISTED_MAX] if person.pk not in known]
    found = found[:LISTED_MAX]
    people = [person.pk for person in found]
    codes, sites = primary_codes(people), sites_of(people, on)
    taken = set(case.attributions.filter(practitioner__in=people).values_list("practitioner_id", flat=True))
    return [
        Candidate(
            person=person,
            code=codes.get(person.pk, ""),
            sites=tuple(site.name for site in sites[person.pk]),
            is_here=any(site.pk == case.institution_id for site in sites[person.pk]),
            is_in_case=person.pk in taken,
        )
        for person in found
    ]


def _at(case: CaseFile, wanted: str, on: date) -> QuerySet[Practitioner]:
    """The people registered at the institution on the day, and the provisional ones named there."""
    there = Registration.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=on), starts_on__lte=on, institution=case.institution_id
    )
    people = Practitioner.objects.filter(
        Q(pk__in=there.values("practitioner_id")) | Q(is_provisional=True, provisional_institution=case.institution_id),
        merged_into__isnull=True,
    )
    if wanted:
        spelled = "".join(wanted.lower().split())
        people = people.filter(
            Q(name__contains=wanted)
            | Q(pinyin__startswith=spelled)
            | Q(initials=spelled)
            | Q(codes__code=normalise_code(wanted))
        ).distinct()
    return people.order_by("name", "pk")


def _by_code(wanted: str) -> QuerySet[Practitioner]:
    coded = Practitioner.objects.filter(codes__code=normalise_code(wanted)).values("pk")
    return Practitioner.objects.filter(pk__in=coded, merged_into__isnull=True)
