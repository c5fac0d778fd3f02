"""Adding up which points were given where: the cells that decisions are compared with, made anew from the ledger."""

from datetime import datetime

from django.db import connection, transaction

from cases.models import ScoredCell
from cases.policy.consistency import NO_AMOUNT
from cases.selectors.concern_shape import concern_rule
from institutions.clock import local_date

# Each decision counts once in a cell for the same points, however many lines it has there. `width_bucket` numbers the
# bands as `cases.policy.consistency.band_of` does; a test holds one against the other.
_ADD_UP = """
INSERT INTO cases_scoredcell (region_prefix, clause, degree, band, points, decisions, counted_at)
SELECT left(i.region_id, 4), line ->> 'clause', line ->> 'degree',
       COALESCE(width_bucket((line ->> 'amount')::numeric, %(bands)s::numeric[]), %(no_amount)s) AS band,
       (line ->> 'points')::int AS points, count(DISTINCT e.id), %(now)s
FROM scoring_pointsentry e
JOIN institutions_institution i ON i.id = e.institution_id
CROSS JOIN LATERAL jsonb_array_elements(e.lines) AS line
WHERE e.kind = 'award'
  AND NOT EXISTS (SELECT FROM scoring_pointsentry undone WHERE undone.reverses_id = e.id)
  AND jsonb_typeof(line -> 'dropped') IS DISTINCT FROM 'object'
  AND line ? 'clause' AND line ? 'degree' AND line ? 'points'
GROUP BY 1, 2, 3, 4, 5
"""


@transaction.atomic
def renew_cells(*, now: datetime) -> int:
    """Make every cell anew from the awards that stand in the ledger; return how many there are.

    Readers see the old cells until the new ones are whole. A second call makes the same cells. An undone decision
    counts nowhere; a varied one counts with the points it kept.
    """
    rule = concern_rule(local_date(now)).consistency
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE cases_scoredcell IN SHARE ROW EXCLUSIVE MODE")
        ScoredCell.objects.all().delete()
        cursor.execute(_ADD_UP, {"bands": list(rule.amount_bands), "no_amount": NO_AMOUNT, "now": now})
        return int(cursor.rowcount)
