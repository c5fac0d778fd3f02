"""The staging area of one import: temporary tables that only this session sees and that go with it.

`roster_row` holds the rows that are valid in themselves, NULL where the roster says nothing; `roster_refusal` why
others are refused beside them. Nothing outside the session changes while rows are staged, so that a process that
dies leaves nothing.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError, connection

from institutions.roster.reading import Sheet
from institutions.roster.report import ImportReport
from institutions.roster.staging import Digest, Stager
from institutions.services.roster_runs import Run

BLOCK_ROWS = 20_000

CREATE = """
CREATE TEMPORARY TABLE roster_row (
  n int NOT NULL, place_code text, place_name text, place_kind text, region text, code text, name text, category text,
  department text, position text, specialty text, digest text, starts_on date, ends_on date, commitment_on date
);
CREATE TEMPORARY TABLE roster_refusal (n int NOT NULL, place int NOT NULL, col text, why text, detail text);
CREATE TEMPORARY TABLE roster_same (
  n int NOT NULL, person_id uuid, spell_id uuid, place_id uuid, starts_on date, is_told boolean
);
"""
TABLES = (
    "roster_row", "roster_refusal", "roster_place", "roster_link", "roster_who", "roster_change", "roster_new",
    "roster_reading", "roster_slug", "roster_spell", "roster_redo", "roster_missing", "roster_touched", "roster_code",
    "roster_spell_new", "roster_place_again",
    "roster_same", "roster_left", "roster_concerned", "roster_named", "roster_known", "roster_contested",
    "roster_raw", "roster_record", "roster_back",
)  # fmt: skip
COPY_ROWS = "COPY roster_row FROM STDIN WITH (FORMAT text, NULL '')"


@contextmanager
def staging_area() -> Iterator[None]:
    """Make the staging tables for a block and take them away afterwards."""
    _drop()
    with connection.cursor() as cursor:
        cursor.execute(CREATE)
    try:
        yield
    finally:
        _drop()


def stage(sheet: Sheet, digest: Digest, report: ImportReport, run: Run) -> set[str]:
    """Read all rows: good ones into `roster_row`, others into the report. Return the institutions of the others.

    The run is told after every block, and may stop there (`Cancelled`).
    """
    stager = Stager(sheet, digest)
    places_in_doubt: set[str] = set()
    with connection.cursor() as cursor:
        with cursor.copy(COPY_ROWS) as copy:  # the server takes rows in while the next are read
            while True:
                block = stager.block(BLOCK_ROWS)
                copy.write(block.text)
                report.rows += block.rows
                for raw, errors in block.refused:
                    report.refuse(raw.number, raw.cells, errors)
                    places_in_doubt.add(stager.place_of(raw))
                if block.rows < BLOCK_ROWS:
                    break
                run.progress(parsed=block.rows, staged=block.staged, aside=True)
        run.progress(parsed=block.rows, staged=block.staged)
        cursor.execute("ANALYZE roster_row")
    return places_in_doubt


def _drop() -> None:
    if connection.connection is None or connection.connection.closed:
        return
    names = ", ".join(f"pg_temp.{table}" for table in TABLES)
    try:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE IF EXISTS {names}")
    except DatabaseError:
        if not connection.in_atomic_block:  # else the transaction that made them has failed, and they go with it
            raise
