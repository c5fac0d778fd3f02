"""What a stranger may know about one person, computed or read from the published row; `public_facts` lists it all."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from institutions.clock import local_date
from institutions.errors import NotThere
from institutions.json_types import Json
from institutions.models import Institution, Practitioner
from scoring.enums import AccountEventKind, EntryKind
from scoring.models import PointsEntry, Scorecard
from scoring.policy.account import Status, StatusOn
from scoring.policy.rulebook import Rulebook
from scoring.policy.rulebook_parts import PublicationMode
from scoring.selectors.accounts import LoadedAccount, load_account
from scoring.selectors.coming import graver_status_ahead
from scoring.selectors.public_facts import (
    PublicChange,
    PublicClause,
    PublicEntry,
    PublicRulebook,
    PublicScorecard,
    PublicSite,
    PublicStatement,
    PublicYear,
)
from scoring.selectors.rulebooks import rulebook_of
from scoring.selectors.surroundings import Surroundings, surroundings_of

STRICTNESS = [
    PublicationMode.OPEN,
    PublicationMode.CONFIRM,
    PublicationMode.STATUS_ONLY,
    PublicationMode.CLOSED,
]
APPEAL_IS_OPEN = (AccountEventKind.APPEAL_OPENED, AccountEventKind.STAY)
APPEAL_EVENTS = (*APPEAL_IS_OPEN, AccountEventKind.DISMISSAL, AccountEventKind.APPEAL_CLOSED)
SHOWS_POINTS = (PublicationMode.OPEN, PublicationMode.CONFIRM)


@dataclass(frozen=True)
class Served:
    """A scorecard as it leaves: the facts, the bytes, their ETag, and for which day they were asked."""

    card: PublicScorecard
    body: bytes
    etag: str
    as_of: date
    evaluated_at: datetime


def served_scorecard(slug: str, *, on: date, now: datetime) -> Served:
    """The scorecard of a public id as it holds on a day: the published row if it does, else computed.

    Raises NotThere for an unknown id and for a provisional or merged person.
    """
    person = published_person(slug)
    card = Scorecard.objects.filter(practitioner=person).first()
    if card is not None and card.body is not None and _is_fresh(card, person, on):
        assert card.published_at is not None
        return _serve(PublicScorecard.from_json(card.body), card.body, on, card.published_at)
    facts, _loaded = facts_of(person, on=on)
    return _serve(facts, facts.as_json(), on, now)


def published_person(slug: str) -> Practitioner:
    """The person behind a public id; raises NotThere unless there is one who is published."""
    person = Practitioner.objects.filter(slug=slug, is_provisional=False, merged_into__isnull=True).first()
    if person is None:
        raise NotThere()
    return person


def public_scorecard(practitioner: Practitioner, *, on: date, known_at: datetime | None = None) -> PublicScorecard:
    """The facts as they hold on ``on``, as known at an instant (None: all that is recorded)."""
    return facts_of(practitioner, on=on, known_at=known_at)[0]


def facts_of(
    practitioner: Practitioner, *, on: date, known_at: datetime | None = None
) -> tuple[PublicScorecard, LoadedAccount]:
    """The published facts of a day and the account behind them."""
    loaded = load_account(practitioner, known_at=known_at)
    return facts_from(practitioner, loaded, surroundings_of([practitioner.pk], on, known_at=known_at)), loaded


def facts_from(practitioner: Practitioner, loaded: LoadedAccount, around: Surroundings) -> PublicScorecard:
    """The facts that follow from an account and its surroundings on their day. No query."""
    on, sites = around.on, around.sites(practitioner.pk)
    rulebook = _governing(loaded, sites, around)
    mode = _strictest(sites, loaded, rulebook, around)
    status = loaded.account.status_on(on)
    shows = mode in SHOWS_POINTS and rulebook.publication.points
    years = _years(loaded, status, on)
    return PublicScorecard(
        slug=practitioner.slug,
        name=practitioner.name,
        category=practitioner.category,
        institutions=tuple(PublicSite(s.code, s.name, s.region_id) for s in sites),
        status=str(status.status),
        status_from=_iso(status.since),
        until=_iso(status.until),
        may_reapply=status.may_reapply,
        points=loaded.account.points_on(on) if shows else None,
        points_by_year=tuple(PublicYear(y, loaded.account.total(y, on)) for y in years) if shows else (),
        entries=_entries(loaded, years, on) if shows else (),
        statements=_statements(loaded, status, years if shows else [], around),
        next_change=_next_change(loaded, on),
        under_appeal=is_under_appeal(loaded, on),
        next_reset_on=date(on.year + 1, 1, 1).isoformat(),
        rulebook=_public_rulebook(rulebook),
        mode=str(mode),
    )


def holds_until(practitioner: Practitioner, loaded: LoadedAccount, around: Surroundings) -> date:
    """The last day on which the facts still hold if nothing is posted meanwhile: 31 December at the latest."""
    changes = around.changes(practitioner.pk)
    changes += [day for day in loaded.account.boundaries() if day > around.on]
    changes += [e.effective_on for e in loaded.entries if e.effective_on > around.on]
    return min(changes) - timedelta(days=1)


def _is_fresh(card: Scorecard, person: Practitioner, on: date) -> bool:
    if card.dirty_at is not None or card.published_at is None:
        return False
    if person.profile_changed_at > card.published_at:
        return False
    return card.valid_from is not None and card.valid_until is not None and card.valid_from <= on <= card.valid_until


def _serve(card: PublicScorecard, facts: dict[str, Json], on: date, evaluated_at: datetime) -> Served:
    whole = facts | {"as_of": on.isoformat(), "evaluated_at": evaluated_at.isoformat()}
    body = json.dumps(whole, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()
    stable = json.dumps([facts, on.isoformat()], sort_keys=True).encode()
    return Served(card, body, hashlib.sha256(stable).hexdigest()[:32], on, evaluated_at)


def _governing(loaded: LoadedAccount, sites: list[Institution], around: Surroundings) -> Rulebook:
    """The rules shown: of the award behind the latest points, else of the first site, else national."""
    awards = [a for a in loaded.account.awards if a.on <= around.on]
    if awards:
        return rulebook_of(loaded.entry_of[awards[-1].ref].rulebook)
    return around.rules.of(sites[0].region_id if sites else "")


def _strictest(
    sites: list[Institution], loaded: LoadedAccount, rulebook: Rulebook, around: Surroundings
) -> PublicationMode:
    """With sites under several rules the strictest mode counts; closed where a site or an award is of a pilot."""
    if _is_in_pilot(sites, loaded, around.pilots):
        return PublicationMode.CLOSED
    modes = [around.rules.of(s.region_id).publication.mode for s in sites] or [rulebook.publication.mode]
    return max(modes, key=STRICTNESS.index)


def _is_in_pilot(sites: list[Institution], loaded: LoadedAccount, prefixes: tuple[str, ...]) -> bool:
    """Whether a site, or the institution of an award that stands, lies in a region that is in pilot on the day."""
    if not prefixes:
        return False
    awarded = [loaded.entry_of[award.ref].institution for award in loaded.account.awards]
    regions = {place.region_id for place in (*sites, *awarded) if place is not None}
    return any(region.startswith(prefixes) for region in regions)


def _years(loaded: LoadedAccount, status: StatusOn, on: date) -> list[int]:
    """The year of the day, and the years of the points on which a measure in force rests."""
    years = {on.year}
    if status.status is not Status.NORMAL:
        years |= {a.year for a in loaded.account.awards if a.ref in status.awards}
    return sorted(years, reverse=True)


def _standing(loaded: LoadedAccount, on: date) -> list[PointsEntry]:
    undone = {e.reverses_id for e in loaded.entries if e.reverses_id is not None}
    return [e for e in loaded.entries if e.kind != EntryKind.REVERSAL and e.id not in undone and e.effective_on <= on]


def _entries(loaded: LoadedAccount, years: list[int], on: date) -> tuple[PublicEntry, ...]:
    shown = [e for e in _standing(loaded, on) if e.year in years]
    place = _places(loaded)
    latest_first = sorted(shown, key=lambda e: place[e.id], reverse=True)
    return tuple(_entry(e, e.institution.name if e.institution else "") for e in latest_first)


def _places(loaded: LoadedAccount) -> dict[UUID, int]:
    """The order in which entries were first posted: a varied award where it stood, a repair where it happened."""
    happened = {event.id: event.posting for event in loaded.account_events}
    places: dict[UUID, int] = {}
    for e in loaded.entries:
        first = e.posting if e.replaces_id is None else places[e.replaces_id]
        places[e.id] = first if e.event_id is None else happened[e.event_id]
    return places


def _entry(entry: PointsEntry, institution_name: str) -> PublicEntry:
    rulebook = rulebook_of(entry.rulebook)
    codes = sorted({str(line["clause"]) for line in entry.lines if not line.get("dropped")})
    clauses = tuple(
        PublicClause(c, rulebook.clauses[c].title, rulebook.clauses[c].title_en) for c in codes if c in rulebook.clauses
    )
    return PublicEntry(
        kind=entry.kind,
        effective_on=entry.effective_on.isoformat(),
        year=entry.year,
        points=entry.points,
        clauses=clauses,
        institution_name=institution_name,
        basis=str(entry.lines[0].get("basis") or "") if entry.lines else "",
    )


def _statements(
    loaded: LoadedAccount, status: StatusOn, years: list[int], around: Surroundings
) -> tuple[PublicStatement, ...]:
    """What the person says about entries of these years, and about those on which a measure in force rests.

    It stands beside the record: where nothing is shown of an entry, nothing is shown of what was said about it.
    """
    behind = {loaded.entry_of[ref].id for ref in status.awards if ref in loaded.entry_of}
    replaced = {e.id: e.replaces_id for e in loaded.entries}
    found = []
    for entry in _standing(loaded, around.on):
        origin: UUID | None = entry.id
        while origin is not None and origin not in around.statements:
            origin = replaced.get(origin)
        if origin is not None and (entry.year in years or entry.id in behind):
            said = around.statements[origin]
            assert said.decided_at is not None
            shown_on = local_date(said.decided_at).isoformat()
            found.append(PublicStatement(entry.effective_on.isoformat(), said.text, shown_on))
    return tuple(found)


def _next_change(loaded: LoadedAccount, on: date) -> PublicChange | None:
    ahead = graver_status_ahead(loaded.account, on)
    if ahead is None:
        return None
    first, status = ahead
    return PublicChange(str(status.status), first.isoformat(), _iso(status.until))


def is_under_appeal(loaded: LoadedAccount, on: date) -> bool:
    """Whether an appeal against a standing award is open: filed or accepted, and neither closed nor dismissed since."""
    latest = {e.award_id: e.kind for e in loaded.account_events if e.kind in APPEAL_EVENTS and e.on <= on}
    still_open = {award for award, kind in latest.items() if kind in APPEAL_IS_OPEN}
    return any(
        loaded.entry_of[award.ref].id in still_open or _root(loaded, award.ref) in still_open
        for award in loaded.account.awards
    )


def _root(loaded: LoadedAccount, ref: str) -> object:
    return next((e.id for e in loaded.entries if e.source_key == ref), None)


def _public_rulebook(rulebook: Rulebook) -> PublicRulebook:
    return PublicRulebook(
        id=rulebook.id,
        version=rulebook.version,
        title=rulebook.title,
        title_en=rulebook.title_en,
        full_at=rulebook.measures.full.at,
        assumptions=tuple(a.path for a in rulebook.assumptions),
    )


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
