"""The first load of a whole province: time, memory, and whether it tells the truth; before that, it is killed.

    python -m benchmarks.roster_whole [--rows N] [--quick]

A generated roster over 2,075 real hospitals, 1% of its rows wrong in sixteen ways. A first import is killed (SIGKILL)
while it writes: nothing may be left. A second is let be: it has to report every planted wrong row with its row and
column, and no other. Exits with an error where either does not hold.
"""

import argparse
import csv
import json
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import connection, connections

from benchmarks.processor import metered
from benchmarks.roster_files import COPY, ROWS_A_PERSON, SEED, UNTIL, fresh_database
from benchmarks.timing import RESULTS
from config.runtime import postgres
from config.runtime.paths import runtime_paths
from institutions.services import population, population_roster

NOW = datetime(2025, 6, 2, tzinfo=UTC)
DEADLINE_SECONDS = 3600
TABLES = (
    "institutions_institution", "institutions_practitioner", "institutions_practitionercode",
    "institutions_registration", "institutions_practitionerevent", "institutions_registrationevent",
)  # fmt: skip


def make_files(rows: int) -> tuple[Path, Path]:
    """Return a roster with wrong rows, and the list of them."""
    folder = Path(settings.VAR_DIR) / "benchmarks"
    folder.mkdir(parents=True, exist_ok=True)
    file, truth = folder / f"whole_{rows}.csv", folder / f"whole_{rows}_truth.csv"
    if not truth.exists():
        places = population.load_places(None, None)
        people = population.generate_people(places, int(rows / ROWS_A_PERSON), SEED, UNTIL)
        population_roster.write_roster(people, places, file, seed=SEED, bad_share=0.01, truth=truth)
    return file, truth


def load_here(file: Path, truth: Path, ready: Path) -> None:
    """Import in this process; print what it took and how its refusals compare with the truth."""
    from institutions.services import roster

    connections["default"].settings_dict["NAME"] = COPY
    connection.ensure_connection()
    ready.touch()
    with metered(connection.connection.info.backend_pid) as said:
        report = roster.import_roster(source=file, by=None, now=NOW)
    with truth.open(encoding="utf-8") as stream:
        planted = {(int(line["row"]), line["column"]) for line in csv.DictReader(stream)}
    reported = {(error.row, error.column) for error in report.rejected}
    said |= {
        "rows": report.rows,
        "planted": len(planted),
        "reported": len(reported),
        "missed": len(planted - reported),
        "invented": len(reported - planted),
        "peak MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    print(json.dumps(said))  # noqa: T201


def start(file: Path, truth: Path, ready: Path) -> subprocess.Popen[str]:
    """Start an import in a process of its own."""
    here = ["--here", str(file), str(truth), str(ready)]
    return subprocess.Popen([sys.executable, "-m", "benchmarks.roster_whole", *here], stdout=subprocess.PIPE, text=True)


def kill_while_it_writes(file: Path, truth: Path, ready: Path) -> Mapping[str, float]:
    """Kill an import once it inserts registrations; return how many rows each table has afterwards, and when."""
    child, began = start(file, truth, ready), time.perf_counter()
    # Only a superuser sees what another role's session is doing.
    with postgres.connect(runtime_paths(), postgres.SUPERUSER, COPY) as watcher:
        try:
            while not _writes_spells(watcher):
                assert child.poll() is None, "the import ended before it could be killed"
                assert time.perf_counter() - began < DEADLINE_SECONDS
                time.sleep(0.05)
            time.sleep(0.5)
        finally:
            child.send_signal(signal.SIGKILL)
            child.wait()
        after = time.perf_counter() - began
        while watcher.execute("SELECT count(*) FROM pg_stat_activity WHERE usename = 'jifen_app'").fetchone() != (0,):
            time.sleep(0.1)
        counts = {table: watcher.execute(f"SELECT count(*) FROM {table}").fetchone() for table in TABLES}
    return {"killed after s": after} | {table: float(str(row[0])) for table, row in counts.items() if row}


def _writes_spells(watcher: "postgres.psycopg.Connection[tuple[object, ...]]") -> bool:
    found = watcher.execute(
        "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%INSERT INTO institutions_registration %' "
        "AND usename = 'jifen_app' AND state = 'active'"
    ).fetchone()
    return found != (0,)


def main() -> None:
    """Kill one import, let another be, compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--here", nargs=3, type=Path)
    options = parser.parse_args()
    if options.here:
        load_here(*options.here)
        return
    rows = options.rows or (50_000 if options.quick else 1_000_000)
    file, truth = make_files(rows)
    ready = file.with_suffix(".ready")
    with fresh_database():
        killed = kill_while_it_writes(file, truth, ready)
        print(killed, flush=True)  # noqa: T201
        child = start(file, truth, ready)
        assert child.stdout is not None
        said = json.loads(child.stdout.read().splitlines()[-1])
        assert child.wait() == 0
    left = sum(killed[table] for table in TABLES)
    rate, cpu_rate = said["rows"] / said["seconds"], said["rows"] / said["cpu"]
    lines = [
        f"### First load of {said['rows']:,} rows, 1% wrong",
        "",
        f"{said['seconds']:.0f} s ({rate:,.0f} rows/s), {said['cpu']:.0f} s of processor time ({cpu_rate:,.0f} rows a "
        f"second of it), peak memory of the importing process {said['peak MB']:,.0f} MB.",
        "",
        f"Wrong rows planted {said['planted']:,}, reported {said['reported']:,}, missed {said['missed']:,}, "
        f"reported without being wrong {said['invented']:,}.",
        "",
        f"Killed (SIGKILL) after {killed['killed after s']:.0f} s, while it inserted registrations; "
        f"rows left: {left:.0f}.",
        "",
    ]
    (RESULTS / "roster_whole.md").write_text("\n".join(lines))
    (RESULTS / "roster_whole.json").write_text(json.dumps({"load": said, "killed": killed}, indent=1) + "\n")
    print("\n".join(lines))  # noqa: T201
    if left or said["missed"] or said["invented"]:
        raise SystemExit("the import left rows behind, or did not tell the truth")


if __name__ == "__main__":
    main()
