"""Typical cases as strangers may read them: published, within their display, and as long as the decisions stand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, F, OuterRef, QuerySet

from cases.models import Annulment, TypicalCase
from institutions.clock import local_date, start_of
from institutions.errors import NotThere, Withdrawn
from scoring.enums import EntryKind
from scoring.models import PointsEntry
from scoring.selectors.places import place_names
from scoring.selectors.rulebooks import rulebook_of

TOLD_FOR = timedelta(days=400)  # how long the feed tells re-publishers that a case is gone


@dataclass(frozen=True, slots=True)
class CitedClause:
    """A clause that the case is an example of."""

    code: str
    title: str
    title_en: str


@dataclass(frozen=True, slots=True)
class PublishedCase:
    """What is shown of a case: an allow-list. `display_until` is the last day on which anybody may show it."""

    slug: str
    title: str
    title_en: str
    body: str
    body_en: str
    institution_name: str
    place: str
    clauses: tuple[CitedClause, ...]
    rulebook_id: str
    rulebook_version: int
    published_on: date
    display_until: date


@dataclass(frozen=True, slots=True)
class GoneCase:
    """A case that was published and is not any more: its address, and since when."""

    slug: str
    gone_on: date


def published_cases(on: date) -> QuerySet[TypicalCase]:
    """Return the cases shown on a Shanghai date, the latest first."""
    undone = PointsEntry.objects.filter(
        kind=EntryKind.REVERSAL,
        practitioner__attributions__case=OuterRef("case"),
        reverses__case_reference=OuterRef("case__number"),
        recorded_at__gte=OuterRef("approved_at"),
    )
    annulled = Annulment.objects.filter(case=OuterRef("case"), reinstated_at__isnull=True)
    in_display = _told_to_public().filter(withdrawn_at__isnull=True, display_until__gte=on)
    return in_display.filter(~Exists(undone), ~Exists(annulled))


def gone_cases(on: date) -> list[GoneCase]:
    """Return the cases that re-publishers have to let go, the latest first, as long as the feed tells of them."""
    shown = published_cases(on).values("pk")
    since = start_of(on - TOLD_FOR)
    gone = _told_to_public().exclude(pk__in=shown).filter(published_at__gte=since)
    return [GoneCase(case.slug, _gone_on(case, on)) for case in gone]


def published_case(slug: str, on: date) -> PublishedCase:
    """Return one case; raises NotThere if it was never published, and Withdrawn once it is not shown any more."""
    case = _told_to_public().filter(slug=slug).first()
    if case is None:
        raise NotThere()
    if not published_cases(on).filter(pk=case.pk).exists():
        raise Withdrawn()
    return as_published([case])[0]


def as_published(cases: list[TypicalCase]) -> list[PublishedCase]:
    """Return what is shown of published cases; one query for the names of their places."""
    places = place_names(case.case.region_id for case in cases)
    return [_shown(case, places.get(case.case.region_id, "")) for case in cases]


def _told_to_public() -> QuerySet[TypicalCase]:
    """Every case that was ever published."""
    told = TypicalCase.objects.filter(published_at__isnull=False)
    return told.select_related("case", "rulebook").order_by(F("published_at").desc(), "pk")


def _gone_on(case: TypicalCase, on: date) -> date:
    assert case.display_until is not None  # constraint typical_case_publication_is_whole
    if case.withdrawn_at is not None:
        return local_date(case.withdrawn_at)
    return min(case.display_until + timedelta(days=1), on)


def _shown(case: TypicalCase, place: str) -> PublishedCase:
    assert case.published_at is not None
    assert case.display_until is not None
    known = rulebook_of(case.rulebook).clauses
    return PublishedCase(
        slug=case.slug,
        title=case.title,
        title_en=case.title_en,
        body=case.body,
        body_en=case.body_en,
        institution_name=case.institution_name,
        place=place,
        clauses=tuple(
            CitedClause(code, known[code].title, known[code].title_en) for code in case.clause_codes if code in known
        ),
        rulebook_id=case.rulebook.rulebook,
        rulebook_version=case.rulebook.version,
        published_on=local_date(case.published_at),
        display_until=case.display_until,
    )
