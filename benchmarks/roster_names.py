"""B13: every kind of name search among a million people, p99 in the database; and what the public page asks, whole.

python -m benchmarks.roster_names [--people N] [--queries N] [--explain] [--keep] [--quick]
"""

import argparse
import json
import random
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from django.core.management import call_command
from django.db import connection

from benchmarks.populations import SEED, UNTIL, pointed_at, populated
from benchmarks.timing import RESULTS
from config.runtime import postgres
from config.runtime.paths import runtime_paths
from institutions.models import Practitioner
from scoring.selectors import search

GRAMS = "institutions_name_grams(name)"
ROW = "SELECT id, name FROM institutions_practitioner WHERE NOT is_provisional AND"
MUST_MS = 5.0
WHOLE_QUERIES = 40
SEARCHES: dict[str, tuple[str, Callable[[Practitioner], str]]] = {
    "exact": (f"{ROW} name = %s ORDER BY name, id LIMIT 20", lambda p: p.name),
    "prefix": (f"{ROW} name LIKE %s ORDER BY name, id LIMIT 20", lambda p: p.name[:2] + "%"),
    "surname": (f"{ROW} name LIKE %s ORDER BY name, id LIMIT 20", lambda p: p.name[:1] + "%"),
    "2 characters anywhere": (f"{ROW} {GRAMS} @> ARRAY[%s] LIMIT 20", lambda p: p.name[-2:]),
    "pinyin": (f"{ROW} pinyin = %s ORDER BY pinyin, name, id LIMIT 20", lambda p: p.pinyin),
    "pinyin prefix": (f"{ROW} pinyin LIKE %s ORDER BY pinyin, name, id LIMIT 20", lambda p: p.pinyin[:5] + "%"),
    "initials": (f"{ROW} initials = %s ORDER BY initials, name, id LIMIT 20", lambda p: p.initials),
    "initials prefix": (f"{ROW} initials LIKE %s ORDER BY initials, name, id LIMIT 20", lambda p: p.initials[:2] + "%"),
}
WHOLE: dict[str, Callable[[Practitioner], str]] = {
    "public page: full name": lambda p: p.name,
    "public page: beginning of a name": lambda p: p.name[:2],
    "public page: pinyin": lambda p: p.pinyin,
    "public page: beginning of a pinyin": lambda p: p.pinyin[:6].ljust(6, "a"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """How long one answer took, in milliseconds: by the clock, and of the server's processor."""

    waited: float
    busy: float


def ask(people: list[Practitioner], whole: int = 0) -> dict[str, list[Asked]]:
    """Ask each kind of question about each person, kinds interleaved, and the whole page about the first `whole`."""
    taken: dict[str, list[Asked]] = {kind: [] for kind in (*SEARCHES, *WHOLE)}
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        server = Path(f"/proc/{cursor.fetchone()[0]}/schedstat")

        def run(statement: str, value: str) -> None:
            cursor.execute(statement, [value])
            cursor.fetchall()

        for person in people:
            for kind, (statement, value) in SEARCHES.items():
                taken[kind].append(_timed(server, partial(run, statement, value(person))))
    for person in people[:whole]:
        spell = person.registrations.order_by("starts_on").first()
        assert spell is not None
        for kind, name in WHOLE.items():
            question = search.Question(name=name(person), institution=spell.institution.name)
            taken[kind].append(_timed(server, partial(search.find, question, on=UNTIL)))
    return taken


def _timed(server: Path, work: Callable[[], object]) -> Asked:
    """Time one question, by the clock and by what the server process was busy, which other work cannot lengthen."""
    busy, began = _busy(server), time.perf_counter()
    work()
    waited = time.perf_counter() - began
    return Asked(waited * 1000, (_busy(server) - busy) / 1e6)


def _busy(server: Path) -> int:
    return int(server.read_text().split()[0])


def read_whole(database: str) -> None:
    """Read the people and every index of theirs once, so that they are in the machine's memory as after a day."""
    with postgres.connect(runtime_paths(), postgres.SUPERUSER, database) as server:
        server.execute("CREATE EXTENSION IF NOT EXISTS pg_prewarm")
        people = "'institutions_practitioner'::regclass"
        server.execute(f"SELECT pg_prewarm(indexrelid, 'read') FROM pg_index WHERE indrelid = {people}")
        server.execute(f"SELECT pg_prewarm({people}, 'read')")
        server.execute("DROP EXTENSION pg_prewarm")


def explain(person: Practitioner) -> None:
    """Print the plan of each kind of search."""
    with connection.cursor() as cursor:
        for kind, (statement, value) in SEARCHES.items():
            cursor.execute("EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) " + statement, [value(person)])
            plan = "\n".join(line for (line,) in cursor.fetchall())
            print(f"-- {kind}: {value(person)}\n{plan}\n")  # noqa: T201


def main() -> None:
    """Fill a database, ask each kind of question many times, write `results/` and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=1_000_000)
    parser.add_argument("--holders", type=int, default=50_000)
    parser.add_argument("--queries", type=int, default=1000)
    parser.add_argument("--explain", action="store_true")
    parser.add_argument("--keep", action="store_true", help="keep the database for the next time")
    parser.add_argument("--quick", action="store_true", help="50,000 people, 500 holders, 200 queries")
    options = parser.parse_args()
    if options.quick:
        options.people, options.holders, options.queries = 50_000, 500, 200
    with populated(options.people, options.holders, keep=options.keep) as place, pointed_at(place.database):
        call_command("migrate", verbosity=0)  # a kept one may be of an earlier release
        people = list(Practitioner.objects.order_by("slug")[: options.queries])
        random.Random(SEED).shuffle(people)  # noqa: S311  the same questions each time
        if options.explain:
            explain(people[0])
        read_whole(place.database)
        ask(people[:50])  # warm
        taken = ask(people, WHOLE_QUERIES)
    _report(options.people, taken)


def _report(people: int, taken: dict[str, list[Asked]]) -> None:
    facts: dict[str, dict[str, float]] = {}
    lines = [
        f"### Name search among {people:,} people",
        "",
        "| search | p50 ms | p99 ms | p50 ms of the server's processor | p99 | |",
        "|---|---:|---:|---:|---:|---|",
    ]
    for kind, asked in taken.items():
        waited, busy = [one.waited for one in asked], [one.busy for one in asked]
        one = facts[kind] = {
            "p50": _p(50, waited),
            "p99": _p(99, waited),
            "cpu p50": _p(50, busy),
            "cpu p99": _p(99, busy),
        }
        verdict = "" if kind in WHOLE else ("≤ 5" if one["p99"] <= MUST_MS else "> 5 by the clock")
        lines.append("| " + " | ".join([kind, *(f"{value:.2f}" for value in one.values()), verdict]) + " |")
    RESULTS.mkdir(exist_ok=True)
    kept = {"people": people, "at": datetime.now(UTC).isoformat(timespec="seconds"), "ms": facts}
    (RESULTS / f"roster_names_{people}.json").write_text(json.dumps(kept, indent=1) + "\n")
    print("\n".join([*lines, "", "Clock: the client's, one connection over a Unix socket.", ""]))  # noqa: T201


def _p(percent: int, values: list[float]) -> float:
    return statistics.quantiles(values, n=100)[percent - 1]


if __name__ == "__main__":
    main()
