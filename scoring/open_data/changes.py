"""What leads from one snapshot to the next: full(n) + delta(n+1) = full(n+1), byte for byte."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

from scoring.open_data.columns import COLUMNS, Value

CHANGE_COLUMNS = ("change", *COLUMNS)

Row = Mapping[str, Value]


class Change(StrEnum):
    """Why a row of a delta is there."""

    ADDED = "added"
    UPDATED = "updated"  # more points, a measure that began, another institution or rulebook
    CORRECTED = "corrected"  # a decision behind the row was undone or varied; the rest of it stands
    RESTORED = "restored"  # the measure is over; the row stays while points are shown beside it, else it is gone
    EXPIRED = "expired"  # its time of display is over
    REMOVED = "removed"  # undone, or no longer published: nothing but the id is left


MAY_BE_GONE = frozenset({Change.RESTORED, Change.EXPIRED, Change.REMOVED})


class DeltaDoesNotFit(Exception):
    """A delta was applied to a snapshot that it does not follow."""


def change_row(change: Change, row_id: str, row: Row | None) -> dict[str, Value]:
    """Return the row of a delta: the whole new row, or only the id of one that is gone."""
    return {"change": change.value, "row_id": row_id} if row is None else {"change": change.value, **row}


def is_gone(line: Row) -> bool:
    """Say whether a row of a delta takes the row away: it then has its id and nothing else."""
    return line.get("masked_name") is None


def apply(full: Iterable[Row], delta: Iterable[Row]) -> list[dict[str, Value]]:
    """Return the next snapshot's rows, in order; raise `DeltaDoesNotFit` where a row is missing or there already."""
    rows = {str(row["row_id"]): dict(row) for row in full}
    for line in delta:
        change, key = Change(str(line["change"])), str(line["row_id"])
        if (change is Change.ADDED) == (key in rows):
            raise DeltaDoesNotFit(f"{change.value} {key}: the snapshot before is another one")
        if is_gone(line):
            del rows[key]
        else:
            rows[key] = {column: line.get(column) for column in COLUMNS}
    return [rows[key] for key in sorted(rows)]
