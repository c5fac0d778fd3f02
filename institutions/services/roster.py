"""Roster import: who works where, as the institutions register it with the administration."""

from datetime import datetime
from pathlib import Path

from django.db import transaction

from institutions import permissions
from institutions.models import User
from institutions.permissions import Permission
from institutions.roster.checking import RosterRow, check_row
from institutions.roster.reading import Sheet, UnreadableRoster, read_sheet
from institutions.roster.report import ImportReport, RowError
from institutions.selectors.roster import load_known
from institutions.services import audit, identity_numbers
from institutions.services.locks import lock_roster
from institutions.services.roster_apply import apply_plan
from institutions.services.roster_plan import Plan

__all__ = ["ImportReport", "RowError", "UnreadableRoster", "import_roster"]


@transaction.atomic
def import_roster(*, source: bytes | Path, by: User | None, now: datetime, dry_run: bool = False) -> ImportReport:
    """Insert or update institutions, people and registrations from a roster; return what came of each row.

    Good rows go in; bad rows are reported with row, column, value and reason and change nothing. The same roster
    again changes nothing. A blank cell leaves what is on record, except that a blank last day means "still running".
    A provisional person whose code is on the roster, under a name that fits, is confirmed; people without a code are
    only pointed out. A dry run reports the same and writes nothing. Refuses a file that cannot be read as a whole.
    """
    permissions.ensure_permission(by, Permission.ROSTER_IMPORT)
    lock_roster()
    sheet = read_sheet(source if isinstance(source, bytes) else source.read_bytes())
    report = ImportReport(
        dry_run=dry_run, encoding=sheet.encoding, headings=sheet.headings, ignored_columns=sheet.ignored
    )
    rows = _check_rows(sheet, report)
    plan = _plan(rows, sheet, report, by, now)
    report.rejected.sort(key=lambda error: error.row)
    report.rejected_rows.sort(key=lambda rejected: rejected.row)
    if not dry_run and report.changed:
        apply_plan(plan)
        _record(plan, report, by, now)
    return report


def _check_rows(sheet: Sheet, report: ImportReport) -> list[RosterRow]:
    rows = []
    for raw in sheet.rows:
        report.rows += 1
        row, errors = check_row(sheet, raw, identity_numbers.digest_of)
        if row is None:
            report.refuse(raw.number, raw.cells, errors)
        else:
            rows.append(row)
    return rows


def _plan(rows: list[RosterRow], sheet: Sheet, report: ImportReport, by: User | None, now: datetime) -> Plan:
    allowed = [permissions.WHOLE_COUNTRY] if by is None else permissions.regions_for(by, Permission.ROSTER_IMPORT)
    known = load_known(
        institution_codes={row.institution_code for row in rows},
        codes={row.code for row in rows if row.code},
        digests={row.id_number_digest for row in rows if row.id_number_digest},
    )
    plan = Plan(known, allowed, now)
    # Earlier spells first: a row that ends one spell makes room for the row that begins the next.
    for row in sorted(rows, key=lambda item: (item.starts_on, item.number)):
        plan.take(row, report, sheet.columns)
    report.institutions_created = len(plan.new_institutions)
    report.institutions_updated = len(plan.changed_institutions)
    report.practitioners_created = len(plan.new_people)
    report.practitioners_updated = len(plan.changed_people)
    report.confirmed = len(plan.confirmed)
    return plan


def _record(plan: Plan, report: ImportReport, by: User | None, now: datetime) -> None:
    drafts = [
        audit.Act("roster.imported", "roster:" + now.isoformat(), {**report.counts}),
        *(audit.Act("practitioner.confirmed_by_roster", person, {}) for person in plan.confirmed),
        *(audit.Act("practitioner.renamed", person, {"name_before": old}) for person, old in plan.renamed),
    ]
    audit.record_events(drafts, by=by, now=now)
