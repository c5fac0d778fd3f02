"""Measures, totals and the scorecard's dirtiness after anything was posted for a person."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange, DateTimeTZRange
from django.utils.translation import gettext as _

from institutions.models import Practitioner, User
from institutions.selectors.practitioners import record_ids
from institutions.services.locks import keep_roster_still
from scoring.consequences.registry import MEASURE, SCORECARD
from scoring.enums import EntryKind
from scoring.models import Measure, PointsEntry
from scoring.policy.account import Credit, PolicyMeasure
from scoring.selectors.accounts import LoadedAccount, load_account
from scoring.services import scorecards

MeasureKey = tuple[object, ...]


@dataclass(frozen=True)
class Refreshed:
    """What a posting changed: measures that are new, measures no longer known, and the account."""

    loaded: LoadedAccount
    added: tuple[Measure, ...]
    ended: tuple[Measure, ...]


def lock(practitioner: Practitioner, now: datetime) -> datetime:
    """Hold the person's account for this transaction (the last lock in the order of locks); return when to record.

    That is ``now``, or just after the latest posting of the person where a door read its clock earlier than
    another but came to the lock later: what was known when is a strict order, person by person.
    """
    record: UUID | None = practitioner.pk
    while record is not None:  # a record that was merged, then the one it was merged into
        held = Practitioner.objects.select_for_update(no_key=True).only("id", "merged_into_id").get(pk=record)
        record = held.merged_into_id
    with connection.cursor() as cursor:
        cursor.execute(LAST_RECORDED, {"records": record_ids(held)})
        (last,) = cursor.fetchone()
    return now if last is None or last < now else last + timedelta(microseconds=1)


def lock_all(people: Collection[Practitioner]) -> None:
    """Hold several accounts at once for this transaction, in the one order in which everybody takes them.

    That is merged records before those they lead to, and by id among equals: whoever holds several never waits in a
    circle with another, nor with ``lock``. No merge and no roster changes people meanwhile: both are waited for.
    """
    keep_roster_still()
    leads_to: dict[UUID, UUID | None] = {}
    found = {person.pk for person in people}
    while found:
        rows = Practitioner.objects.filter(pk__in=found).values_list("pk", "merged_into_id")
        leads_to |= dict(rows)
        found = {into for _record, into in rows if into is not None} - leads_to.keys()
    ordered = sorted(leads_to, key=lambda record: (-_depth(record, leads_to), record))
    with connection.cursor() as cursor:
        cursor.execute(LOCK_IN_ORDER, [ordered])


def _depth(record: UUID, leads_to: Mapping[UUID, UUID | None]) -> int:
    """How many merges lie between a record and the one that survives."""
    into = leads_to[record]
    return 0 if into is None else 1 + _depth(into, leads_to)


def refresh(*, practitioner: Practitioner, cause: PointsEntry | None, by: User | None, now: datetime) -> Refreshed:
    """Replay the account and make the rows say what follows; the person's lock is held.

    Posts or reverses repair entries whose decision changed, ends and adds measures (what was known
    before stays known as such), renews the cached totals and takes the scorecard out of service.
    ``cause`` is the entry to whose consequences the new measures belong.
    """
    records = record_ids(practitioner)
    loaded = load_account(practitioner)
    _sync_repairs(loaded, by, now)
    ended, added = _sync_measures(records, loaded, now)
    _sync_totals(records)
    scorecards.mark_dirty(practitioner=Practitioner(pk=records[0]), now=now)
    for measure in added:
        MEASURE.cause(entry=measure.entry, thing=measure, now=now)
    if cause is not None and cause.kind == EntryKind.AWARD:
        for measure in added:
            MEASURE.cause(entry=cause, thing=measure, now=now)
        SCORECARD.cause(entry=cause, thing=practitioner, now=now)
    return Refreshed(loaded, tuple(added), tuple(ended))


def _sync_repairs(loaded: LoadedAccount, by: User | None, now: datetime) -> None:
    """Post what replay credits and reverse what it no longer does; account events are the source."""
    credited: dict[str, Credit] = {c.ref: c for c in loaded.account.credits}
    reversed_ids = {e.reverses_id for e in loaded.entries if e.reverses_id is not None}
    for event in loaded.account_events:
        if event.rulebook_id is None:
            continue
        posted = [e for e in loaded.entries if e.event_id == event.id and e.kind == EntryKind.REPAIR]
        standing = [e for e in posted if e.id not in reversed_ids]
        credit = credited.get(event.source_key)
        for entry in standing:
            if credit is not None and (entry.points, entry.year) == (-credit.points, credit.year):
                credit = None  # already on the ledger
                continue
            _reverse_repair(entry, by, now)
        if credit is not None:
            PointsEntry.objects.create(
                practitioner_id=event.practitioner_id,
                kind=EntryKind.REPAIR,
                points=-credit.points,
                year=credit.year,
                effective_on=credit.on,
                rulebook_id=event.rulebook_id,
                source_key=f"{event.source_key}:{len(posted) + 1}",
                event=event,
                reason=event.reason,
                recorded_at=now,
                recorded_by=by,
            )


def _reverse_repair(entry: PointsEntry, by: User | None, now: datetime) -> None:
    PointsEntry.objects.create(
        practitioner_id=entry.practitioner_id,
        kind=EntryKind.REVERSAL,
        points=-entry.points,
        year=entry.year,
        effective_on=entry.effective_on,
        rulebook_id=entry.rulebook_id,
        source_key=f"{entry.source_key}:reversal",
        reverses=entry,
        event_id=entry.event_id,
        reason=_("The rules decided this repair again after a correction."),
        recorded_at=now,
        recorded_by=by,
    )


def _sync_measures(records: list[UUID], loaded: LoadedAccount, now: datetime) -> tuple[list[Measure], list[Measure]]:
    """End the rows that no longer follow and add those that do."""
    known = list(
        Measure.objects.filter(practitioner__in=records, recorded__endswith__isnull=True).select_related("entry")
    )
    wanted = {_key_of_policy(m, loaded): m for m in loaded.account.measures}
    ended = [row for row in known if _key_of_row(row) not in wanted]
    kept = {_key_of_row(row) for row in known}
    added = [_row_of(m, loaded, now) for key, m in wanted.items() if key not in kept]
    _end_known(ended, now)
    Measure.objects.bulk_create(added)
    return ended, added


def _end_known(rows: Iterable[Measure], now: datetime) -> None:
    ids = [row.id for row in rows]
    if not ids:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE scoring_measure SET recorded = tstzrange(lower(recorded), %s) WHERE id = ANY(%s)", [now, ids]
        )


def measures_of(loaded: LoadedAccount, now: datetime) -> list[Measure]:
    """The rows, not yet saved, that say what measures follow from an account, as known from ``now``."""
    return [_row_of(measure, loaded, now) for measure in loaded.account.measures]


def _row_of(measure: PolicyMeasure, loaded: LoadedAccount, now: datetime) -> Measure:
    entry = loaded.entry_of[measure.award]
    return Measure(
        practitioner_id=entry.practitioner_id,
        entry=entry,
        kind=measure.kind,
        tier=measure.tier,
        year=measure.year,
        valid=DateRange(measure.starts_on, measure.ends_on + timedelta(days=1)),
        recorded=DateTimeTZRange(now, None),
        months_imposed=measure.months_imposed,
        termination_end=measure.termination_end,
    )


def _key_of_policy(measure: PolicyMeasure, loaded: LoadedAccount) -> MeasureKey:
    return (
        loaded.entry_of[measure.award].id,
        str(measure.kind),
        str(measure.tier),
        measure.year,
        measure.starts_on,
        measure.ends_on,
        measure.months_imposed,
    )


def _key_of_row(row: Measure) -> MeasureKey:
    return (row.entry_id, row.kind, row.tier, row.year, row.starts_on, row.ends_on, row.months_imposed)


LOCK_IN_ORDER = """
SELECT p.id FROM institutions_practitioner p
JOIN unnest(%s::uuid[]) WITH ORDINALITY AS wanted (id, place) USING (id)
ORDER BY wanted.place FOR NO KEY UPDATE OF p
"""
LAST_RECORDED = """
SELECT greatest(
  (SELECT max(recorded_at) FROM scoring_pointsentry WHERE practitioner_id = ANY (%(records)s)),
  (SELECT max(recorded_at) FROM scoring_accountevent WHERE practitioner_id = ANY (%(records)s)),
  (SELECT max(greatest(recorded_at, undo_recorded_at)) FROM institutions_practitionermerge
   WHERE kept_id = ANY (%(records)s) OR gone_id = ANY (%(records)s)))
"""
RENEW_TOTALS = """
INSERT INTO scoring_pointstotal AS cached (practitioner_id, year, points)
SELECT %(person)s, year, sum(points) FROM scoring_pointsentry WHERE practitioner_id = ANY (%(records)s)
GROUP BY year
ON CONFLICT (practitioner_id, year) DO UPDATE SET points = EXCLUDED.points
WHERE cached.points IS DISTINCT FROM EXCLUDED.points
"""


DROP_TOTALS = """
DELETE FROM scoring_pointstotal t WHERE t.practitioner_id = ANY (%(records)s)
AND (t.practitioner_id <> %(person)s OR NOT EXISTS (
  SELECT FROM scoring_pointsentry e WHERE e.practitioner_id = ANY (%(records)s) AND e.year = t.year))
"""


def _sync_totals(records: list[UUID]) -> None:
    """Renew the cached totals from the sums: one row a year, under the surviving record."""
    parameters: dict[str, UUID | list[UUID]] = {"person": records[0], "records": records}
    with connection.cursor() as cursor:
        cursor.execute(DROP_TOTALS, parameters)
        cursor.execute(RENEW_TOTALS, parameters)
