"""Is the person whom a measure would reach the only one of a place, or of a specialty (M11)."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from django.db.models import Q

from cases.models import Attribution, CaseFile, ConcernKind
from cases.policy.continuity import Place, Sole, sole
from cases.selectors.concern_shape import Concern, concern, concern_rule
from cases.selectors.previews import preview
from institutions.json_types import JsonObject
from institutions.models import Registration
from institutions.selectors.registrations import running_on
from scoring.models import Measure
from scoring.policy.account import Status
from scoring.selectors.many_accounts import load_accounts

Others = dict[tuple[object, ...], set[UUID]]


def continuity_concerns(case: CaseFile, undecided: Sequence[Attribution], *, on: date) -> list[Concern]:
    """Return a question for each person whom a measure would reach and whose patients have nobody else.

    Everybody else in the case counts as away: they may be under a measure themselves by then.
    """
    in_case = set(Attribution.objects.filter(case=case).values_list("practitioner_id", flat=True))
    people = {attribution.practitioner_id: attribution for attribution in undecided}
    spells = running_on(Registration.objects.filter(practitioner__in=people), on)
    open_places = Q(institution__closed_on__isnull=True) | Q(institution__closed_on__gte=on)
    sites = list(spells.filter(open_places).select_related("institution__region", "practitioner"))
    if not sites:
        return []
    at_site, of_specialty = _others(sites, in_case, on)
    found: list[Concern] = []
    for spell in sites:
        place = Place(
            kind=spell.institution.kind,
            name=spell.institution.name,
            others_at_site=len(at_site[spell.institution_id, spell.practitioner.category]),
            others_of_specialty=len(
                of_specialty[spell.institution.region_id, spell.practitioner.category, spell.specialty]
            )
            if spell.specialty
            else None,
        )
        alone = sole(place, concern_rule(on).continuity)
        if alone is not None:
            found += _asked(people[spell.practitioner_id], spell, alone, place, on)
    return found


def _asked(attribution: Attribution, spell: Registration, alone: Sole, place: Place, on: date) -> list[Concern]:
    gravest = preview(attribution, on=on).gravest
    if gravest is None:
        return []
    facts: JsonObject = {
        "measure": gravest.kind.value,
        "months": gravest.months_imposed,
        "category": attribution.practitioner.category,
        "site": spell.institution.name,
        "specialty": spell.specialty,
        "region": spell.institution.region.name,
        "others_at_site": place.others_at_site,
        "others_of_specialty": place.others_of_specialty,
        "starts_on": gravest.starts_on.isoformat(),
    }
    return [
        concern(
            ConcernKind.CONTINUITY,
            alone,
            case=attribution.case,
            attribution=attribution,
            persons=[attribution.practitioner],
            facts=facts,
            weighing=("measure", "months", "category", "site", "specialty", "region"),
            about=spell.institution.code,
            is_assumption=concern_rule(on).assumption,
        )
    ]


def _others(sites: Sequence[Registration], away: Collection[UUID], on: date) -> tuple[Others, Others]:
    """Who else is registered and payable, by site and category, and by region, category and specialty."""
    here = Q(institution__in={spell.institution_id for spell in sites})
    specialties = {spell.specialty for spell in sites if spell.specialty}
    regions = {spell.institution.region_id for spell in sites if spell.specialty}
    near = Q(institution__region__in=regions, specialty__in=specialties)
    rows = list(
        running_on(Registration.objects.filter(here | near), on)
        .exclude(practitioner__in=away)
        .order_by()
        .values_list("practitioner_id", "practitioner__category", "institution_id", "institution__region", "specialty")
    )
    barred = _not_payable({row[0] for row in rows}, on)
    at_site: Others = defaultdict(set)
    of_specialty: Others = defaultdict(set)
    for person, category, site, region, specialty in rows:
        if person not in barred:
            at_site[site, category].add(person)
            of_specialty[region, category, specialty].add(person)
    return at_site, of_specialty


def _not_payable(people: Collection[UUID], on: date) -> set[UUID]:
    """Who of them is suspended or terminated on a day; only those who ever had a measure are looked into."""
    known = Measure.objects.filter(practitioner__in=people, recorded__upper_inf=True)
    ever = set(known.order_by().values_list("practitioner_id", flat=True))
    accounts = load_accounts(ever) if ever else {}
    return {person for person, it in accounts.items() if it.account.status_on(on).status != Status.NORMAL}
