"""B12: the first load of a roster against django-import-export with `use_bulk`, into the same tables.

    python -m benchmarks.roster_first_load [--compared N] [--rounds N] [--quick]

django-import-export gets its best case otherwise: batches of 5,000, no diffs, no look for old rows, a file without
wrong rows, since it checks nothing across rows. It writes the same people, codes and registrations, with pinyin.
Each measurement has a process and a database of its own, so that peak memory is its own. A million rows:
`benchmarks.roster_whole`.
"""

import argparse
import json
import resource
import subprocess
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from django.db import connection

from benchmarks.processor import metered
from benchmarks.roster_files import COPY, as_owner, fresh_database, roster_file
from benchmarks.timing import RESULTS, interleave, report

NOW = datetime(2025, 6, 2, tzinfo=UTC)
OWN, CACHED, PRODUCT = (
    "import-export, use_bulk, ForeignKeyWidget",
    "import-export, use_bulk, CachedForeignKeyWidget",
    "product, checked",
)


def load_with_product(file: Path) -> None:
    """The product's own import."""
    from institutions.services import roster

    done = roster.import_roster(source=file, by=None, now=NOW)
    assert done.created, done.counts


def load_with_import_export(file: Path, widget: str) -> None:
    """Four resources, one a table, each over the rows it needs."""
    from import_export import widgets

    from benchmarks.import_export_resources import import_all

    with as_owner(COPY) as owner:  # the library sets sequences anew, which the application may not
        owner.execute("GRANT UPDATE ON ALL SEQUENCES IN SCHEMA public TO jifen_app")
    import_all(file, NOW, getattr(widgets, widget))


LOADERS: dict[str, Callable[[Path], None]] = {
    OWN: lambda file: load_with_import_export(file, "ForeignKeyWidget"),
    CACHED: lambda file: load_with_import_export(file, "CachedForeignKeyWidget"),
    PRODUCT: load_with_product,
}


def measure(way: str, file: Path) -> Mapping[str, float]:
    """Run one load in a process of its own and return what it said of itself."""
    child = subprocess.run(
        [sys.executable, "-m", "benchmarks.roster_first_load", "--one", way, "--file", str(file)],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    said: Mapping[str, float] = json.loads(child.stdout.splitlines()[-1])
    return said


def measure_here(way: str, file: Path) -> None:
    """Load in this process and print what it took."""
    with fresh_database():
        connection.ensure_connection()
        with metered(connection.connection.info.backend_pid) as said:
            LOADERS[way](file)
    said["peak MB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(said))  # noqa: T201


def main() -> None:
    """Time the ways side by side on one file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--compared", type=int)
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--slow-rounds", type=int, help="rounds of ForeignKeyWidget, which takes minutes each")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--one", choices=LOADERS)
    parser.add_argument("--file", type=Path)
    options = parser.parse_args()
    if options.one:
        measure_here(options.one, options.file)
        return
    file = roster_file(options.compared or (2_000 if options.quick else 20_000), bad_share=0)
    rows = sum(1 for _line in file.open(encoding="utf-8")) - 1
    ways = {way: (rows, lambda way=way: measure(way, file)) for way in LOADERS}
    rounds = options.rounds or (1 if options.quick else 5)
    measured = interleave(ways, options.slow_rounds or rounds)
    if options.slow_rounds and options.slow_rounds < rounds:
        del ways[OWN]
        for way, more in interleave(ways, rounds - options.slow_rounds).items():
            measured[way].seconds += more.seconds
            measured[way].cpu += more.cpu
    against = measured[CACHED]
    remarks = (
        f"The product is {measured[PRODUCT].rate / against.rate:.1f} times as fast as with `CachedForeignKeyWidget`, "
        "which reads the other table into memory once; `ForeignKeyWidget` is the library's usual one."
    )
    table = report("roster_first_load", f"B12: first load, {rows:,} rows", measured, OWN, remarks)
    (RESULTS / "roster_first_load.md").write_text(table)
    print(table)  # noqa: T201


if __name__ == "__main__":
    main()
