"""1 January: totals are keyed by year and no published card outlives its year, so a new year writes nothing.

Nothing to the ledger, nothing to the totals, nothing to the cards: those of the old year stopped holding at midnight
(check constraint ``scorecard_within_a_year``) and are rendered again by the publisher, as after any other midnight.
"""

from __future__ import annotations

from datetime import date

from django.db import connection

# Cards that do not hold on the first day of the year, of people who held points in the year before.
DUE = """
SELECT count(*) FROM scoring_scorecard card
JOIN scoring_pointstotal total ON total.practitioner_id = card.practitioner_id AND total.year = %s AND total.points > 0
WHERE card.valid_until < %s OR card.dirty_at IS NOT NULL
"""


def open_scoring_year(*, year: int) -> int:
    """Return how many of last year's holders have a scorecard that is still to be rendered for the new year.

    Reads the holders of points, whatever the number of practitioners, and writes nothing. Once their cards are
    rendered the answer is none.
    """
    with connection.cursor() as cursor:
        cursor.execute(DUE, [year - 1, date(year, 1, 1)])
        (due,) = cursor.fetchone()
    return int(due)
