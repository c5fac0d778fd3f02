"""What a draft would make of the accounts on record, had the same awards been posted under it. Reads only.

Two officers' question "what would these rules have done?": every award that the draft would have governed from a day
on is added up and judged anew, and the person's account replayed. Entries on record keep their version whatever is
activated; what activation itself changes is `cases.selectors.rulebook_pending`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from uuid import UUID

from django.db.models import QuerySet

from institutions.selectors import practitioners
from scoring.enums import EntryKind
from scoring.models import EffectMode, PointsEntry
from scoring.policy.awarding import Line
from scoring.policy.choice import NoRuleInForce, choose_rulebook
from scoring.policy.events import Award, Event, Repair
from scoring.policy.redrafting import (
    Placed,
    Standing,
    as_it_is,
    causes,
    in_full,
    redrafted,
    standing_of,
    telling_groups,
)
from scoring.policy.rulebook import Rulebook
from scoring.selectors.accounts import LoadedAccount
from scoring.selectors.many_accounts import load_accounts

CHUNK = 300


@dataclass(frozen=True)
class Found:
    """One person for whom the draft makes a difference."""

    person: UUID
    mode: EffectMode
    before: Standing
    after: Standing
    causes: tuple[str, ...]
    stage: str = ""


@dataclass(frozen=True)
class Redraft:
    """A draft held against the active rules, on a Shanghai date.

    `on` is the day for which accounts are compared: the first day on which the draft is in force, at least today.
    """

    book: Rulebook
    active: tuple[Rulebook, ...]
    today: date

    @property
    def on(self) -> date:
        """Return the day for which accounts are compared."""
        return max(self.today, self.book.effective_from)

    @property
    def since(self) -> date:
        """Return the day from which history is judged by the draft: its first, or 1 January if that is to come."""
        return self.book.effective_from if self.book.effective_from <= self.today else date(self.today.year, 1, 1)

    def now_governing(self, region: str, on: date) -> Rulebook | None:
        """Return the active rules of a region on a day."""
        return _chosen(self.active, region, on)

    def then_governing(self, region: str, on: date) -> Rulebook | None:
        """Return the rules of a region on a day once the draft is active."""
        return _chosen((*self.active, self.book), region, on)

    def supposed(self, region: str, on: date) -> Rulebook | None:
        """Return the rules of a region on a day, had the draft begun on `since`."""
        return _chosen(self._supposed, region, on)

    @cached_property
    def _supposed(self) -> tuple[Rulebook, ...]:
        since = replace(self.book, effective_from=self.since)
        elsewhere = (book for book in self.active if book.jurisdiction != self.book.jurisdiction)
        before = (b for b in self.active if b.jurisdiction == self.book.jurisdiction and b.effective_from < self.since)
        return (*elsewhere, *before, since)


def concerned(redraft: Redraft) -> QuerySet[PointsEntry]:
    """Return the awards that the draft would have governed."""
    return PointsEntry.objects.filter(
        kind=EntryKind.AWARD,
        effective_on__gte=redraft.since,
        institution__region__code__startswith=redraft.book.jurisdiction,
    )


def people_concerned(redraft: Redraft) -> list[UUID]:
    """Return the people, each once however many records they have, whose awards the draft would have governed."""
    records = set(concerned(redraft).order_by().values_list("practitioner_id", flat=True).distinct())
    return people_of(records)


def people_of(records: Collection[UUID]) -> list[UUID]:
    """Return one record of each person, in a fixed order."""
    return sorted(set(practitioners.families(records).values())) if records else []


def history_effects(redraft: Redraft, people: Collection[UUID]) -> Iterator[Found]:
    """Yield those of these people whose account would be another, had their awards been posted under the draft."""
    for person, loaded in load_accounts(people).items():
        placed = _placed(redraft, loaded)
        if placed:
            yield from compare(redraft, person, EffectMode.HISTORY, loaded.events, placed)


def compare(
    redraft: Redraft,
    person: UUID,
    mode: EffectMode,
    events: Iterable[Event],
    placed: Mapping[str, Placed],
    stage: str = "",
) -> Iterator[Found]:
    """Yield the person if the account under the draft differs from the account as it is."""
    course, places = list(events), dict(placed)
    before = standing_of(redrafted(course, places, as_it_is), redraft.on)
    after = standing_of(redrafted(course, places, in_full), redraft.on)
    if before == after:
        return
    groups = dict.fromkeys(g for place in places.values() for g in telling_groups(place.old, place.new))
    yield Found(person, mode, before, after, causes(course, places, before, groups, redraft.on), stage)


def _placed(redraft: Redraft, loaded: LoadedAccount) -> dict[str, Placed]:
    entries = {entry.source_key: entry for entry in loaded.entries if entry.kind == EntryKind.AWARD}
    placed: dict[str, Placed] = {}
    for event in loaded.events:
        if not isinstance(event, Award | Repair) or event.on < redraft.since:
            continue
        entry = entries.get(event.ref)
        region = entry.institution.region_id if entry and entry.institution else ""
        if isinstance(event, Repair):
            new = redraft.supposed(event.rulebook.jurisdiction.ljust(6, "0"), event.on)
        else:
            new = redraft.supposed(region, event.on) if region else None
        if new is not None and new.digest != event.rulebook.digest:
            placed[event.ref] = Placed(event.rulebook, new, _lines(entry) if entry else ())
    return placed


def _lines(entry: PointsEntry) -> tuple[Line, ...]:
    """The lines of an award as the rules take them, from the snapshot that the entry keeps."""
    return tuple(
        Line(str(row["conduct"]), int(row["points"]), _day(row.get("from_on")), _day(row.get("to_on")), str(index))
        for index, row in enumerate(entry.lines)
    )


def _day(value: object) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) and value else None


def _chosen(books: Iterable[Rulebook], region: str, on: date) -> Rulebook | None:
    try:
        return choose_rulebook(books, region, on)
    except NoRuleInForce:
        return None
