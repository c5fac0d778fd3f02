"""B12: the first load of a roster against django-import-export with `use_bulk`, into the same tables.

    python -m benchmarks.roster_first_load [--rows N] [--compared N] [--rounds N]

django-import-export gets its best case: `use_bulk`, batches of 5,000, no diffs, keys looked up in dictionaries, and
a file without wrong rows, since it checks nothing across rows. It writes the same people, codes and registrations,
with pinyin. Each measurement has a process and a database of its own, so that peak memory is its own.
"""

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.roster_files import COPY, as_owner, fresh_database, roster_file
from benchmarks.timing import RESULTS, interleave, report

NOW = datetime(2025, 6, 2, tzinfo=UTC)


def load_with_product(file: Path) -> None:
    """The product's own import."""
    from institutions.services import roster

    done = roster.import_roster(source=file, by=None, now=NOW)
    assert done.created, done.counts


def load_with_import_export(file: Path) -> None:
    """Three resources, one a table, each over the rows it needs."""
    from benchmarks.import_export_resources import import_all

    with as_owner(COPY) as connection:  # the library sets sequences anew, which the application may not
        connection.execute("GRANT UPDATE ON ALL SEQUENCES IN SCHEMA public TO jifen_app")
    import_all(file, NOW)


LOADERS = {"product": load_with_product, "import-export": load_with_import_export}


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


def main() -> None:
    """Time both ways on a short file, and the product on the whole."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--compared", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--one", choices=LOADERS)
    parser.add_argument("--file", type=Path)
    options = parser.parse_args()
    if options.one:
        with fresh_database():
            began = time.perf_counter()
            LOADERS[options.one](options.file)
            seconds = time.perf_counter() - began
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps({"seconds": seconds, "peak MB": peak}))  # noqa: T201
        return
    short = roster_file(options.compared, bad_share=0)
    rows = sum(1 for _line in short.open(encoding="utf-8")) - 1
    ways = {
        "import-export, use_bulk": (rows, lambda: measure("import-export", short)),
        "product": (rows, lambda: measure("product", short)),
    }
    measured = interleave(ways, options.rounds)
    table = report(
        "roster_first_load", f"B12: first load, {rows:,} rows", measured, "import-export, use_bulk", "Same tables."
    )
    if options.rows:
        whole = roster_file(options.rows)
        said = measure("product", whole)
        rate = options.rows / said["seconds"]
        table += (
            f"\nThe whole file ({options.rows:,} rows, 1% wrong): {said['seconds']:.1f} s, {rate:,.0f} rows/s, "
            f"{rate / measured['import-export, use_bulk'].rate:.1f} × import-export, peak {said['peak MB']:,.0f} MB.\n"
        )
    (RESULTS / "roster_first_load.md").write_text(table)
    print(table)  # noqa: T201


if __name__ == "__main__":
    main()
