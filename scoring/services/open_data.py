"""Open data: a snapshot a day, and the delta that leads to it from the one before.

A release is made of the published scorecards, so it never says more than they do. Whatever releases say of somebody
whose decision is undone is withdrawn in the transaction that undoes it; the next release, a minute later, leaves
nothing of the row but its id.
"""

from __future__ import annotations

import heapq
import json
import secrets
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple, TypeVar, cast
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q

from institutions.clock import local_date
from institutions.json_types import JsonObject
from scoring.consequences.registry import OPEN_DATA
from scoring.enums import EntryKind
from scoring.models import Consequence, OpenDataChange, OpenDataRelease, OpenDataRow, PointsEntry
from scoring.open_data import files
from scoring.open_data.changes import Change, change_row
from scoring.open_data.columns import COLUMNS, Value
from scoring.services import open_data_withdrawal as withdrawal
from scoring.services import scorecards

# A clock read before a lock was waited for: what was recorded a little before a release may not be in it.
LATE_COMMIT = timedelta(minutes=5)
BAR_TOMBSTONE = timedelta(days=366)
PAGE = 2_000

Thing = TypeVar("Thing")


@dataclass(frozen=True, slots=True)
class RowChange:
    """What one row of the next release changes: why, until when the row before was shown, and the row after.

    The row after stays the text that the database sent until it is written: a first release holds every row at once.
    """

    change: Change
    row_id: str
    practitioner_id: UUID
    year: int | None
    is_new: bool
    shown_until: str | None
    after: str | None

    @property
    def content(self) -> JsonObject | None:
        """Return what the row says from now on; None where it is gone."""
        return None if self.after is None else json.loads(self.after)

    def as_line(self) -> dict[str, Value]:
        """Return the line of the delta."""
        content = self.content
        return change_row(self.change, self.row_id, None if content is None else _row(self.row_id, content))


def publish_open_data(*, now: datetime) -> Counter[str]:
    """Release the facts of today; return counts (`release` is its number, 0 where there was nothing to release).

    The first release of a day is made whatever changed; another one only where the facts differ from it or it was
    withdrawn for a correction. Never changes a release that was made.
    """
    scorecards.publish_dirty(now=now)
    with transaction.atomic():
        withdrawal.hold_releases()
        scorecards.publish_dirty(now=now)  # what was undone while this waited; nothing can be undone from here on
        latest = OpenDataRelease.objects.order_by("-number").first()
        on = local_date(now)
        changes = _changes(on, latest)
        is_due = latest is None or latest.on < on or latest.full_withdrawn_on is not None or bool(changes)
        if not is_due or (latest is not None and latest.on > on):
            return Counter(release=0)
        release = _release(on, now, latest, changes)
        undone = [change.row_id for change in changes if change.change in (Change.REMOVED, Change.CORRECTED)]
        withdrawn = withdrawal.withdraw_outdated(on) + withdrawal.withdraw_telling(undone, release)
    withdrawal.drop_files(withdrawn)
    return Counter(release.changes, release=release.number, rows=release.rows, withdrawn=len(withdrawn))


def _changes(on: date, latest: OpenDataRelease | None) -> list[RowChange]:
    """What differs between the rows released last and those that the cards give today, by row id."""
    with connection.cursor() as cursor:
        cursor.execute(DIFFERENCES, {"on": on})
        found = cursor.fetchall()
    people = {person for person, *_rest in found}
    corrected = _corrected_since(latest, people)
    changes = [
        RowChange(
            _why(difference, difference.person in corrected, on),
            difference.row_id or _new_row_id(),
            difference.person,
            difference.year,
            is_new=difference.row_id is None,
            shown_until=difference.shown_until,
            after=difference.after,
        )
        for difference in map(_Difference._make, found)
    ]
    return sorted(changes, key=lambda change: change.row_id)


class _Difference(NamedTuple):
    """A line of `DIFFERENCES`."""

    person: UUID
    year: int | None
    row_id: str | None
    measure_before: str | None
    shown_until: str | None
    measure_after: str | None
    after: str | None


def _why(found: _Difference, is_corrected: bool, on: date) -> Change:
    if found.row_id is None:
        return Change.ADDED
    if found.after is None:
        if is_corrected:
            return Change.REMOVED
        if found.measure_before:
            return Change.RESTORED
        is_over = found.shown_until is not None and found.shown_until < on.isoformat()
        return Change.EXPIRED if is_over else Change.REMOVED
    if is_corrected:
        return Change.CORRECTED
    return Change.RESTORED if found.measure_before and not found.measure_after else Change.UPDATED


def _corrected_since(latest: OpenDataRelease | None, people: set[UUID]) -> set[UUID]:
    """The people of whom something was reversed since the last release."""
    if latest is None:
        return set()
    undone = PointsEntry.objects.filter(
        kind=EntryKind.REVERSAL, practitioner__in=people, recorded_at__gt=latest.made_at - LATE_COMMIT
    )
    records = undone.values_list("practitioner_id", "practitioner__merged_into_id")
    return {record for pair in records for record in pair if record is not None}


def _release(on: date, now: datetime, latest: OpenDataRelease | None, changes: Sequence[RowChange]) -> OpenDataRelease:
    release = OpenDataRelease(
        number=latest.number + 1 if latest else 1,
        on=on,
        revision=latest.revision + 1 if latest and latest.on == on else 1,
        rows=OpenDataRow.objects.filter(gone_on__isnull=True).count() + _growth(changes),
        changes=dict(Counter(change.change.value for change in changes)),
        made_at=now,
    )
    with files.new_folder(withdrawal.folder(), release.name) as making:
        # The rows first: the files are read from them. Their keys to the release are checked at the commit.
        for page in _pages(changes):
            _write_rows(release, page)
        written = files.write_release(
            making,
            name=release.name,
            created=now.isoformat(),
            full=_full_rows(),
            expiry=_expiry(on),
            delta=(change.as_line() for change in changes),
            tombstones=_tombstones(on),
        )
        release.files = {file.name: {"size": file.size, "sha256": file.sha256} for file in written}
        release.save(force_insert=True)
        _note(changes, now)
        for page in _pages(changes):
            OpenDataChange.objects.bulk_create(
                OpenDataChange(release=release, row_id=change.row_id, change=change.change.value) for change in page
            )
    return release


def _pages(things: Sequence[Thing]) -> Iterator[Sequence[Thing]]:
    """Yield as many at a time as are held as rows of the database together."""
    return (things[start : start + PAGE] for start in range(0, len(things), PAGE))


def _note(changes: Sequence[RowChange], now: datetime) -> None:
    """Write down for each award behind a listed row that the row is one of its consequences."""
    row_of = {(change.practitioner_id, change.year): change.row_id for change in changes if change.after is not None}
    for people in _pages(sorted({person for person, _year in row_of})):
        _note_people(people, row_of, now)


def _note_people(people: Sequence[UUID], row_of: Mapping[tuple[UUID, int | None], str], now: datetime) -> None:
    awards = PointsEntry.objects.filter(kind=EntryKind.AWARD, reversal__isnull=True).filter(
        Q(practitioner__in=people) | Q(practitioner__merged_into__in=people)
    )
    rows = []
    for award in awards.select_related("practitioner"):
        survivor = award.practitioner.merged_into_id or award.practitioner_id
        row_id = row_of.get((survivor, award.year)) or row_of.get((survivor, None))
        if row_id is not None:
            rows.append(OPEN_DATA.row(entry=award, thing=row_id, now=now))
    Consequence.objects.bulk_create(rows, ignore_conflicts=True)


def _growth(changes: Sequence[RowChange]) -> int:
    return sum((change.after is not None) - (not change.is_new) for change in changes)


def _write_rows(release: OpenDataRelease, changes: Sequence[RowChange]) -> None:
    new = [c for c in changes if c.is_new]
    OpenDataRow.objects.bulk_create(
        OpenDataRow(
            row_id=c.row_id, practitioner_id=c.practitioner_id, year=c.year, content=c.content, listed_in=release
        )
        for c in new
    )
    kept = [OpenDataRow(row_id=c.row_id, content=c.content) for c in changes if c.after and not c.is_new]
    OpenDataRow.objects.bulk_update(kept, ["content"])
    gone = [
        OpenDataRow(
            row_id=c.row_id,
            content=None,
            gone_on=release.on,
            gone_as=c.change.value,
            gone_in=release,
            tombstone_until=_tombstone_until(c, release.on),
        )
        for c in changes
        if c.after is None
    ]
    OpenDataRow.objects.bulk_update(gone, ["content", "gone_on", "gone_as", "gone_in", "tombstone_until"])


def _tombstone_until(change: RowChange, on: date) -> date:
    """As long as the row would have been shown; a year for one without a last day."""
    if change.shown_until is None:
        return on + BAR_TOMBSTONE
    return max(on + timedelta(days=1), date.fromisoformat(change.shown_until))


def _full_rows() -> Iterator[dict[str, Value]]:
    rows = OpenDataRow.objects.filter(gone_on__isnull=True).order_by("row_id").values_list("row_id", "content")
    for row_id, content in rows.iterator(chunk_size=PAGE):
        assert content is not None  # constraint open_data_row_there_or_gone
        yield _row(row_id, content)


def _expiry(on: date) -> Iterator[dict[str, Value]]:
    """What a re-publisher drops, and after which day: rows with a last day of display, and rows that are gone."""
    return heapq.merge(_announced(), _gone(on), key=lambda line: str(line["row_id"]))


def _announced() -> Iterator[dict[str, Value]]:
    for row in _full_rows():
        if row["display_until"] is not None:
            yield {"row_id": row["row_id"], "drop_after": row["display_until"], "why": "display_until"}


def _gone(on: date) -> Iterator[dict[str, Value]]:
    for line in _tombstones(on):
        yield {"row_id": line["row_id"], "drop_after": _day_before(str(line["gone_on"])), "why": line["gone_as"]}


def _day_before(day: str) -> str:
    return (date.fromisoformat(day) - timedelta(days=1)).isoformat()


def _tombstones(on: date) -> Iterator[dict[str, Value]]:
    rows = OpenDataRow.objects.filter(gone_on__isnull=False, tombstone_until__gte=on).order_by("row_id")
    for row in rows.iterator(chunk_size=PAGE):
        assert row.gone_on is not None  # constraint open_data_row_there_or_gone
        assert row.tombstone_until is not None
        yield {
            "row_id": row.pk,
            "gone_as": row.gone_as,
            "gone_on": row.gone_on.isoformat(),
            "tombstone_until": row.tombstone_until.isoformat(),
        }


def _row(row_id: str, content: JsonObject) -> dict[str, Value]:
    whole = {"row_id": row_id, **content}
    return {column: cast("Value", whole[column]) for column in COLUMNS}


def _new_row_id() -> str:
    return secrets.token_hex(12)


DIFFERENCES = """
WITH today AS (
  SELECT card.practitioner_id, (line ->> 'year')::smallint AS year, line AS content
  FROM scoring_scorecard card
  JOIN institutions_practitioner person ON person.id = card.practitioner_id
  CROSS JOIN LATERAL jsonb_array_elements(card.open_rows) AS line
  WHERE card.dirty_at IS NULL AND %(on)s BETWEEN card.valid_from AND card.valid_until
    AND NOT person.is_provisional AND person.merged_into_id IS NULL
), listed AS (
  SELECT practitioner_id, year, row_id, content FROM scoring_opendatarow line WHERE gone_on IS NULL
    -- A card that somebody is changing at this moment: its row stays as it is until the next release.
    AND NOT EXISTS (SELECT FROM scoring_scorecard card
                    WHERE card.practitioner_id = line.practitioner_id AND card.dirty_at IS NOT NULL)
)
SELECT coalesce(today.practitioner_id, listed.practitioner_id), coalesce(today.year, listed.year),
       listed.row_id, listed.content ->> 'measure', listed.content ->> 'display_until',
       today.content ->> 'measure', today.content
FROM today FULL JOIN listed
  ON listed.practitioner_id = today.practitioner_id AND coalesce(listed.year, 0) = coalesce(today.year, 0)
WHERE today.content IS DISTINCT FROM listed.content
"""
