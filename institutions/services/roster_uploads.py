"""Rosters sent by the admin: a kind of upload (`uploads`). Nothing is imported before its check was looked at."""

from datetime import date, datetime
from pathlib import Path

from django.core.files.base import File
from django.db import transaction

from institutions.models import RosterUpload, User
from institutions.permissions import Permission, ensure_permission
from institutions.roster.rejects import write_rejects
from institutions.services import uploads
from institutions.services.roster import FullRoster, import_roster
from institutions.services.uploads import Outcome, Told, UploadKind

SIZE_MAX = 512 * 1024 * 1024


@transaction.atomic
def upload_roster(
    *, file: File, name: str, end_missing_on: date | None = None, by: User, now: datetime
) -> RosterUpload:
    """Keep a roster to be checked in the background; return the upload. Nothing is imported before it is confirmed.

    With `end_missing_on` the roster names everybody at each institution in it, and registrations that it lacks end on
    that day. Refuses an empty file and one of more than 512 MB.
    """
    ensure_permission(by, Permission.ROSTER_IMPORT)
    upload = RosterUpload(end_missing_on=end_missing_on)
    return uploads.receive(ROSTERS, upload, file=file, name=name, by=by, now=now)


def confirm_upload(*, upload: RosterUpload, by: User, now: datetime) -> RosterUpload:
    """Have a roster that was checked imported in the background; return it. A second call changes nothing."""
    return uploads.confirm(ROSTERS, upload, by=by, now=now)


def cancel_upload(*, upload: RosterUpload, by: User, now: datetime) -> RosterUpload:
    """Have the step under way stop between two batches, with nothing written; return the upload."""
    return uploads.cancel(ROSTERS, upload, by=by, now=now)


def _run(upload: RosterUpload, path: Path, is_import: bool, told: Told, now: datetime, outcome: Outcome) -> None:
    """Check a roster, or import it: a dry run writes nothing, an import writes all or nothing."""
    report = import_roster(
        source=path,
        by=upload.by,
        now=now,
        dry_run=not is_import,
        name=upload.file_name,
        full=FullRoster(end_on=upload.end_missing_on) if upload.end_missing_on else None,
        told=told,
    )
    outcome.counts = dict(report.counts)
    outcome.refusals = list(report.rejected)
    outcome.rejects = write_rejects(report) if report.rejected_rows else b""
    outcome.columns["run_id"] = report.run


ROSTERS: UploadKind[RosterUpload] = UploadKind(
    model=RosterUpload,
    name="roster",
    permission=Permission.ROSTER_IMPORT,
    task="institutions.process_roster_uploads",
    lock=7_301_003,
    progress={"parsed": "rows_parsed", "staged": "rows_staged", "applied": "rows_applied"},
    run=_run,
    size_max=SIZE_MAX,
)
