"""B9, B10, B15: the night's run and the opening of a year, against a sequential count(*) of the practitioners.

    python -m benchmarks.nightly [--people N] [--holders N] [--rounds N] [--keep] [--quick]

Two databases with the same number of holders of points, one with a fifth of the people, show that the cost follows
the holders (B15). The night's run is what the nightly tasks call before they publish and prove: decisions that are due,
measures that ended (notices, acts, cards taken out of service), the year, deadlines, unread notices. Every round does
it for the same night and rolls it back; tables are vacuumed in between.
"""

import argparse
import json
import statistics
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta

from django.db import connection, transaction

from benchmarks.populations import UNTIL, Populated, pointed_at, populated
from benchmarks.roster_files import as_owner
from benchmarks.timing import RESULTS, Measured, interleave
from cases.services import deadlines, effects
from institutions.services import escalations
from scoring.models import Scorecard
from scoring.services import endings, scorecards, verification, year_opening

NIGHT, MONTH_LATER = UNTIL + timedelta(days=1), UNTIL + timedelta(days=31)
WRITTEN = """
SELECT sum(n_tup_ins + n_tup_upd + n_tup_del), sum(n_tup_ins + n_tup_upd + n_tup_del)
  FILTER (WHERE relname LIKE 'institutions_practitioner%' OR relname LIKE 'institutions_registration%')
FROM pg_stat_xact_user_tables
"""
WORKED_ON = "scoring_measureend, scoring_scorecard, institutions_notice, institutions_delivery, institutions_auditevent"


class Violated(Exception):
    """Something was written that has no business being written."""


def night(day: date) -> dict[str, float]:
    """Do a night's work for a date, as `config.jobs.NIGHTLY` does, without publishing, sending and proving."""
    now = datetime(day.year, day.month, day.day, tzinfo=UTC)
    effects.make_due_attributions_effective(now=now, today=day)
    ended = endings.close_ended_measures(for_date=day, now=now)
    year_opening.open_scoring_year(year=day.year)
    deadlines.watch_deadlines(now=now, today=day)
    escalations.escalate_unread(now)
    return {"ended": ended["ended"], "told": ended["restored"] + ended["may_reapply"]}


def count() -> dict[str, float]:
    """Read the whole table of practitioners in one process."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL max_parallel_workers_per_gather = 0")
        for way in ("indexscan", "indexonlyscan", "bitmapscan"):
            cursor.execute(f"SET LOCAL enable_{way} = off")
        cursor.execute("SELECT count(*) FROM institutions_practitioner")
        (people,) = cursor.fetchone()
    return {"people": people}


def year(day: date) -> dict[str, float]:
    """Open a year."""
    return {"due": year_opening.open_scoring_year(year=day.year)}


def timed(place: Populated, work: Callable[[], dict[str, float]], *, may_write: bool) -> Mapping[str, float]:
    """Do the work in a database twice, take it back each time, and time the second.

    The first is for the connection, which a worker has for good. Refuses writes to people, and any at all unless the
    work may write.
    """
    with as_owner(place.database) as owner:
        owner.execute(f"VACUUM {WORKED_ON}")
    with pointed_at(place.database):
        for _turn in range(2):
            with transaction.atomic():
                began = time.perf_counter()
                said = work()
                said["seconds"] = time.perf_counter() - began
                said["rows written"] = _written(may_write)
                transaction.set_rollback(True)
    return said


def _written(may_write: bool) -> int:
    """Return how many rows this transaction wrote."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id_if_assigned()")
        (transaction_id,) = cursor.fetchone()
        cursor.execute(WRITTEN)
        rows, of_people = cursor.fetchone()
    if of_people or (not may_write and (rows or transaction_id is not None)):
        raise Violated(f"{rows} rows written, {of_people} of people")
    return int(rows)


def main() -> None:
    """Fill two databases, measure in interleaved rounds, write `results/nightly.json` and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=5_000_000)
    parser.add_argument("--holders", type=int, default=50_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--keep", action="store_true", help="keep the databases for the next time")
    parser.add_argument("--quick", action="store_true", help="50,000 people, 500 holders")
    options = parser.parse_args()
    people, holders = (50_000, 500) if options.quick else (options.people, options.holders)
    with ExitStack() as stack:
        places = [stack.enter_context(populated(size, holders, keep=options.keep)) for size in (people // 5, people)]
        ways = {}
        for place in places:
            ways[f"count(*) of {place.people:,}"] = (1, _way(place, count))
            ways[f"a night, {place.people:,}"] = (1, _way(place, lambda: night(NIGHT), may_write=True))
            ways[f"31 nights at once, {place.people:,}"] = (1, _way(place, lambda: night(MONTH_LATER), may_write=True))
            ways[f"year opening, {place.people:,}"] = (1, _way(place, lambda: year(NIGHT)))
        measured = interleave(ways, options.rounds)
        rates = [_rates(place) for place in places]
    _report(measured, places, rates)


def _way(
    place: Populated, work: Callable[[], dict[str, float]], *, may_write: bool = False
) -> Callable[[], Mapping[str, float]]:
    return lambda: timed(place, work, may_write=may_write)


def _rates(place: Populated) -> dict[str, float]:
    """What proving and publishing cost per row, once."""
    with pointed_at(place.database):
        began = time.perf_counter()
        drifts = verification.verify_ledger()
        proved = time.perf_counter() - began
        if drifts:
            raise Violated(f"{place.database}: {drifts[0]}")
        cards = Scorecard.objects.count()
        with transaction.atomic():
            began = time.perf_counter()
            rendered = scorecards.publish_dirty(now=datetime(2026, 1, 1, 4, tzinfo=UTC), limit=2_000)
            published = time.perf_counter() - began
            transaction.set_rollback(True)
    return {"holders proved a second": cards / proved, "cards rendered a second": rendered / published} | place.took


def _report(measured: Mapping[str, Measured], places: list[Populated], rates: list[dict[str, float]]) -> None:
    median = {name: statistics.median(one.seconds) for name, one in measured.items()}
    lines = ["| work | people | median s | min–max s | against count(*) | against a fifth of the people | notes |"]
    lines.append("|---|---:|---:|---:|---:|---:|---|")
    small, large = places
    for place in places:
        for work in ("count(*) of", "a night,", "31 nights at once,", "year opening,"):
            name = f"{work} {place.people:,}"
            one = measured[name]
            notes = ", ".join(f"{key} {value:,.0f}" for key, value in one.notes.items())
            grown = f"{median[name] / median[f'{work} {small.people:,}']:.2f}" if place is large else ""
            lines.append(
                f"| {work.rstrip(',')} | {place.people:,} | {median[name]:.3f} | {min(one.seconds):.3f}–"
                f"{max(one.seconds):.3f} | {median[name] / median[f'count(*) of {place.people:,}']:.2f} | {grown} "
                f"| {notes} |"
            )
    facts = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "holders": large.holders,
        "seconds": {name: one.seconds for name, one in measured.items()},
        "rates": {f"{place.people}": rate for place, rate in zip(places, rates, strict=True)},
    }
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "nightly.json").write_text(json.dumps(facts, indent=1) + "\n")
    rows = [f"{place.people:,}: {json.dumps(rate)}" for place, rate in zip(places, rates, strict=True)]
    print("\n".join([*lines, "", *rows]))  # noqa: T201


if __name__ == "__main__":
    main()
