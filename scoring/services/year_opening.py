"""1 January: totals are keyed by year, so a new year writes nothing to the ledger or the totals.

Only the pages of those who held points in the old year have to be rendered again.
"""

from __future__ import annotations

from datetime import date, datetime

from django.db import connection


def open_scoring_year(*, year: int, now: datetime) -> int:
    """Have the scorecards of last year's holders rendered again; return how many were marked.

    Set-based over the holders of points, whatever the number of practitioners. A card that was
    already rendered in the new year is left alone, so a second run marks nothing.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE scoring_scorecard SET dirty_at = %s FROM scoring_pointstotal total "
            "WHERE total.practitioner_id = scoring_scorecard.practitioner_id AND total.year = %s "
            "AND total.points > 0 AND scoring_scorecard.dirty_at IS NULL AND scoring_scorecard.valid_from < %s",
            [now, year - 1, date(year, 1, 1)],
        )
        return int(cursor.rowcount)
