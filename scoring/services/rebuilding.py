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
from scoring.services import measures, scorecards

BATCH = 500

# Everybody with a history, by the record that survives.
HOLDERS = """
WITH RECURSIVE holder AS (
  SELECT practitioner_id AS id FROM scoring_pointsentry
  UNION SELECT practitioner_id FROM scoring_accountevent
  UNION SELECT person.merged_into_id FROM holder JOIN institutions_practitioner person USING (id)
        WHERE person.merged_into_id IS NOT NULL)
SELECT id FROM holder JOIN institutions_practitioner person USING (id) WHERE person.merged_into_id IS NULL ORDER BY id
"""
# A person's total stands under the surviving record and sums the entries of all that were merged into it.
SUM_ENTRIES = """
WITH RECURSIVE record AS (
  SELECT id, id AS person FROM unnest(%s::uuid[]) AS id
  UNION ALL SELECT gone.id, record.person FROM record JOIN institutions_practitioner gone
            ON gone.merged_into_id = record.id)
INSERT INTO scoring_pointstotal (practitioner_id, year, points)
SELECT record.person, entry.year, sum(entry.points) FROM record
JOIN scoring_pointsentry entry ON entry.practitioner_id = record.id GROUP BY record.person, entry.year
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
    totalled = set(PointsTotal.objects.values_list("practitioner_id", flat=True))
    holders = _holders()
    for start in range(0, len(holders), BATCH):
        _rebuild_batch(holders[start : start + BATCH], now)
    Scorecard.objects.filter(practitioner__in=strangers.difference(holders)).delete()
    PointsTotal.objects.filter(practitioner__in=totalled.difference(holders)).delete()
    rendered = scorecards.publish_dirty(now=now)
    return Rebuilt(len(holders), PointsTotal.objects.count(), rendered)


def _holders() -> list[UUID]:
    with connection.cursor() as cursor:
        cursor.execute(HOLDERS)
        return [row[0] for row in cursor.fetchall()]


@transaction.atomic
def _rebuild_batch(people: Sequence[UUID], now: datetime) -> None:
    """Hold these people's accounts, sum their entries, and have their cards rendered."""
    rows = list(Practitioner.objects.filter(pk__in=people).order_by("pk"))
    measures.lock_all(rows)
    ids = [person.pk for person in rows]
    PointsTotal.objects.filter(practitioner__in=ids).delete()
    with connection.cursor() as cursor:
        cursor.execute(SUM_ENTRIES, [ids])
    Scorecard.objects.bulk_create([Scorecard(practitioner_id=key, dirty_at=now) for key in ids], ignore_conflicts=True)
    Scorecard.objects.filter(practitioner__in=ids).update(dirty_at=now)
