"""From a person's rows to the policy's events, and to the account that follows from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TypeVar
from uuid import UUID

from django.db.models import Q, QuerySet

from institutions.models import MergeDecision, Practitioner, PractitionerMerge
from institutions.selectors.practitioners import record_ids
from scoring.enums import AccountEventKind, EntryKind
from scoring.models import AccountEvent, PointsEntry
from scoring.policy.account import Account
from scoring.policy.events import (
    Award,
    Dismissal,
    Event,
    LicenceLoss,
    Merge,
    Repair,
    Reregistration,
    Reversal,
    Stay,
    Variation,
)
from scoring.policy.replay import replay
from scoring.selectors.rulebooks import rulebook_of

RowT = TypeVar("RowT", PointsEntry, AccountEvent)


@dataclass(frozen=True)
class LoadedAccount:
    """An account with the rows it came from. ``entry_of`` leads from a policy ref to the ledger row:
    for a varied award to the row that replaced it."""

    account: Account
    events: tuple[Event, ...]
    entries: tuple[PointsEntry, ...]
    account_events: tuple[AccountEvent, ...]
    entry_of: dict[str, PointsEntry]


def load_account(
    practitioner: Practitioner, *, known_at: datetime | None = None, one_by: date | None = None
) -> LoadedAccount:
    """The account as known at an instant (None: all that is recorded). A few queries, then arithmetic.

    Of a person whose records were merged it is the union, whichever record is asked for. With ``one_by`` only merges in
    effect by that Shanghai date count: before, each record has an account of its own.
    """
    is_plain = known_at is None and one_by is None
    records = record_ids(practitioner) if is_plain else record_ids_at(practitioner, known_at, one_by=one_by)
    entries = with_rules(PointsEntry.objects.filter(practitioner__in=records)).select_related("institution")
    happened = with_rules(AccountEvent.objects.filter(practitioner__in=records))
    merges: list[PractitionerMerge] = []
    if len(records) > 1:
        merges = [m for m in standing_merges(known_at).filter(gone__in=records) if m.kept_id in records]
    if known_at is not None:
        entries, happened = entries.filter(recorded_at__lte=known_at), happened.filter(recorded_at__lte=known_at)
    return account_from_rows(list(entries.order_by("posting")), list(happened.order_by("posting")), merges)


def with_rules(rows: QuerySet[RowT]) -> QuerySet[RowT]:
    """Entries or events with their rulebook versions, without the packs, which are parsed once per process."""
    return rows.select_related("rulebook").defer("rulebook__pack")


def standing_merges(known_at: datetime | None = None) -> QuerySet[PractitionerMerge]:
    """The merges that stood at an instant (None: that stand now), in the order in which they were recorded."""
    merges = PractitionerMerge.objects.filter(decision=MergeDecision.APPROVED).order_by("recorded_at")
    if known_at is None:
        return merges.filter(undone_at__isnull=True)
    undone_later = Q(undo_recorded_at__isnull=True) | Q(undo_recorded_at__gt=known_at)
    return merges.filter(undone_later, recorded_at__lte=known_at)


def record_ids_at(practitioner: Practitioner, known_at: datetime | None, *, one_by: date | None = None) -> list[UUID]:
    """The ids of all records of a person by the merges that stood at an instant (None: that stand now).

    With ``one_by`` by those among them that are in effect on that Shanghai date.
    """
    merges = standing_merges(known_at)
    if one_by is not None:
        merges = merges.filter(effective_on__lte=one_by)
    found, fresh = {practitioner.pk}, {practitioner.pk}
    while fresh:
        pairs = merges.filter(Q(kept__in=fresh) | Q(gone__in=fresh)).values_list("kept", "gone")
        fresh = {record for pair in pairs for record in pair} - found
        found |= fresh
    return sorted(found)


def account_from_rows(
    entries: Sequence[PointsEntry],
    happened: Sequence[AccountEvent],
    merges: Sequence[PractitionerMerge] = (),
) -> LoadedAccount:
    """The account that follows from rows in the order of posting, and from the merges of the person's records.

    Records of whose merge there is no row count as one from the beginning.
    """
    roots: dict[UUID, str] = {}  # entry id → ref of the award it began as
    entry_of: dict[str, PointsEntry] = {}
    events: list[Event] = []
    awards = {entry.id: entry for entry in entries if entry.kind == EntryKind.AWARD}
    replaced = {entry.replaces_id: entry for entry in entries if entry.replaces_id is not None}
    for entry in entries:
        if entry.kind == EntryKind.AWARD:
            is_varied = entry.replaces_id is not None and entry.reinstates_id is None
            roots[entry.id] = roots[entry.replaces_id] if is_varied and entry.replaces_id else entry.source_key
            entry_of[roots[entry.id]] = entry
            if not is_varied:
                events.append(_award(entry, roots))
        elif entry.kind == EntryKind.REVERSAL and entry.reverses_id in roots:  # else it undoes a repair
            undone = awards[entry.reverses_id]
            events += _correction(entry, undone, roots[undone.id], replaced.get(undone.id))
    events += _other_events(happened, roots)
    if merges:
        events = _on_records(events, entries, happened, merges)
    events.sort(key=lambda e: e.seq)
    return LoadedAccount(replay(events), tuple(events), tuple(entries), tuple(happened), entry_of)


def _on_records(
    events: list[Event],
    entries: Sequence[PointsEntry],
    happened: Sequence[AccountEvent],
    merges: Sequence[PractitionerMerge],
) -> list[Event]:
    """The events, each with the record it was posted on, and the merges in their places in the order of posting."""
    rows: list[PointsEntry | AccountEvent] = [*entries, *happened]
    record_of = {row.posting: str(row.practitioner_id) for row in rows}
    placed: list[Event] = [
        replace(event, record=record_of[event.seq]) for event in events if not isinstance(event, Merge)
    ]
    for merge in merges:
        assert merge.effective_on is not None  # check constraint merge_dated_when_approved
        assert merge.recorded_at is not None
        before = max((row.posting for row in rows if row.recorded_at <= merge.recorded_at), default=0)
        ref, gone, kept = f"merge:{merge.id}", str(merge.gone_id), str(merge.kept_id)
        placed.append(Merge(ref, before, merge.effective_on, gone, kept))
    return placed


def _award(entry: PointsEntry, roots: Mapping[UUID, str]) -> Award:
    assert entry.scored_on is not None  # check constraint entry_award
    assert entry.single_points is not None
    return Award(
        ref=entry.source_key,
        seq=entry.posting,
        on=entry.effective_on,
        points=entry.points,
        scored_on=entry.scored_on,
        rulebook=rulebook_of(entry.rulebook),
        single_points=entry.single_points,
        months=entry.months,
        articles=frozenset(entry.articles),
        replaces="" if entry.replaces_id is None else roots[entry.replaces_id],
    )


def _correction(
    reversal: PointsEntry, undone: PointsEntry, award: str, replacement: PointsEntry | None
) -> list[Reversal | Variation]:
    """What a reversing row means to the rules: nothing where the points stay, or come back, in another award."""
    key, seq, on = reversal.source_key, reversal.posting, reversal.effective_on
    if replacement is None or (
        replacement.reinstates_id is not None and replacement.recorded_at > reversal.recorded_at
    ):
        return [Reversal(key, seq, on, award)]
    if replacement.reinstates_id is not None or replacement.points == undone.points:
        return []
    return [Variation(key, seq, on, award, replacement.points, replacement.single_points)]


def _other_events(happened: Sequence[AccountEvent], roots: dict[UUID, str]) -> list[Event]:
    events: list[Event] = []
    losses: list[int] = []  # places of licence losses that are not restored yet
    for row in happened:
        if row.kind in (AccountEventKind.APPEAL_OPENED, AccountEventKind.APPEAL_CLOSED):
            continue  # said to the public, and nothing follows from it
        if row.kind == AccountEventKind.LICENCE_RESTORED:
            while losses:
                place = losses.pop()
                loss = events[place]
                assert isinstance(loss, LicenceLoss)
                events[place] = replace(loss, restored_on=row.on)
            continue
        if row.kind == AccountEventKind.LICENCE_LOSS:
            losses.append(len(events))
        events.append(_event(row, roots))
    return events


def _event(row: AccountEvent, roots: dict[UUID, str]) -> Event:
    key, seq, on = row.source_key, row.posting, row.on
    match row.kind:
        case AccountEventKind.REPAIR:
            assert row.points is not None  # check constraint
            assert row.rulebook is not None
            return Repair(key, seq, on, row.points, rulebook_of(row.rulebook))
        case AccountEventKind.REREGISTRATION:
            return Reregistration(key, seq, on)
        case AccountEventKind.STAY | AccountEventKind.DISMISSAL:
            assert row.award_id is not None  # check constraint
            kind = Stay if row.kind == AccountEventKind.STAY else Dismissal
            return kind(key, seq, on, roots[row.award_id])
        case AccountEventKind.LICENCE_LOSS:
            return LicenceLoss(key, seq, on)
    raise ValueError(f"unknown account event kind {row.kind!r}")
