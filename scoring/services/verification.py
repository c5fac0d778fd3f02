"""Proof that nobody touched the ledger: seals, signs, sums and measures, all recomputed.

The seal of each row covers the row before it (``scoring_entry_digest``), so an edited, removed or
slipped-in row is found even when somebody with every right over the database corrected the totals.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from institutions.models import Practitioner
from institutions.selectors.practitioners import record_ids
from scoring.models import AccountEvent, Measure, PointsEntry
from scoring.selectors.accounts import account_from_rows, standing_merges

BATCH = 1000

BROKEN_SEALS = """
SELECT practitioner_id, source_key FROM (
  SELECT e.practitioner_id, e.source_key, e.previous, e.digest,
         coalesce(lag(e.digest) OVER (PARTITION BY e.practitioner_id ORDER BY e.posting), '') AS before,
         scoring_entry_digest(e) AS computed
  FROM scoring_pointsentry e
) sealed WHERE digest <> computed OR previous <> before
"""
BAD_REVERSALS = """
SELECT r.practitioner_id, r.source_key FROM scoring_pointsentry r
JOIN scoring_pointsentry t ON t.id = r.reverses_id
WHERE r.points <> -t.points OR r.practitioner_id <> t.practitioner_id OR r.year <> t.year OR t.kind = 'reversal'
"""
# The total of a person whose records were merged stands under the record that survives.
WRONG_TOTALS = """
WITH RECURSIVE merged AS (
  SELECT id, merged_into_id AS into_id FROM institutions_practitioner WHERE merged_into_id IS NOT NULL
  UNION ALL
  SELECT m.id, p.merged_into_id FROM merged m JOIN institutions_practitioner p ON p.id = m.into_id
  WHERE p.merged_into_id IS NOT NULL
), survivor AS (
  SELECT m.id, m.into_id FROM merged m JOIN institutions_practitioner p ON p.id = m.into_id
  WHERE p.merged_into_id IS NULL
)
SELECT coalesce(s.practitioner_id, t.practitioner_id), coalesce(s.year, t.year),
       coalesce(s.points, 0), coalesce(t.points, 0)
FROM (SELECT coalesce(v.into_id, e.practitioner_id) AS practitioner_id, e.year, sum(e.points) AS points
      FROM scoring_pointsentry e LEFT JOIN survivor v ON v.id = e.practitioner_id GROUP BY 1, 2) s
FULL JOIN scoring_pointstotal t ON t.practitioner_id = s.practitioner_id AND t.year = s.year
WHERE coalesce(s.points, 0) <> coalesce(t.points, 0) OR s.points < 0
"""


@dataclass(frozen=True)
class Drift:
    """One thing that does not agree, and whose it is."""

    practitioner_id: UUID
    check: str
    detail: str


def verify_ledger() -> list[Drift]:
    """Every disagreement between the ledger, its seals, the cached totals and the measures."""
    return [*_seals(), *_reversals(), *_totals(), *_measures()]


def describe(drift: Drift) -> str:
    """One line that names the person: name, public id, what is wrong."""
    person = Practitioner.objects.get(pk=drift.practitioner_id)
    return f"{person.name} ({person.slug}): {drift.check}: {drift.detail}"


def _rows(sql: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


def _seals() -> Iterator[Drift]:
    for person, key in _rows(BROKEN_SEALS):
        assert isinstance(person, UUID)
        yield Drift(person, "seal", f"entry {key} or the one before it was changed, removed or slipped in")


def _reversals() -> Iterator[Drift]:
    for person, key in _rows(BAD_REVERSALS):
        assert isinstance(person, UUID)
        yield Drift(person, "reversal", f"entry {key} is not the exact negative of what it reverses")


def _totals() -> Iterator[Drift]:
    for person, year, points, cached in _rows(WRONG_TOTALS):
        assert isinstance(person, UUID)
        yield Drift(person, "total", f"{year}: the entries sum to {points}, the cached total says {cached}")


def _measures() -> Iterator[Drift]:
    """Known measures against a replay, in batches of people with entries or events."""
    people = PointsEntry.objects.order_by("practitioner_id").values_list("practitioner_id", flat=True).distinct()
    batch: list[UUID] = []
    for person in people.iterator(chunk_size=BATCH):
        batch.append(person)
        if len(batch) == BATCH:
            yield from _measures_of(batch)
            batch = []
    yield from _measures_of(batch)


def _measures_of(people: list[UUID]) -> Iterator[Drift]:
    records_of = _records_of(people)
    records = [record for family in records_of.values() for record in family]
    entries: dict[UUID, list[PointsEntry]] = {}
    for entry in PointsEntry.objects.filter(practitioner__in=records).select_related("rulebook").order_by("posting"):
        entries.setdefault(entry.practitioner_id, []).append(entry)
    happened: dict[UUID, list[AccountEvent]] = {}
    for event in AccountEvent.objects.filter(practitioner__in=records).select_related("rulebook").order_by("posting"):
        happened.setdefault(event.practitioner_id, []).append(event)
    known: dict[UUID, set[tuple[object, ...]]] = {}
    for row in Measure.objects.filter(practitioner__in=records, recorded__endswith__isnull=True):
        known.setdefault(row.practitioner_id, set()).add((row.entry_id, row.kind, row.starts_on, row.ends_on))
    merges = {merge.gone_id: merge for merge in standing_merges().filter(gone__in=records)}
    for person, family in records_of.items():
        loaded = account_from_rows(
            sorted((row for record in family for row in entries.get(record, [])), key=lambda row: row.posting),
            sorted((row for record in family for row in happened.get(record, [])), key=lambda row: row.posting),
            [merges[record] for record in family if record in merges],
        )
        follows = {(loaded.entry_of[m.award].id, str(m.kind), m.starts_on, m.ends_on) for m in loaded.account.measures}
        stand = set().union(*(known.get(record, set()) for record in family))
        if follows != stand:
            yield Drift(person, "measures", f"{len(follows)} follow from the ledger, {len(stand)} stand")


def _records_of(people: list[UUID]) -> dict[UUID, list[UUID]]:
    """The records of each person, by the surviving one; people without merges in one query."""
    rows = Practitioner.objects.filter(pk__in=people)
    alone = set(rows.filter(merged_into__isnull=True, merged_from__isnull=True).values_list("pk", flat=True))
    found = {person: [person] for person in people if person in alone}
    for person in rows.exclude(pk__in=alone):
        family = record_ids(person)
        found[family[0]] = family
    return found
