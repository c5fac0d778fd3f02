"""B13: every kind of name search among a million people, p99 in the database.

python -m benchmarks.roster_names [--people N] [--queries N]
"""

import argparse
import random
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from django.db import connection

from benchmarks.roster_files import SEED, UNTIL, as_owner, fresh_database
from benchmarks.timing import RESULTS
from institutions.models import Practitioner
from institutions.services import population, population_tables

NOW = datetime(2025, 6, 2, tzinfo=UTC)
GRAMS = "institutions_name_grams(name)"
ROW = "SELECT id, name FROM institutions_practitioner WHERE"
SEARCHES: dict[str, tuple[str, Callable[[Any], str]]] = {
    "exact": (f"{ROW} name = %s ORDER BY name, id LIMIT 20", lambda p: p.name),
    "prefix": (f"{ROW} name LIKE %s ORDER BY name, id LIMIT 20", lambda p: p.name[:2] + "%"),
    "surname": (f"{ROW} name LIKE %s ORDER BY name, id LIMIT 20", lambda p: p.name[:1] + "%"),
    "2 characters anywhere": (f"{ROW} {GRAMS} @> ARRAY[%s] LIMIT 20", lambda p: p.name[-2:]),
    "pinyin prefix": (f"{ROW} pinyin LIKE %s ORDER BY pinyin, name, id LIMIT 20", lambda p: p.pinyin[:8] + "%"),
    "initials": (f"{ROW} initials = %s ORDER BY initials, name, id LIMIT 20", lambda p: p.initials),
    "initials prefix": (f"{ROW} initials LIKE %s ORDER BY initials, name, id LIMIT 20", lambda p: p.initials[:2] + "%"),
}


def main() -> None:
    """Fill a database, then ask each kind of question many times, kinds interleaved."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=1_000_000)
    parser.add_argument("--queries", type=int, default=1000)
    options = parser.parse_args()
    places = population.load_places(None, None)
    people = population.generate_people(places, options.people, SEED, UNTIL)
    with fresh_database() as database:
        began = time.perf_counter()
        population_tables.write_tables(people, places, keys=population_tables.keys_for(SEED, NOW), now=NOW)
        filled = time.perf_counter() - began
        with as_owner(database) as owner:
            owner.execute("VACUUM ANALYZE institutions_practitioner")
        asked = list(Practitioner.objects.order_by("slug")[: options.queries])
        random.Random(SEED).shuffle(asked)  # noqa: S311  the same questions each time
        taken: dict[str, list[float]] = {kind: [] for kind in SEARCHES}
        with connection.cursor() as cursor:
            for person in asked:
                for kind, (statement, value) in SEARCHES.items():
                    began = time.perf_counter()
                    cursor.execute(statement, [value(person)])
                    cursor.fetchall()
                    taken[kind].append((time.perf_counter() - began) * 1000)
    lines = [f"### B13: name search among {options.people:,} people", ""]
    lines += [f"Filled in {filled:.0f} s ({options.people / filled:,.0f} people/s, histories included).", ""]
    lines += ["| search | p50 ms | p99 ms |", "|---|---:|---:|"]
    for kind, times in taken.items():
        lines.append(f"| {kind} | {statistics.median(times):.2f} | {statistics.quantiles(times, n=100)[98]:.2f} |")
    table = "\n".join([*lines, "", "Times are those of the client, one connection over a Unix socket.", ""])
    (RESULTS / "roster_names.md").write_text(table)
    print(table)  # noqa: T201


if __name__ == "__main__":
    main()
