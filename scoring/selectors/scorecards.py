"""What a stranger may know about one person: an allow-list, computed or read from the published row."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime, timedelta
from typing import cast

from institutions.errors import NotThere
from institutions.json_types import Json
from institutions.models import Institution, Practitioner, Registration
from institutions.selectors import pilots
from institutions.selectors.practitioners import record_ids, sites_on
from scoring.enums import EntryKind
from scoring.models import PointsEntry, Scorecard
from scoring.policy.account import Status, StatusOn
from scoring.policy.rulebook import Rulebook
from scoring.policy.rulebook_parts import PublicationMode
from scoring.selectors.accounts import LoadedAccount, load_account
from scoring.selectors.rulebooks import rulebook_for, rulebook_of, rulebook_starts

STRICTNESS = [
    PublicationMode.OPEN,
    PublicationMode.CONFIRM,
    PublicationMode.STATUS_ONLY,
    PublicationMode.CLOSED,
]
SHOWS_POINTS = (PublicationMode.OPEN, PublicationMode.CONFIRM)


@dataclass(frozen=True)
class PublicSite:
    """An institution where the person is registered."""

    code: str
    name: str
    region: str


@dataclass(frozen=True)
class PublicYear:
    """The points of one year."""

    year: int
    points: int


@dataclass(frozen=True)
class PublicClause:
    """An item of the negative list, in both languages."""

    code: str
    title: str
    title_en: str


@dataclass(frozen=True)
class PublicEntry:
    """One effective entry: points, when, where, under which clause. No case number, no amount, no act."""

    kind: str
    effective_on: str
    year: int
    points: int
    clauses: tuple[PublicClause, ...]
    institution_name: str


@dataclass(frozen=True)
class PublicRulebook:
    """The rules the page is judged by."""

    id: str
    version: int
    title: str
    title_en: str
    full_at: int
    assumptions: tuple[str, ...]


@dataclass(frozen=True)
class PublicScorecard:
    """The published facts of one person, all of them; what is not here is not public.

    Dates are Shanghai dates as ISO text; ``until`` is the last day. ``points`` and ``entries`` are
    empty where the rulebook's publication mode hides them.
    """

    slug: str
    name: str
    category: str
    institutions: tuple[PublicSite, ...]
    status: str
    status_from: str | None
    until: str | None
    may_reapply: bool
    points: int | None
    points_by_year: tuple[PublicYear, ...]
    entries: tuple[PublicEntry, ...]
    under_appeal: bool
    next_reset_on: str
    rulebook: PublicRulebook
    mode: str

    def as_json(self) -> dict[str, Json]:
        """The facts as they are stored and sent."""
        return cast("dict[str, Json]", json.loads(json.dumps(asdict(self))))

    @staticmethod
    def from_json(body: dict[str, Json]) -> PublicScorecard:
        """The same facts, read back from a published row."""
        row = cast("dict[str, list[dict[str, object]]]", body)
        entries = tuple(
            PublicEntry(**(e | {"clauses": tuple(PublicClause(**c) for c in e["clauses"])}))  # type: ignore[arg-type, attr-defined]
            for e in row["entries"]
        )
        plain = {f.name: body[f.name] for f in fields(PublicScorecard)}
        book = cast("dict[str, object]", body["rulebook"])
        nested = {
            "institutions": tuple(PublicSite(**s) for s in row["institutions"]),  # type: ignore[arg-type]
            "points_by_year": tuple(PublicYear(**y) for y in row["points_by_year"]),  # type: ignore[arg-type]
            "entries": entries,
            "rulebook": PublicRulebook(**(book | {"assumptions": tuple(book["assumptions"])})),  # type: ignore[arg-type]
        }
        return PublicScorecard(**(plain | nested))  # type: ignore[arg-type]


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
    sites = _sites(practitioner, loaded, on)
    rulebook = _governing(loaded, sites, on)
    mode = _strictest(sites, loaded, rulebook, on)
    status = loaded.account.status_on(on)
    shows = mode in SHOWS_POINTS and rulebook.publication.points
    years = _years(loaded, status, on)
    card = PublicScorecard(
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
        under_appeal=_under_appeal(loaded, on),
        next_reset_on=date(on.year + 1, 1, 1).isoformat(),
        rulebook=_public_rulebook(rulebook),
        mode=str(mode),
    )
    return card, loaded


def holds_until(practitioner: Practitioner, loaded: LoadedAccount, on: date) -> date:
    """The last day on which the facts of ``on`` still hold if nothing is posted meanwhile."""
    changes = [date(on.year + 1, 1, 1)]
    changes += [day for day in loaded.account.boundaries() if day > on]
    changes += [e.effective_on for e in loaded.entries if e.effective_on > on]
    changes += [start for start in rulebook_starts() if start > on]
    changes += pilots.first_days(on)
    spells = Registration.objects.filter(practitioner__in=record_ids(practitioner)).values_list("starts_on", "ends_on")
    for starts_on, ends_on in spells:
        changes += [d for d in (starts_on, ends_on and ends_on + timedelta(days=1)) if d and d > on]
    return min(changes) - timedelta(days=1)


def _is_fresh(card: Scorecard, person: Practitioner, on: date) -> bool:
    if card.dirty_at is not None or card.published_at is None:
        return False
    if person.profile_changed_at > card.published_at:
        return False
    return card.valid_from is not None and card.valid_until is not None and card.valid_from <= on <= card.valid_until


def _serve(card: PublicScorecard, facts: dict[str, Json], on: date, evaluated_at: datetime) -> Served:
    whole = facts | {"as_of": on.isoformat(), "evaluated_at": evaluated_at.isoformat()}
    body = json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode()
    stable = json.dumps([facts, on.isoformat()], sort_keys=True).encode()
    return Served(card, body, hashlib.sha256(stable).hexdigest()[:32], on, evaluated_at)


def _sites(person: Practitioner, loaded: LoadedAccount, on: date) -> list[Institution]:
    """Where the person is registered on the day, in the order of codes."""
    return sorted(sites_on(person, on), key=lambda s: s.code)


def _governing(loaded: LoadedAccount, sites: list[Institution], on: date) -> Rulebook:
    """The rules shown: of the award behind the latest points, else of the first site, else national."""
    awards = [a for a in loaded.account.awards if a.on <= on]
    if awards:
        return rulebook_of(loaded.entry_of[awards[-1].ref].rulebook)
    return rulebook_for(sites[0].region_id if sites else "", on)


def _strictest(sites: list[Institution], loaded: LoadedAccount, rulebook: Rulebook, on: date) -> PublicationMode:
    """With sites under several rules the strictest mode counts; closed where a site or an award is of a pilot."""
    if _is_in_pilot(sites, loaded, on):
        return PublicationMode.CLOSED
    modes = [rulebook_for(s.region_id, on).publication.mode for s in sites] or [rulebook.publication.mode]
    return max(modes, key=STRICTNESS.index)


def _is_in_pilot(sites: list[Institution], loaded: LoadedAccount, on: date) -> bool:
    """Whether a site, or the institution of an award that stands, lies in a region that is in pilot on the day."""
    prefixes = pilots.prefixes(on)
    if not prefixes:
        return False
    entries = [loaded.entry_of[award.ref] for award in loaded.account.awards]
    awarded = {entry.institution_id for entry in entries if entry.institution_id is not None}
    regions = {site.region_id for site in sites}
    regions |= set(Institution.objects.filter(pk__in=awarded).values_list("region_id", flat=True))
    return any(region.startswith(prefixes) for region in regions)


def _years(loaded: LoadedAccount, status: StatusOn, on: date) -> list[int]:
    """The year of the day, and the years of the points on which a measure in force rests."""
    years = {on.year}
    if status.status is not Status.NORMAL:
        years |= {a.year for a in loaded.account.awards if a.ref in status.awards}
    return sorted(years, reverse=True)


def _entries(loaded: LoadedAccount, years: list[int], on: date) -> tuple[PublicEntry, ...]:
    undone = {e.reverses_id for e in loaded.entries if e.reverses_id is not None}
    shown = [
        e
        for e in loaded.entries
        if e.kind != EntryKind.REVERSAL and e.id not in undone and e.year in years and e.effective_on <= on
    ]
    names = dict(
        Institution.objects.filter(pk__in={e.institution_id for e in shown if e.institution_id}).values_list(
            "pk", "name"
        )
    )
    return tuple(_entry(e, names[e.institution_id] if e.institution_id else "") for e in reversed(shown))


def _entry(entry: PointsEntry, institution_name: str) -> PublicEntry:
    rulebook = rulebook_of(entry.rulebook)
    codes = sorted({str(line["clause"]) for line in entry.lines if not line.get("dropped")})
    clauses = tuple(
        PublicClause(c, rulebook.clauses[c].title, rulebook.clauses[c].title_en) for c in codes if c in rulebook.clauses
    )
    return PublicEntry(entry.kind, entry.effective_on.isoformat(), entry.year, entry.points, clauses, institution_name)


def _under_appeal(loaded: LoadedAccount, on: date) -> bool:
    standing = {a.ref for a in loaded.account.awards}
    open_appeals = {e.award_id: e.kind for e in loaded.account_events if e.kind in ("stay", "dismissal") and e.on <= on}
    return any(
        kind == "stay" and any(loaded.entry_of[ref].id == award or _root(loaded, ref) == award for ref in standing)
        for award, kind in open_appeals.items()
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
