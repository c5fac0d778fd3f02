"""Bulk import of case files from one table: good cases go in, bad ones come back with row, column, value and reason.

Each case is taken in whole or not at all, in a transaction of its own, through the same checks and the same writing as
a case file (`case_import.take_in`). The same table again changes nothing.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from cases.documents.case_table import CaseRows, Row, Table, read_table
from cases.documents.case_table_columns import Column
from cases.documents.files import EvidenceFiles, FolderFiles
from cases.documents.section import Problem
from cases.models import CaseUpload
from cases.services import case_checks, case_import
from cases.services.case_import import Outcome
from cases.services.case_plan import CasePlan
from institutions.clock import local_date
from institutions.codes import normalise_code
from institutions.errors import Forbidden, JifenError
from institutions.models import User
from institutions.permissions import Permission, ensure_permission
from institutions.roster.reading import Source
from institutions.roster.report import RowError
from institutions.roster.safe_csv import write_csv
from institutions.said import said as _

Told = Callable[[str, int], None]


@dataclass
class TableImport:
    """What came of a table. Cases are counted by outcome; `rejected` names every bad row, `held_back` the good rows of
    cases that a bad row kept out."""

    dry_run: bool = False
    rows: int = 0
    outcomes: dict[Outcome, int] = field(default_factory=lambda: dict.fromkeys(Outcome, 0))
    refused: int = 0
    rejected: list[RowError] = field(default_factory=list)
    held_back: list[int] = field(default_factory=list)
    rejects: bytes = b""
    plans: list[CasePlan] = field(default_factory=list)

    @property
    def created(self) -> int:
        """How many cases were, or in a dry run would be, written."""
        return self.outcomes[Outcome.CREATED] + self.outcomes[Outcome.WOULD_CREATE]

    @property
    def unchanged(self) -> int:
        """How many cases were on record with the same content."""
        return self.outcomes[Outcome.UNCHANGED]

    @property
    def counts(self) -> dict[str, int]:
        """Return every count."""
        return {
            "rows": self.rows,
            "created": self.created,
            "unchanged": self.unchanged,
            "refused": self.refused,
            "rows_rejected": len({error.row for error in self.rejected}),
            "rows_held_back": len(self.held_back),
        }


def import_table(
    *,
    source: Source,
    files: EvidenceFiles | None = None,
    base_dir: Path | None = None,
    by: User | None,
    now: datetime,
    dry_run: bool = False,
    told: Told | None = None,
    upload: CaseUpload | None = None,
    report: TableImport | None = None,
) -> TableImport:
    """Take in every good case of a table; return what came of each row.

    Evidence is read from `files`, else from the folder `base_dir`. `told` hears how many cases there are ("total")
    and of each that was dealt with ("done"); `report` is filled in as it goes, for a caller who may stop the run there.
    A dry run reports the same and writes nothing. Refuses (`UnreadableRoster`) a table that cannot be read as a whole,
    and (403) who may import no case anywhere; a case of a region that the officer does not reach is refused by itself.
    """
    ensure_permission(by, Permission.CASE_IMPORT)
    table = read_table(source)
    report = report or TableImport()
    report.dry_run, report.rows = dry_run, len(table.rows)
    run = _Run(files or FolderFiles(base_dir or Path()), by, now, report, upload)
    bad: list[CaseRows] = []
    if told is not None:
        told("total", table.case_count)
    for case in table.cases():
        errors = run.take(case)
        if errors:
            bad.append(case)
            wrong = {error.row for error in errors}
            run.report.refused += 1
            run.report.rejected += errors
            run.report.held_back += [row.number for row in case.rows if row.number not in wrong]
        if told is not None:
            told("done", 1)
    run.report.rejected.sort(key=lambda error: error.row)
    run.report.held_back.sort()
    run.report.rejects = _rejects(table, bad, run.report)
    return run.report


@dataclass
class _Run:
    """One run over a table."""

    files: EvidenceFiles
    by: User | None
    now: datetime
    report: TableImport
    upload: CaseUpload | None = None
    taken: set[str] = field(default_factory=set)
    bases: dict[tuple[str, str, str], str] = field(default_factory=dict)

    def take(self, case: CaseRows) -> list[RowError]:
        """Take in one case; return what is wrong with its rows, nothing where it went in."""
        problems = [*case.reading.problems, *self._basis_used(case)]
        if self.report.dry_run:
            self._forget_links_within_the_table(case)
        try:
            if problems or case.errors:
                return case.errors + case.errors_of(problems + self._on_record(case))
            done = case_import.take_in(
                case.reading,
                self.files,
                by=self.by,
                now=self.now,
                dry_run=self.report.dry_run,
                upload=self.upload,
            )
        except Forbidden as refused:
            return case.errors_of([Problem("case.region", str(refused))])
        except JifenError as refused:
            return case.errors_of(_problems(refused))
        self.report.outcomes[done.outcome] += 1
        if done.plan is not None:
            self.report.plans.append(done.plan)
        self.taken.add(done.number)
        return []

    def _on_record(self, case: CaseRows) -> list[Problem]:
        """What else is wrong with a case whose rows are: all of it is said at once."""
        document = case.reading.document
        if document is None:
            return []
        ensure_permission(self.by, Permission.CASE_IMPORT, region=document.region)
        return case_checks.check(document, self.files, local_date(self.now)).problems

    def _basis_used(self, case: CaseRows) -> list[Problem]:
        """One decision is the basis of one case: within the table as on record."""
        document = case.reading.document
        if document is None or not document.basis.document:
            return []
        basis = (normalise_code(document.institution.code), document.basis.authority, document.basis.document)
        first = self.bases.setdefault(basis, case.number)
        if first == case.number:
            return []
        reason = _("this decision is the basis of case %(number)s already") % {"number": first}
        return [Problem("case.basis.document", reason)]

    def _forget_links_within_the_table(self, case: CaseRows) -> None:
        """In a dry run the cases before this one are not on record, but would be."""
        document = case.reading.document
        if document is not None and self.taken.intersection(document.linked):
            linked = tuple(number for number in document.linked if number not in self.taken)
            case.reading.document = replace(document, linked=linked)


def _problems(refused: JifenError) -> list[Problem]:
    found = [Problem(str(error.get("place", "")), str(error.get("message", ""))) for error in refused.errors]
    return found or [Problem("case.number", str(refused))]


def _rejects(table: Table, bad: Sequence[CaseRows], report: TableImport) -> bytes:
    """The rows of every case that was refused, as written, with the reasons; mended they are imported again."""
    reasons: dict[int, list[str]] = {}
    for error in report.rejected:
        reasons.setdefault(error.row, []).append(f"{error.column}: {error.reason}")
    held = _("kept out by another row of this case")
    by_heading = {heading: column for column, heading in table.columns.items()}

    def cells(row: Row) -> list[str]:
        return [row.cells.get(by_heading[heading], "") for heading in table.headings]

    rows = sorted((row for case in bad for row in case.rows), key=lambda row: row.number)
    return write_csv(
        [*table.headings, Column.REJECT_REASON.value],
        ([*cells(row), "; ".join(reasons.get(row.number, [held]))] for row in rows),
    )
