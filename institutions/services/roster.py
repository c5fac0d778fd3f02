"""Roster import: who works where, as the institutions register it with the administration.

One way for ten rows and for a million: the file is read as a stream into a staging area of the session, checked
set-wise in the database, and what differs is written in one transaction.
"""

from collections.abc import Collection
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import pghistory
from django.db import connection, transaction

from institutions import permissions
from institutions.models import RosterImportState, User
from institutions.permissions import Permission
from institutions.roster.checking import row_error
from institutions.roster.columns import Column
from institutions.roster.reading import FileFacts, Sheet, Source, UnreadableRoster, file_facts, pick_rows, read_sheet
from institutions.roster.refusals import Refusal, sentence
from institutions.roster.report import ImportReport, RowError
from institutions.roster.spreadsheets import as_csv
from institutions.roster.staging import Stager
from institutions.services import audit, identity_numbers, roster_runs
from institutions.services.locks import lock_roster
from institutions.services.roster_apply import apply_changes, end_missing
from institutions.services.roster_changes import Changes, work_out
from institutions.services.roster_checks import check_rows
from institutions.services.roster_leavers import find_missing
from institutions.services.roster_plain import stage_others, take_in
from institutions.services.roster_runs import Cancelled, Run, Told
from institutions.services.roster_staging import stage, staging_area

__all__ = ["Cancelled", "FullRoster", "ImportReport", "RowError", "UnreadableRoster", "import_roster"]

WORK_MEMORY = "256MB"
GRAMS_WAITING = "32MB"  # how much of the index of names may wait to be sorted in, instead of 4MB
ACTS_BATCH = 5000


@dataclass(frozen=True, slots=True)
class FullRoster:
    """That the file names everybody who works at these institutions (codes; None: at every one it names).

    Registrations on record that it does not name are listed; with `end_on` they end on that day.
    """

    institutions: Collection[str] | None = None
    end_on: date | None = None


@dataclass(frozen=True, slots=True)
class _File:
    source: Source
    facts: FileFacts


def import_roster(
    *,
    source: bytes | Path,
    by: User | None,
    now: datetime,
    dry_run: bool = False,
    name: str = "",
    full: FullRoster | None = None,
    told: Told | None = None,
) -> ImportReport:
    """Insert or update institutions, people and registrations from a roster; return what came of each row.

    Good rows go in; bad rows are reported with row, column, value and reason and change nothing. The same roster
    again changes nothing. A blank cell leaves what is on record, except that a blank last day means "still running".
    A provisional person whose code is on the roster, under a name that fits, is confirmed; people without a code are
    only pointed out. A dry run reports the same and writes nothing. `told` hears how many rows were parsed, staged
    and applied. All is written in one transaction: a run that is cancelled (`Cancelled`), fails or is killed leaves
    nothing but its `RosterImport`. Refuses a file that cannot be read as a whole.
    """
    permissions.ensure_permission(by, Permission.ROSTER_IMPORT)
    facts = file_facts(source)
    run: Run = Run(told)
    if not dry_run:
        run = roster_runs.begin(source=source, name=name, facts=facts, by=by, now=now, told=told)
    try:
        with as_csv(source) as table, staging_area():
            file = _File(table, facts if table is source else file_facts(table))
            report = _import(file, run, by, now, full, dry_run=dry_run)
            report.encoding = report.encoding if table is source else "xlsx"
            return report
    except (Cancelled, KeyboardInterrupt):
        run.over(RosterImportState.CANCELLED, now)
        raise
    except BaseException as error:
        run.over(RosterImportState.FAILED, now, f"{type(error).__name__}: {error}")
        raise
    finally:
        run.close()


def _import(
    file: _File, run: Run, by: User | None, now: datetime, full: FullRoster | None, *, dry_run: bool
) -> ImportReport:
    with closing(read_sheet(file.source, file.facts.encoding)) as sheet:
        return _import_sheet(file, sheet, run, by, now, full, dry_run=dry_run)


def _import_sheet(
    file: _File, sheet: Sheet, run: Run, by: User | None, now: datetime, full: FullRoster | None, *, dry_run: bool
) -> ImportReport:
    report = ImportReport(
        dry_run=dry_run,
        run=run.pk,
        encoding=sheet.encoding,
        headings=sheet.headings,
        ignored_columns=sheet.ignored,
    )
    digest = identity_numbers.digest_of
    plain = take_in(file.source, file.facts, sheet, run)
    in_doubt = stage(sheet, digest, report, run) if plain is None else set()
    allowed = [permissions.WHOLE_COUNTRY] if by is None else permissions.regions_for(by, Permission.ROSTER_IMPORT)
    with pghistory.context(roster_import=run.pk) as context, transaction.atomic():
        lock_roster()
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('work_mem', %s, true), set_config('gin_pending_list_limit', %s, true)",
                [WORK_MEMORY, GRAMS_WAITING],
            )
        if plain is not None:
            in_doubt |= stage_others(plain, allowed, digest, report, run)
        check_rows(allowed, plain, says_end=Column.ENDS_ON in sheet.columns)
        in_doubt |= _report_refused(file, sheet, report)
        changes = work_out(report)
        if full is not None:
            report.missing = find_missing(full.institutions, full.end_on, in_doubt, allowed)
        run.progress()
        if not dry_run:
            if report.changed:
                apply_changes(changes, run, now)
            if full is not None and full.end_on is not None:
                report.ended = end_missing(full.end_on, now)
            if report.changed:
                _record(changes, report, by, now)
            run.done(dict(report.counts), context.id if report.changed else None, now)
    return report


def _report_refused(file: _File, sheet: Sheet, report: ImportReport) -> set[str]:
    """Put the rows that were refused beside others into the report, as they were written; return their institutions."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT n, place, col, why, detail FROM roster_refusal ORDER BY n, place, col")
        refusals = cursor.fetchall()
    by_row: dict[int, list[tuple[Column, str]]] = {}
    for n, _place, column, why, detail in refusals:
        by_row.setdefault(n, []).append((Column(column), sentence(Refusal(why), detail)))
    places = set()
    for raw in pick_rows(file.source, file.facts, sheet, by_row):
        errors = [row_error(raw, sheet.columns, column, reason) for column, reason in by_row[raw.number]]
        report.refuse(raw.number, raw.cells, errors)
        places.add(Stager.place_of(raw))
    report.rejected.sort(key=lambda error: error.row)
    report.rejected_rows.sort(key=lambda rejected: rejected.row)
    return places


def _record(changes: Changes, report: ImportReport, by: User | None, now: datetime) -> None:
    acts = [
        audit.Act("roster.imported", "roster:" + now.isoformat(), {**report.counts, "run": report.run}),
        *(
            audit.Act("practitioner.confirmed_by_roster", f"institutions.practitioner:{person}", {})
            for person in changes.confirmed
        ),
        *(
            audit.Act(
                "practitioner.renamed", f"institutions.practitioner:{item.person_id}", {"name_before": item.before}
            )
            for item in changes.renamed
        ),
    ]
    for first in range(0, len(acts), ACTS_BATCH):
        audit.record_events(acts[first : first + ACTS_BATCH], by=by, now=now)
