"""The feed of changes, written where scorecards are rendered: what was told last, and what is so from now on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import cast
from uuid import UUID

from django.db import connection

from scoring.enums import EntryKind
from scoring.models import ChangeKind, Scorecard, StatusChange
from scoring.policy.account import Status, StatusOn
from scoring.policy.rulebook_parts import PublicationMode
from scoring.selectors.accounts import LoadedAccount

FEED = 7_301_011  # advisory lock: numbers are given in the order of the commits
LATE_COMMIT = timedelta(minutes=5)  # a reversal recorded by a clock that was read before a lock was waited for


@dataclass(frozen=True, slots=True)
class Told:
    """What the feed tells of somebody."""

    status: str
    status_from: date | None
    until: date | None
    may_reapply: bool


NOTHING = Told(Status.NORMAL.value, None, None, may_reapply=False)


def note_changes(
    cards: Sequence[Scorecard], accounts: Mapping[UUID, LoadedAccount], *, now: datetime
) -> list[StatusChange]:
    """Write a line for each card whose status is not the one told last; return them.

    Days since the last line that no rendering met (a worker that was down) get theirs too, unless something was undone:
    then the past is another one, and one correction tells the present. Part of the transaction that renders, which
    holds the cards.
    """
    people = [card.practitioner_id for card in cards]
    told = StatusChange.objects.filter(practitioner__in=people).order_by("practitioner_id", "-number")
    last = {line.practitioner_id: line for line in told.distinct("practitioner_id")}
    lines = [
        line
        for card in cards
        for line in _lines(last.get(card.practitioner_id), card, accounts[card.practitioner_id], now)
    ]
    if not lines:
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [FEED])
    return list(StatusChange.objects.bulk_create(lines))


def _lines(last: StatusChange | None, card: Scorecard, loaded: LoadedAccount, now: datetime) -> Iterator[StatusChange]:
    person, after = card.practitioner, _told_by(card)
    assert card.valid_from is not None
    known = _told_in(last)
    if person.is_provisional or person.merged_into_id is not None:
        return
    if after is None:
        if known != NOTHING:
            yield StatusChange(practitioner=person, kind=ChangeKind.UNPUBLISHED, on=card.valid_from, recorded_at=now)
        return
    kind = ChangeKind.CORRECTION if _is_corrected(last, loaded) else ChangeKind.STATUS
    if kind == ChangeKind.STATUS and last is not None:
        for day in loaded.account.boundaries():
            then = _told_on(loaded.account.status_on(day))
            if last.on < day < card.valid_from and then != known:
                yield _line(card, kind, day, then, now)
                known = then
    if known != after:
        yield _line(card, kind, card.valid_from, after, now)


def _line(card: Scorecard, kind: ChangeKind, on: date, told: Told, now: datetime) -> StatusChange:
    return StatusChange(
        practitioner=card.practitioner,
        kind=kind,
        on=on,
        status=told.status,
        status_from=told.status_from,
        until=told.until,
        may_reapply=told.may_reapply,
        recorded_at=now,
    )


def _is_corrected(last: StatusChange | None, loaded: LoadedAccount) -> bool:
    """Whether something was reversed since the last line."""
    return last is not None and any(
        entry.kind == EntryKind.REVERSAL and entry.recorded_at > last.recorded_at - LATE_COMMIT
        for entry in loaded.entries
    )


def _told_in(line: StatusChange | None) -> Told:
    """What a line says; somebody without one, or no longer published, was told to be normal."""
    if line is None or line.kind == ChangeKind.UNPUBLISHED:
        return NOTHING
    return Told(line.status, line.status_from, line.until, line.may_reapply)


def _told_by(card: Scorecard) -> Told | None:
    """What a card says; None where it publishes nothing, or is new."""
    body = card.body
    if body is None or body["mode"] == PublicationMode.CLOSED:
        return None
    return Told(str(body["status"]), _day(body["status_from"]), _day(body["until"]), bool(body["may_reapply"]))


def _told_on(status: StatusOn) -> Told:
    return Told(status.status.value, status.since, status.until, status.may_reapply)


def _day(text: object) -> date | None:
    return date.fromisoformat(cast("str", text)) if text else None
