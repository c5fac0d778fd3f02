"""What the database knows of the people and places that a roster names; a few queries, whatever its length."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from institutions.models import Institution, Practitioner, PractitionerCode, Region, Registration
from institutions.selectors.practitioners import surviving

SpellKey = tuple[UUID, UUID]


@dataclass(frozen=True, slots=True)
class Known:
    """The rows on record that a roster may touch, by the keys it names them with."""

    regions: frozenset[str]
    institutions: dict[str, Institution]
    by_code: dict[str, Practitioner]
    by_digest: dict[str, Practitioner]
    codes: dict[str, PractitionerCode]
    spells: dict[SpellKey, list[Registration]]
    codeless_provisional: dict[tuple[str, str], str]


def load_known(institution_codes: Collection[str], codes: Collection[str], digests: Collection[str]) -> Known:
    """Return what is on record under these institution codes, practitioner codes and identity-number digests."""
    institutions = {item.code: item for item in Institution.objects.filter(code__in=institution_codes)}
    code_rows = PractitionerCode.objects.filter(code__in=codes).select_related("practitioner__merged_into")
    code_by_text = {row.code: row for row in code_rows}
    people: dict[UUID, Practitioner] = {}

    def one(practitioner: Practitioner) -> Practitioner:
        person = surviving(practitioner)
        return people.setdefault(person.pk, person)

    by_code = {text: one(row.practitioner) for text, row in code_by_text.items()}
    hashed = Practitioner.objects.filter(id_number_digest__in=digests).select_related("merged_into")
    by_digest = {str(person.id_number_digest): one(person) for person in hashed}
    return Known(
        regions=frozenset(Region.objects.values_list("code", flat=True)),
        institutions=institutions,
        by_code=by_code,
        by_digest=by_digest,
        codes=code_by_text,
        spells=_spells(people, institutions),
        codeless_provisional=_codeless_provisional(institutions),
    )


def _spells(
    people: dict[UUID, Practitioner], institutions: dict[str, Institution]
) -> dict[SpellKey, list[Registration]]:
    places = [institution.pk for institution in institutions.values()]
    spells: dict[SpellKey, list[Registration]] = defaultdict(list)
    for spell in Registration.objects.filter(practitioner_id__in=people, institution_id__in=places):
        spells[spell.practitioner_id, spell.institution_id].append(spell)
    return spells


def _codeless_provisional(institutions: dict[str, Institution]) -> dict[tuple[str, str], str]:
    people = Practitioner.objects.filter(
        is_provisional=True,
        merged_into__isnull=True,
        codes__isnull=True,
        provisional_institution__in=[institution.pk for institution in institutions.values()],
    )
    return {
        (institution_code, name): slug
        for institution_code, name, slug in people.values_list("provisional_institution__code", "name", "slug")
    }
