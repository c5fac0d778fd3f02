"""From a person's rows to the policy's events, and to the account that follows from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from institutions.models import Practitioner
from scoring.enums import AccountEventKind, EntryKind
from scoring.models import AccountEvent, PointsEntry
from scoring.policy.account import Account
from scoring.policy.events import (
    Award,
    Dismissal,
    Event,
    LicenceLoss,
    Repair,
    Reregistration,
    Reversal,
    Stay,
    Variation,
)
from scoring.policy.replay import replay
from scoring.selectors.rulebooks import rulebook_of


@dataclass(frozen=True)
class LoadedAccount:
    """An account with the rows it came from. ``entry_of`` leads from a policy ref to the ledger row:
    for a varied award to the row that replaced it."""

    account: Account
    events: tuple[Event, ...]
    entries: tuple[PointsEntry, ...]
    account_events: tuple[AccountEvent, ...]
    entry_of: dict[str, PointsEntry]


def load_account(practitioner: Practitioner, *, known_at: datetime | None = None) -> LoadedAccount:
    """The account as known at an instant (None: all that is recorded). Two queries, then arithmetic."""
    entries = PointsEntry.objects.filter(practitioner=practitioner).select_related("rulebook")
    happened = AccountEvent.objects.filter(practitioner=practitioner).select_related("rulebook")
    if known_at is not None:
        entries, happened = entries.filter(recorded_at__lte=known_at), happened.filter(recorded_at__lte=known_at)
    return account_from_rows(list(entries.order_by("posting")), list(happened.order_by("posting")))


def account_from_rows(entries: Sequence[PointsEntry], happened: Sequence[AccountEvent]) -> LoadedAccount:
    """The account that follows from rows in the order of posting."""
    roots: dict[UUID, str] = {}  # entry id → ref of the award it began as
    entry_of: dict[str, PointsEntry] = {}
    events: list[Event] = []
    replaced = {entry.replaces_id: entry for entry in entries if entry.replaces_id is not None}
    for entry in entries:
        if entry.kind == EntryKind.AWARD:
            roots[entry.id] = roots[entry.replaces_id] if entry.replaces_id else entry.source_key
            entry_of[roots[entry.id]] = entry
            if entry.replaces_id is None:
                events.append(_award(entry))
        elif entry.kind == EntryKind.REVERSAL and entry.reverses_id in roots:  # else it undoes a repair
            events.append(_correction(entry, roots[entry.reverses_id], replaced.get(entry.reverses_id)))
    events += _other_events(happened, roots)
    events.sort(key=lambda e: e.seq)
    return LoadedAccount(replay(events), tuple(events), tuple(entries), tuple(happened), entry_of)


def _award(entry: PointsEntry) -> Award:
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
    )


def _correction(reversal: PointsEntry, award: str, replacement: PointsEntry | None) -> Reversal | Variation:
    if replacement is None:
        return Reversal(reversal.source_key, reversal.posting, reversal.effective_on, award)
    return Variation(reversal.source_key, reversal.posting, reversal.effective_on, award, replacement.points)


def _other_events(happened: Sequence[AccountEvent], roots: dict[UUID, str]) -> list[Event]:
    events: list[Event] = []
    losses: list[int] = []  # places of licence losses that are not restored yet
    for row in happened:
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
