"""Which rows of open data re-publishers have to let go: those that ended, and those that were undone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from scoring.models import OpenDataRow

ROWS_MAX = 1000  # of a feed; the deltas hold all


@dataclass(frozen=True, slots=True)
class GoneRow:
    """A row that is gone: its id, which says nothing of anybody, since when, and how."""

    row_id: str
    gone_on: date
    gone_as: str


def gone_rows(on: date) -> list[GoneRow]:
    """Return the rows whose end is still told on a Shanghai date, the latest first."""
    rows = OpenDataRow.objects.filter(gone_on__isnull=False, tombstone_until__gte=on).order_by("-gone_on", "row_id")
    return [GoneRow(row.row_id, row.gone_on, row.gone_as) for row in rows[:ROWS_MAX] if row.gone_on is not None]
