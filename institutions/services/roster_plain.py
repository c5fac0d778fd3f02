"""A plain file against what is on record, by the database itself: nearly every row of a roster is there already.

The lines go into a temporary table as they are, and one join finds the rows that are the same. Only the others are
read cell by cell (`roster_staging`), in the one grammar there is.
"""

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.db import connection, transaction
from psycopg import DataError

from institutions.models import Registration
from institutions.roster.columns import Column
from institutions.roster.lines import NotPlain, plain_lines
from institutions.roster.reading import FileFacts, Sheet, Source, pick_records
from institutions.roster.report import ImportReport
from institutions.roster.staging import Digest
from institutions.services.roster_runs import Run
from institutions.services.roster_sql_plain import (
    OTHERS,
    RECORD,
    RECORD_AS_USUAL,
    RECORD_IN_ORDER,
    as_staged,
    copy_raw,
    create_raw,
    find_same,
)
from institutions.services.roster_staging import stage

SHARE_MIN = 0.05  # a file that is short beside what is on record is read cell by cell and looked up row by row
BLOCKS_BETWEEN = 4  # blocks of lines (1 MiB each) between two notes of how far the run is


@dataclass(frozen=True, slots=True)
class PlainFile:
    """A file whose lines are in `roster_raw`: how many, and which cell holds which column."""

    source: Source
    facts: FileFacts
    sheet: Sheet
    rows: int

    @property
    def places(self) -> Mapping[Column, int]:
        """Return the place of each column in a line."""
        return {column: self.sheet.headings.index(heading) for column, heading in self.sheet.columns.items()}

    @property
    def rows_as_staged(self) -> str:
        """Return the query of rows of `roster_same` in the form of `roster_row`."""
        return as_staged(self.places)


def take_in(source: Source, facts: FileFacts, sheet: Sheet, run: Run) -> PlainFile | None:
    """Copy the lines of a plain file into `roster_raw`; None where it is not plain, or that does not pay.

    Nothing of a file that turns out not to be plain stays. The run may stop between two blocks (`Cancelled`).
    """
    if Column.CODE not in sheet.columns or not _pays(facts.lines):
        return None
    width, rows = len(sheet.headings), 0
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(create_raw(width))
            with cursor.copy(copy_raw(width)) as copy:
                for number, lines in enumerate(plain_lines(source, facts, sheet), start=1):
                    copy.write(lines.data)
                    rows += lines.count
                    if number % BLOCKS_BETWEEN == 0:
                        run.progress(aside=True)
    except (NotPlain, DataError):
        return None
    return PlainFile(source, facts, sheet, rows)


def stage_others(plain: PlainFile, allowed: Sequence[str], digest: Digest, report: ImportReport, run: Run) -> set[str]:
    """Fill `roster_same` with the rows that are on record as they stand, and stage the others.

    To be called in the transaction that writes, under the roster's lock. `allowed` are the prefixes of the regions over
    which the importer may import. Returns the institutions of the rows that were refused, as `stage` does.
    """
    others = array("I")
    with connection.cursor() as cursor:
        for statement in (RECORD_IN_ORDER, RECORD, RECORD_AS_USUAL):
            cursor.execute(statement)
        cursor.execute(find_same(plain.places), {"allowed": [prefix + "%" for prefix in allowed]})
        same = int(cursor.rowcount)
        cursor.execute("DROP TABLE roster_record")
        cursor.execute("ANALYZE roster_same")
        with cursor.copy(OTHERS) as copy:
            for (number,) in copy.rows():
                others.append(int(number))
    report.rows += same
    run.progress(parsed=same, staged=same)
    records = pick_records(plain.source, plain.facts, plain.sheet, others)
    return stage(replace(plain.sheet, records=records), digest, report, run)


def _pays(lines: int) -> bool:
    """Whether somebody is on record, and not many more than the file may name (as the server last counted them)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE oid = %s::regclass", [Registration._meta.db_table])
        (on_record,) = cursor.fetchone()
    return lines >= max(on_record, 1) * SHARE_MIN and Registration.objects.exists()  # -1: never counted
