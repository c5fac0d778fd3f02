"""Finding people and where they work."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from institutions import permissions
from institutions.codes import normalise_code
from institutions.models import Institution, Practitioner, PractitionerCode, Registration


def by_code(code: str) -> Practitioner | None:
    """Return the person who has this code, following merges, or None."""
    found = (
        PractitionerCode.objects.select_related("practitioner__merged_into").filter(code=normalise_code(code)).first()
    )
    return surviving(found.practitioner) if found else None


def by_slug(slug: str) -> Practitioner | None:
    """Return the person with this public id, following merges, or None."""
    found = Practitioner.objects.select_related("merged_into").filter(slug=slug).first()
    return surviving(found) if found else None


def surviving(practitioner: Practitioner) -> Practitioner:
    """Return the record that a practitioner was merged into, or the practitioner."""
    while practitioner.merged_into is not None:
        practitioner = practitioner.merged_into
    return practitioner


def primary_code(practitioner: Practitioner) -> str:
    """Return the code shown first, or "" for somebody without a code."""
    code = practitioner.codes.order_by("-primary", "code").first()
    return code.code if code else ""


def registrations_on(practitioner: Practitioner, on: date) -> QuerySet[Registration]:
    """Return the person's spells that run on a day, with their institutions."""
    running = Q(starts_on__lte=on) & (Q(ends_on__isnull=True) | Q(ends_on__gte=on))
    spells = Registration.objects.filter(practitioner__in=record_ids(practitioner))
    return spells.filter(running).select_related("institution__region")


def sites_on(practitioner: Practitioner, on: date) -> QuerySet[Institution]:
    """Return the institutions at which a person is registered on a day, by code."""
    spells = registrations_on(practitioner, on)
    return Institution.objects.filter(pk__in=spells.values("institution_id")).select_related("region")


def institutions_to_tell(practitioner: Practitioner, on: date) -> QuerySet[Institution]:
    """Return every institution that has to hear of a change: all sites on the day, and for a provisional person the
    institution in whose case they were named."""
    told = Q(pk__in=registrations_on(practitioner, on).values("institution_id"))
    if practitioner.is_provisional and practitioner.provisional_institution_id is not None:
        told |= Q(pk=practitioner.provisional_institution_id)
    return Institution.objects.filter(told).select_related("region")


def is_registered_at(practitioner: Practitioner, institution: Institution, on: date) -> bool:
    """Say whether a person is registered at an institution on a day."""
    return registrations_on(practitioner, on).filter(institution=institution).exists()


def matching(*, name: str, institution: str = "", region: str = "", on: date) -> QuerySet[Practitioner]:
    """Return registered people whose name is, or begins with, `name`, or is read so (pinyin, initials).

    `institution` is a code or part of a name, `region` a GB/T 2260 prefix; both narrow by the places of a day. People
    who are provisional or merged are left out. Blank names match nobody: there is no listing by this door.
    """
    wanted = name.strip()
    if not wanted:
        return Practitioner.objects.none()
    spelled = "".join(wanted.lower().split())
    called = Q(name__startswith=wanted) | Q(pinyin__startswith=spelled) | Q(initials=spelled)
    place = Q(starts_on__lte=on) & (Q(ends_on__isnull=True) | Q(ends_on__gte=on))
    if institution.strip():
        named = institution.strip()
        place &= Q(institution__code=normalise_code(named)) | Q(institution__name__contains=named)
    if region:
        place &= Q(institution__region__code__startswith=region)
    there = Registration.objects.filter(place).values("practitioner_id")
    return Practitioner.objects.filter(called, pk__in=there, is_provisional=False, merged_into__isnull=True)


def reached_from(prefixes: Collection[str], person: str = "pk") -> Q:
    """Return the condition that a person is, or was, registered in these regions, or is named in a case of one.

    `person` is the path from the row to the person. Asked person by person, for rows that are few already; a list of
    everybody goes by `ways_to_reach`.
    """
    at = "" if person == "pk" else f"{person}__"
    there = Registration.objects.filter(
        permissions.within(prefixes, "institution__region"), practitioner=OuterRef(person)
    ).order_by()
    return Q(Exists(there)) | permissions.within(prefixes, f"{at}provisional_institution__region")


def ways_to_reach(prefixes: Collection[str]) -> tuple[Q, Q]:
    """Return the two halves of `reached_from`, each for a query of its own: registered there, named in a case there.

    As one condition they are asked of everybody in turn; apart, each begins with the region where that is small.
    """
    there = Registration.objects.filter(permissions.within(prefixes, "institution__region")).order_by()
    named = Q(provisional_institution__isnull=False)  # said, for PostgreSQL takes the few for everybody otherwise
    named &= permissions.within(prefixes, "provisional_institution__region")
    return Q(pk__in=there.values("practitioner_id")), named


RECORDS = """
WITH RECURSIVE up AS (
  SELECT id, merged_into_id FROM institutions_practitioner WHERE id = %s
  UNION ALL
  SELECT p.id, p.merged_into_id FROM institutions_practitioner p JOIN up ON p.id = up.merged_into_id
), down AS (
  SELECT id, 0 AS depth FROM up WHERE merged_into_id IS NULL
  UNION ALL
  SELECT p.id, down.depth + 1 FROM institutions_practitioner p JOIN down ON p.merged_into_id = down.id
)
SELECT id FROM down ORDER BY depth, id
"""


def record_ids(practitioner: Practitioner) -> list[UUID]:
    """Return the ids of all records of a person as they are merged now, the surviving one first. One query."""
    with connection.cursor() as cursor:
        cursor.execute(RECORDS, [practitioner.pk])
        return [record for (record,) in cursor.fetchall()]


def primary_codes(people: Collection[UUID]) -> dict[UUID, str]:
    """Return the code shown first of each person; somebody without a code has none here. One query."""
    rows = PractitionerCode.objects.filter(practitioner__in=people).order_by("practitioner_id", "-primary", "code")
    return dict(rows.distinct("practitioner_id").values_list("practitioner_id", "code"))


def sites_of(people: Collection[UUID], on: date) -> dict[UUID, list[Institution]]:
    """Return every institution that has to hear of a change (`institutions_to_tell`), of several people at once."""
    person_of = families(people)
    told: dict[UUID, dict[UUID, Institution]] = {person: {} for person in person_of.values()}
    running = Q(starts_on__lte=on) & (Q(ends_on__isnull=True) | Q(ends_on__gte=on))
    spells = Registration.objects.filter(running, practitioner__in=person_of).order_by()
    for spell in spells.select_related("institution__region"):
        told[person_of[spell.practitioner_id]][spell.institution_id] = spell.institution
    found = {person: dict(told[person_of[person]]) for person in people}
    named = Practitioner.objects.filter(pk__in=people, is_provisional=True, provisional_institution__isnull=False)
    for row in named.order_by().select_related("provisional_institution__region"):
        assert row.provisional_institution is not None  # the filter
        found[row.pk][row.provisional_institution.pk] = row.provisional_institution
    return {person: list(sites.values()) for person, sites in found.items()}


FAMILIES = """
WITH RECURSIVE up AS (
  SELECT id, merged_into_id FROM institutions_practitioner WHERE id = ANY (%s)
  UNION SELECT p.id, p.merged_into_id FROM institutions_practitioner p JOIN up ON p.id = up.merged_into_id
), down AS (
  SELECT id, id AS person FROM up WHERE merged_into_id IS NULL
  UNION ALL SELECT p.id, down.person FROM institutions_practitioner p JOIN down ON p.merged_into_id = down.id
)
SELECT id, person FROM down
"""


def families(records: Collection[UUID]) -> dict[UUID, UUID]:
    """Return for these records, and all other records of the same people, the one that survives. One query."""
    with connection.cursor() as cursor:
        cursor.execute(FAMILIES, [list(records)])
        return dict(cursor.fetchall())
