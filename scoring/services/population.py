"""Points for a generated population: entries by COPY through the ledger's own triggers, measures by the policy.

For rehearsals at the size of a country. The ledger is as real as any (seals, sums, measures, so that `verify_ledger`
agrees); consequences and notices, which tell real people, are left out.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from random import Random
from uuid import UUID

from django.db import connection, transaction

from institutions.clock import SHANGHAI
from institutions.models import Institution
from institutions.services.population import Person, Place
from institutions.services.population_tables import Keys
from scoring.models import Measure, MeasureEnd, PointsEntry, RulebookVersion
from scoring.selectors.accounts import account_from_rows
from scoring.selectors.rulebooks import version_for
from scoring.services import measures

BATCH = 2000
FIRST_DAY = date(2025, 3, 1)
BANDS = ((1, 3, 60), (4, 6, 25), (7, 9, 8), (10, 12, 7))  # points from, to, per cent
CLAUSES = {1: "A1", 4: "B1", 7: "C1", 10: "D1"}
SECOND_AWARD_SHARE = 0.2
REVERSED_SHARE = 0.05
COPY_ENTRIES = (
    "COPY scoring_pointsentry (id, practitioner_id, kind, points, single_points, year, effective_on, scored_on, "
    "articles, lines, rulebook_id, institution_id, case_reference, source_key, reverses_id, reason, recorded_at, "
    "previous, digest) FROM STDIN WITH (FORMAT text, NULL '\\N')"
)
RENEW_TOTALS = """
INSERT INTO scoring_pointstotal (practitioner_id, year, points)
SELECT practitioner_id, year, sum(points) FROM scoring_pointsentry WHERE practitioner_id = ANY (%s) GROUP BY 1, 2
"""
DIRTY_CARDS = """
INSERT INTO scoring_scorecard (practitioner_id, version, digest, dirty_at) SELECT unnest(%s::uuid[]), 0, '', %s
"""


@dataclass(frozen=True, slots=True)
class Scored:
    """A person to be scored and the place of the case."""

    number: int
    practitioner: UUID
    place: Place


def choosing(
    people: Iterable[Person], places: list[Place], keys: Keys, *, share: float, chosen: list[Scored]
) -> Iterator[Person]:
    """Pass people on, and put those who get points into `chosen`: each with the chance `share`, the same for a seed."""
    random = Random(keys.seed + 3)  # noqa: S311  has to be the same for the same seed
    for person in people:
        if random.random() < share:
            chosen.append(Scored(person.number, keys.of(0, person.number), places[person.spells[0].place]))
        yield person


def score(
    scored: Iterable[Scored], *, keys: Keys, until: date, now: datetime, told: Callable[[int], None] | None = None
) -> Counter[str]:
    """Post entries effective by `until` for these people, and what follows from them; return counts.

    One transaction a batch. Institutions and people must be on record already.
    """
    random = Random(keys.seed + 4)  # noqa: S311  has to be the same for the same seed
    institutions = dict(Institution.objects.values_list("code", "id"))
    stream, counts = iter(scored), Counter[str]()
    while batch := list(islice(stream, BATCH)):
        lines = [line for one in batch for line in _entries(one, institutions[one.place.code], random, keys, until)]
        with transaction.atomic(), connection.cursor() as cursor:
            with cursor.copy(COPY_ENTRIES) as copy:
                copy.write("".join(lines))
            people = [one.practitioner for one in batch]
            counts["entries"] += len(lines)
            counts["measures"] += _measures(people, until)
            cursor.execute(RENEW_TOTALS, [people])
            cursor.execute(DIRTY_CARDS, [people, now])
        counts["scored"] += len(batch)
        if told is not None:
            told(counts["scored"])
    return counts


def _entries(one: Scored, institution: UUID, random: Random, keys: Keys, until: date) -> Iterator[str]:
    days = (until - FIRST_DAY).days
    awards = 1 + (random.random() < SECOND_AWARD_SHARE)
    for number, offset in enumerate(sorted(int(random.random() * days) for _award in range(awards))):
        on = FIRST_DAY + timedelta(days=offset)
        low, high, _share = random.choices(BANDS, weights=[band[2] for band in BANDS])[0]
        points = random.randint(low, high)
        version = _version(one.place.region, on)
        key = keys.of(2, one.number * 4 + number * 2)
        cause = f"population:{keys.seed}:{one.number}:{number}"
        case = f"虚拟案〔{on.year}〕{one.number}-{number + 1}号"
        line = [{"conduct": cause, "clause": CLAUSES[low], "degree": "general", "points": points, "dropped": None,
                 "from_on": None, "to_on": None, "finding_title": "虚拟违规事实", "amount": None}]  # fmt: skip
        facts = (one.practitioner, on.year, on, version.pk, institution, case, json.dumps(line, ensure_ascii=False))
        yield _line(key, "award", points, cause, facts, _at(on), reverses=None)
        if random.random() < REVERSED_SHARE and on + timedelta(days=20) <= until:
            yield _line(
                keys.of(2, one.number * 4 + number * 2 + 1),
                "reversal",
                -points,
                f"{cause}:reversal",
                facts,
                _at(on + timedelta(days=20)),
                reverses=key,
            )


def _line(
    key: UUID,
    kind: str,
    points: int,
    cause: str,
    facts: tuple[UUID, int, date, UUID, UUID, str, str],
    at: datetime,
    *,
    reverses: UUID | None,
) -> str:
    person, year, on, version, institution, case, lines = facts
    is_award = reverses is None
    cells = (
        key, person, kind, points, points if is_award else "\\N", year, on, on if is_award else "\\N", "{}",
        lines.replace("\\", "\\\\") if is_award else "[]", version, institution, case, cause,
        "\\N" if is_award else reverses, "" if is_award else "虚拟申诉成立", at.isoformat(), "", "",
    )  # fmt: skip
    return "\t".join(map(str, cells)) + "\n"


_versions: dict[tuple[str, date], RulebookVersion] = {}


def _version(region: str, on: date) -> RulebookVersion:
    month = on.replace(day=1)
    found = _versions.get((region, month))
    if found is None:
        found = _versions[region, month] = version_for(region, month)
    return found


def _at(on: date) -> datetime:
    return datetime.combine(on, time(10), SHANGHAI)


def _measures(people: list[UUID], until: date) -> int:
    """Write the measures that follow from the entries, and note those that are over."""
    entries: dict[UUID, list[PointsEntry]] = {}
    posted = PointsEntry.objects.filter(practitioner__in=people).select_related("rulebook")
    for entry in posted.defer("rulebook__pack").order_by("posting"):
        entries.setdefault(entry.practitioner_id, []).append(entry)
    rows: list[Measure] = []
    ends: list[MeasureEnd] = []
    for mine in entries.values():
        loaded = account_from_rows(mine, [])
        for row in measures.measures_of(loaded, mine[-1].recorded_at):
            rows.append(row)
            if row.ends_on < until:
                after = loaded.account.status_on(row.ends_on + timedelta(days=1)).status
                ends.append(
                    MeasureEnd(
                        measure=row,
                        ended_on=row.ends_on,
                        noted_at=_at(row.ends_on + timedelta(days=1)),
                        status_after=str(after),
                    )
                )
    Measure.objects.bulk_create(rows)
    MeasureEnd.objects.bulk_create(ends)
    return len(rows)
