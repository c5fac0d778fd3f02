"""Making the projections anew from the ledger: cached totals and published scorecards.

Both are derived: dropped and rebuilt they are what they were. The ledger, its events and the measures with their two
clocks are the truth and are not touched; ``verify_ledger`` proves that the measures still follow.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from institutions.models import Practitioner
from scoring.models import PointsTotal, Scorecard
from scoring.services import scorecards

BATCH = 500

# Everybody with a history, and whoever their record was merged into.
HOLDERS = """
WITH RECURSIVE holder AS (
  SELECT practitioner_id AS id FROM scoring_pointsentry
  UNION SELECT practitioner_id FROM scoring_accountevent
  UNION SELECT person.merged_into_id FROM holder JOIN institutions_practitioner person USING (id)
        WHERE person.merged_into_id IS NOT NULL)
SELECT id FROM holder ORDER BY id
"""
DROP_TOTALS_OF_NOBODY = """
DELETE FROM scoring_pointstotal total WHERE NOT EXISTS (
  SELECT 1 FROM scoring_pointsentry entry WHERE entry.practitioner_id = total.practitioner_id)
"""
SUM_ENTRIES = """
INSERT INTO scoring_pointstotal (practitioner_id, year, points)
SELECT practitioner_id, year, sum(points) FROM scoring_pointsentry WHERE practitioner_id = ANY(%s)
GROUP BY practitioner_id, year
"""


@dataclass(frozen=True)
class Rebuilt:
    """How many people have a history, and how much was made anew for them."""

    people: int
    totals: int
    scorecards: int


def rebuild(*, now: datetime) -> Rebuilt:
    """Sum every total again and render every scorecard again; return how many.

    People are locked batch by batch, so postings go on meanwhile and none is missed. Rows of somebody without a history
    are dropped. A second run changes nothing but when the cards were published.
    """
    strangers = set(Scorecard.objects.values_list("practitioner_id", flat=True))
    holders = _holders()
    for start in range(0, len(holders), BATCH):
        _rebuild_batch(holders[start : start + BATCH], now)
    Scorecard.objects.filter(practitioner__in=strangers.difference(holders)).delete()
    with connection.cursor() as cursor:
        cursor.execute(DROP_TOTALS_OF_NOBODY)
    rendered = scorecards.publish_dirty(now=now)
    return Rebuilt(len(holders), PointsTotal.objects.count(), rendered)


def _holders() -> list[UUID]:
    with connection.cursor() as cursor:
        cursor.execute(HOLDERS)
        return [row[0] for row in cursor.fetchall()]


@transaction.atomic
def _rebuild_batch(people: Sequence[UUID], now: datetime) -> None:
    """Lock these people in the order of their ids, sum their entries, and have their cards rendered."""
    locked = Practitioner.objects.select_for_update(no_key=True).filter(pk__in=people).order_by("pk")
    ids = list(locked.values_list("pk", flat=True))
    PointsTotal.objects.filter(practitioner__in=ids).delete()
    with connection.cursor() as cursor:
        cursor.execute(SUM_ENTRIES, [ids])
    Scorecard.objects.bulk_create([Scorecard(practitioner_id=key, dirty_at=now) for key in ids], ignore_conflicts=True)
    Scorecard.objects.filter(practitioner__in=ids).update(dirty_at=now)
