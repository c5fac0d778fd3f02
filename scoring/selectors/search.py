"""Finding a person's scorecard as a stranger: by code, or by name and institution. Never a listing.

What may be asked is checked here for page and API alike; what may be shown follows the publication mode of the rules
that govern the person's sites. Candidates stay masked and without an address until they are confirmed. A person whose
records were merged is one candidate, found by the names, codes and sites of each record. Every query goes by an index
and takes a bounded number of rows; nothing is counted.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from institutions.codes import normalise_code
from institutions.json_types import JsonObject
from institutions.masking import mask_name
from institutions.models import Institution, Practitioner, PractitionerCode, Registration
from institutions.selectors.practitioners import by_code, families
from scoring.policy.rulebook_parts import PublicationMode
from scoring.selectors.places import place_names
from scoring.selectors.publication import publication_modes
from scoring.selectors.scorecards import STRICTNESS

CANDIDATES_MAX = 20
NAMESAKES_MAX = 3000  # beyond, the searcher is asked for more of the name
NAME_LENGTH_MIN = 2
INSTITUTION_LENGTH_MIN = 2
CODE_LENGTH_MIN = 8
LENGTH_MAX = 100
PINYIN_PREFIX_LENGTH_MIN = 5
NATIONAL = ""
WILDCARDS = re.compile(r"[*?%_\\]")
MIDDLE_DOTS = re.compile("[・•‧∙⋅]")


@dataclass(frozen=True)
class Question:
    """What a stranger asks: a code, or a name with an institution and perhaps a region, and perhaps a confirmation."""

    code: str = ""
    name: str = ""
    institution: str = ""
    region: str = ""
    last_four: str = ""

    @staticmethod
    def read(query: Mapping[str, str]) -> Question:
        """Tidy what was typed: blanks, full-width letters, the several dots of long names."""
        return Question(
            code=normalise_code(query.get("code", "")),
            name=_tidy(query.get("name", "")),
            institution=_tidy(query.get("institution", "")),
            region=_tidy(query.get("region", "")),
            last_four=normalise_code(query.get("last_four", "")),
        )

    @property
    def is_blank(self) -> bool:
        """Whether nothing was asked yet."""
        return not (self.code or self.name or self.institution)


@dataclass(frozen=True)
class Site:
    """A place where a candidate is registered."""

    institution: str
    place: str


@dataclass(frozen=True)
class Candidate:
    """A person who fits. `slug` is None and the name masked until the searcher has confirmed whom they mean."""

    slug: str | None
    name: str
    category: str
    sites: tuple[Site, ...]
    is_full_name_given: bool

    @property
    def is_confirmed(self) -> bool:
        """Whether the scorecard may be opened."""
        return self.slug is not None


@dataclass(frozen=True)
class Findings:
    """What was found: candidates, whether there are more, and whether the institution has to be asked instead."""

    candidates: tuple[Candidate, ...] = ()
    has_more: bool = False
    ask_institution: bool = False

    @property
    def only_confirmed(self) -> Candidate | None:
        """The one person who was meant, where there is no doubt: the only one confirmed by full name or code."""
        confirmed = [c for c in self.candidates if c.is_confirmed and c.is_full_name_given]
        return confirmed[0] if len(confirmed) == 1 and not self.has_more else None


def problems_of(question: Question) -> list[JsonObject]:
    """Return why a question cannot be asked, field by field: `{field, code, message}`. An empty list: it can."""
    if question.code:
        return _code_problems(question)
    found: list[JsonObject] = []
    if question.is_blank:
        found.append(_problem("name", "required", _("Give a name and an institution, or a code.")))
        return found
    if not question.name:
        found.append(_problem("name", "required", _("Give the person's name. Nobody is listed by institution alone.")))
    elif len(question.name) < NAME_LENGTH_MIN:
        found.append(_problem("name", "too_short", _("Give at least two characters of the name.")))
    if not question.institution:
        found.append(_problem("institution", "required", _("Give the institution. Names alone are not searched.")))
    elif len(question.institution) < INSTITUTION_LENGTH_MIN:
        found.append(_problem("institution", "too_short", _("Give at least two characters of the institution's name.")))
    found += _form_problems(question)
    return found


def find(question: Question, *, on: date) -> Findings:
    """Return who fits a question that has no problems, on a Shanghai date: exact first, then by beginnings."""
    if question.code:
        return _find_by_code(question.code, on)
    people, is_common = _people(question, on)
    known = _known(people[:CANDIDATES_MAX], on)
    twins = [p for p in known.people if known.is_named(p, question) and _is_at(known.sites[p.pk], question.institution)]
    candidates = (_candidate(person, known, question, is_twin=len(twins) > 1) for person in known.people)
    return Findings(
        candidates=tuple(candidate for candidate in candidates if candidate is not None),
        has_more=is_common or len(people) > CANDIDATES_MAX,
        ask_institution=_is_closed_institution(question.institution, on),
    )


@dataclass(frozen=True)
class _Known:
    """What is known of the people of one answer, read at once."""

    people: list[Practitioner]
    names: dict[UUID, set[str]]
    sites: dict[UUID, list[Institution]]
    places: dict[str, str]
    modes: dict[UUID, PublicationMode]

    def is_named(self, person: Practitioner, question: Question) -> bool:
        """Whether the full name was given, as it stands on any record under which the person works."""
        return question.name in self.names[person.pk]


def _code_problems(question: Question) -> list[JsonObject]:
    if WILDCARDS.search(question.code):
        return [_problem("code", "wildcard", _("Wildcards are not searched. Give the whole code."))]
    if not CODE_LENGTH_MIN <= len(question.code) <= LENGTH_MAX:
        return [_problem("code", "incomplete", _("Give the whole code, for instance D and twelve digits."))]
    return []


def _form_problems(question: Question) -> list[JsonObject]:
    found: list[JsonObject] = []
    for field, value in (("name", question.name), ("institution", question.institution)):
        if WILDCARDS.search(value):
            found.append(_problem(field, "wildcard", _("Wildcards are not searched. Write the name itself.")))
        if len(value) > LENGTH_MAX:
            found.append(_problem(field, "too_long", _("This is too long to be a name.")))
    if question.region and not re.fullmatch(r"\d{2}|\d{4}|\d{6}", question.region):
        found.append(_problem("region", "unknown", _("Give a region code of two, four or six digits.")))
    if question.last_four and not re.fullmatch(r"[0-9A-Z]{4}", question.last_four):
        found.append(_problem("last_four", "incomplete", _("Give the last four characters of the code.")))
    return found


def _problem(field: str, code: str, message: str) -> JsonObject:
    return {"field": field, "code": code, "message": message}


def _find_by_code(code: str, on: date) -> Findings:
    person = by_code(code)
    if person is None or person.is_provisional:
        return Findings()
    known = _known([person], on)
    if known.modes[person.pk] is PublicationMode.CLOSED:
        return Findings(ask_institution=True)
    return Findings((_shown(person, known.sites[person.pk], known, is_confirmed=True, is_full_name_given=True),))


def _people(question: Question, on: date) -> tuple[list[Practitioner], bool]:
    """At most one more than is shown, in the order of how well the name fits, and whether the name was too common.

    Steps that stay quick whatever the planner believes: names by their index, then those people's places.
    """
    found: list[UUID] = []
    is_common = False
    for fits, order in _ways_to_fit(question.name):
        called = Practitioner.objects.filter(fits, is_provisional=False).order_by(*order)
        named = list(called.values_list("pk", flat=True)[: NAMESAKES_MAX + 1])
        is_common = is_common or len(named) > NAMESAKES_MAX
        person_of = families(named)
        there = _there(question, person_of, on) - set(found) if named else set()
        found += [pk for pk in dict.fromkeys(person_of[record] for record in named) if pk in there]
        if len(found) > CANDIDATES_MAX:
            break
    people = Practitioner.objects.filter(is_provisional=False).in_bulk(found[: CANDIDATES_MAX + 1])
    return [people[pk] for pk in found[: CANDIDATES_MAX + 1] if pk in people], is_common


def _there(question: Question, person_of: Mapping[UUID, UUID], on: date) -> set[UUID]:
    """The people registered on the day at the institution asked for, by any of their records, with the code's end."""
    records = list(person_of)
    if question.last_four:
        codes = PractitionerCode.objects.filter(practitioner__in=records, code__endswith=question.last_four)
        meant = {person_of[record] for record in codes.order_by().values_list("practitioner_id", flat=True)}
        records = [record for record in records if person_of[record] in meant]
    spells = Registration.objects.filter(_runs(on), practitioner__in=records)
    places = list(spells.order_by().values_list("practitioner_id", "institution_id"))
    wanted = Institution.objects.filter(_named(question.institution), pk__in={site for _record, site in places})
    if question.region:
        wanted = wanted.filter(region__code__startswith=_prefix(question.region))
    here = set(wanted.order_by().values_list("pk", flat=True))
    return {person_of[record] for record, site in places if site in here}


def _ways_to_fit(name: str) -> list[tuple[Q, tuple[str, ...]]]:
    """Exact, then beginnings; for letters also the reading of the name and its initials.

    Each with the order of the index that finds it, so that the database stops at the limit and sorts nothing.
    """
    by_name, by_pinyin, by_initials = ("name", "pk"), ("pinyin", "name", "pk"), ("initials", "name", "pk")
    ways: list[tuple[Q, tuple[str, ...]]] = [(Q(name=name), by_name), (Q(name__startswith=name), by_name)]
    if name.isascii():
        spelled = "".join(filter(str.isalnum, name)).lower()
        ways += [(Q(pinyin=spelled), by_pinyin), (Q(initials=spelled), by_initials)]
        if len(spelled) >= PINYIN_PREFIX_LENGTH_MIN:
            ways.append((Q(pinyin__startswith=spelled), by_pinyin))
    return ways


def _runs(on: date) -> Q:
    return Q(starts_on__lte=on) & (Q(ends_on__isnull=True) | Q(ends_on__gte=on))


def _named(institution: str) -> Q:
    return Q(code=normalise_code(institution)) | Q(name__contains=institution)


def _known(people: list[Practitioner], on: date) -> _Known:
    """Read where each person is registered on the day, the names of the places, and what the rules there let be shown.

    With sites under several rules the strictest mode counts; the national one for somebody without a site.
    """
    person_of = families([person.pk for person in people])
    names = {person.pk: {person.name} for person in people}
    sites: dict[UUID, list[Institution]] = {person.pk: [] for person in people}
    spells = Registration.objects.filter(_runs(on), practitioner__in=person_of)
    for spell in spells.select_related("institution", "practitioner").order_by("institution__code"):
        there = sites[person_of[spell.practitioner_id]]
        if spell.institution not in there:
            there.append(spell.institution)
        if not spell.practitioner.is_provisional:
            names[person_of[spell.practitioner_id]].add(spell.practitioner.name)
    regions = {person: {site.region_id for site in there} or {NATIONAL} for person, there in sites.items()}
    mode_of = publication_modes(set().union(*regions.values()), on)
    modes = {
        person: max((mode_of[region] for region in there), key=STRICTNESS.index) for person, there in regions.items()
    }
    return _Known(people, names, sites, place_names(mode_of), modes)


def _candidate(person: Practitioner, known: _Known, question: Question, *, is_twin: bool) -> Candidate | None:
    """The person as the rules let them be shown; None where the rules show nobody.

    A full name at the institution named in full confirms one person, and does not where two there share the name.
    """
    mode, sites = known.modes[person.pk], known.sites[person.pk]
    if mode is PublicationMode.CLOSED:
        return None
    is_named = known.is_named(person, question)
    is_placed = _is_at(sites, question.institution)
    is_confirmed = mode is PublicationMode.OPEN or bool(question.last_four) or (is_named and is_placed and not is_twin)
    near = sites if is_confirmed else [site for site in sites if _fits_institution(site, question.institution)]
    return _shown(
        person, near, known, is_confirmed=is_confirmed, is_full_name_given=is_named or bool(question.last_four)
    )


def _shown(
    person: Practitioner, sites: list[Institution], known: _Known, *, is_confirmed: bool, is_full_name_given: bool
) -> Candidate:
    return Candidate(
        slug=person.slug if is_confirmed else None,
        name=person.name if is_confirmed else mask_name(person.name),
        category=person.category,
        sites=tuple(Site(site.name, known.places.get(site.region_id, "")) for site in sites),
        is_full_name_given=is_full_name_given,
    )


def _is_at(sites: list[Institution], institution: str) -> bool:
    return any(institution == site.name or normalise_code(institution) == site.code for site in sites)


def _fits_institution(site: Institution, institution: str) -> bool:
    return institution in site.name or normalise_code(institution) == site.code


def _is_closed_institution(institution: str, on: date) -> bool:
    """Whether the institution that was named in full lies where nothing is published. Says nothing of any person."""
    named = Institution.objects.filter(Q(name=institution) | Q(code=normalise_code(institution)))
    regions = set(named.order_by().values_list("region_id", flat=True)[:CANDIDATES_MAX])
    return set(publication_modes(regions, on).values()) == {PublicationMode.CLOSED}


def _prefix(region: str) -> str:
    """150000 → 15, 150400 → 1504: the part of a region's code that everything inside it shares."""
    return region.removesuffix("00").removesuffix("00") if len(region) == 6 else region


def _tidy(text: str) -> str:
    return MIDDLE_DOTS.sub("·", " ".join(unicodedata.normalize("NFKC", text).split()))
