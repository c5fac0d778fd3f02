"""B11: a roster of a million registrations, 2% changed since last month, against a raw COPY of the same file.

    python -m benchmarks.roster_refresh [--rows N] [--rounds N] [--quick]

The refresh goes through the product's own import: parsing, checks with 1% bad rows, histories, audit.
"""

import argparse
import resource
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from django.db import connection

from benchmarks.processor import metered
from benchmarks.roster_files import as_owner, fresh_database, roster_file
from benchmarks.timing import RESULTS, interleave, report
from institutions.services import roster

BLOCK = 1 << 20
NOW = datetime(2025, 6, 2, tzinfo=UTC)


def raw_copy(file: Path, database: str) -> Mapping[str, float]:
    """COPY the file's columns, unchecked, into a logged table with an identity key and nothing else; commit."""
    with as_owner(database) as owner:
        owner.execute("TRUNCATE benchmark_raw")
        with metered(owner.info.backend_pid) as said, file.open("rb") as source, owner.cursor() as cursor:
            columns = ", ".join(f"c{number}" for number in range(14))
            with cursor.copy(f"COPY benchmark_raw ({columns}) FROM STDIN WITH (FORMAT csv, HEADER)") as copy:
                while block := source.read(BLOCK):
                    copy.write(block)
    return said


def main() -> None:
    """Load once, then refresh to and fro between two months, raw COPY in between."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int)
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    rows = options.rows or (50_000 if options.quick else 1_000_000)
    months = [roster_file(rows), roster_file(rows, changed=0.02)]
    with fresh_database() as database:
        with as_owner(database) as owner:
            columns = ", ".join(f"c{number} text" for number in range(14))
            owner.execute(f"CREATE TABLE benchmark_raw (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, {columns})")
        began = datetime.now(UTC)
        first = roster.import_roster(source=months[0], by=None, now=NOW)
        loaded = (datetime.now(UTC) - began).total_seconds()
        print(f"first load: {first.rows:,} rows in {loaded:.1f} s", flush=True)  # noqa: T201
        with as_owner(database) as owner:
            owner.execute("VACUUM ANALYZE")
        state = {"month": 0}

        def refresh() -> Mapping[str, float]:
            state["month"] = 1 - state["month"]
            connection.ensure_connection()
            with metered(connection.connection.info.backend_pid) as said:
                done = roster.import_roster(source=months[state["month"]], by=None, now=NOW)
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            return said | {"updated": done.updated, "rejected": len(done.rejected_rows), "peak MB": peak}

        ways = {
            "raw COPY": (first.rows, lambda: raw_copy(months[0], database)),
            "refresh, 2% changed, checked": (first.rows, refresh),
        }
        measured = interleave(ways, options.rounds or (2 if options.quick else 5))
    remarks = f"First load in the same run: {first.rows:,} rows in {loaded:.1f} s ({first.rows / loaded:,.0f} rows/s)."
    table = report("roster_refresh", "B11: refresh of a roster", measured, "raw COPY", remarks)
    (RESULTS / "roster_refresh.md").write_text(table)
    print(table)  # noqa: T201


if __name__ == "__main__":
    main()
