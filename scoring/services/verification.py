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
from institutions.selectors.practitioners import families
from scoring.models import Measure, PointsEntry
from scoring.selectors.many_accounts import load_accounts

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

# Effects of awards that fell which nobody undid. Awards that stand have open lines by nature.
OPEN_LINES = """
SELECT e.practitioner_id, e.source_key, string_agg(c.kind || ' ' || c.target, ', ' ORDER BY c.caused_at, c.target)
FROM scoring_pointsentry r
JOIN scoring_pointsentry e ON e.id = r.reverses_id AND e.kind = 'award'
JOIN scoring_consequence c ON c.entry_id = e.id
LEFT JOIN scoring_consequencereversal t ON t.consequence_id = c.id
WHERE t.consequence_id IS NULL GROUP BY e.practitioner_id, e.source_key, e.posting ORDER BY e.posting
"""


@dataclass(frozen=True)
class Drift:
    """One thing that does not agree, and whose it is."""

    practitioner_id: UUID
    check: str
    detail: str


def verify_ledger() -> list[Drift]:
    """Every disagreement between the ledger, its seals, the cached totals, the measures and what was undone."""
    return [*_seals(), *_reversals(), *_totals(), *_measures(), *_open_lines()]


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


def _open_lines() -> Iterator[Drift]:
    for person, key, lines in _rows(OPEN_LINES):
        assert isinstance(person, UUID)
        yield Drift(person, "undone", f"award {key} fell, but these effects of it stand open: {lines}")


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
    person_of = families(people)
    known: dict[UUID, set[tuple[object, ...]]] = {person: set() for person in person_of.values()}
    for row in Measure.objects.filter(practitioner__in=person_of, recorded__endswith__isnull=True):
        known[person_of[row.practitioner_id]].add((row.entry_id, row.kind, row.starts_on, row.ends_on))
    for person, loaded in load_accounts(known).items():
        follows = {(loaded.entry_of[m.award].id, str(m.kind), m.starts_on, m.ends_on) for m in loaded.account.measures}
        if follows != known[person]:
            yield Drift(person, "measures", f"{len(follows)} follow from the ledger, {len(known[person])} stand")
