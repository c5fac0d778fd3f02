"""What the worker does with uploaded rosters: it checks them, imports the confirmed ones, and deletes old files.

It finds what is due in the database; a step whose worker died is taken up again, since a dry run writes nothing and an
import writes all or nothing. Files hold people's data: they go as soon as the upload is over, and after a week in any
case.
"""

import logging
import shutil
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile
from types import TracebackType

from django.core.files.base import ContentFile
from django.db import connection, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.translation import gettext as _

from institutions.errors import JifenError
from institutions.models import RosterUpload, RosterUploadState
from institutions.models.roster_upload import UNDER_WAY
from institutions.roster.rejects import write_rejects
from institutions.roster.report import ImportReport
from institutions.services.roster import FullRoster, import_roster
from institutions.services.roster_runs import Cancelled
from institutions.services.roster_uploads import record_step

logger = logging.getLogger(__name__)

UPLOAD_LOCK = 7_301_003  # first half of the advisory lock held while an upload is worked on; the second is its id
REFUSALS_SHOWN = 200
KEPT_DAYS = 7
TOLD_EVERY = 0.5  # seconds


def process_due(*, now: datetime, counts: Counter[str] | None = None) -> Counter[str]:
    """Check and import what was uploaded, each step under a lock of its own; return how many, in `counts`.

    What another worker holds is left to it. A roster that cannot be read fails by itself and stops no other.
    """
    counts = counts if counts is not None else Counter()
    counts["checked"] += 0
    for pk in RosterUpload.objects.filter(state__in=UNDER_WAY).order_by("pk").values_list("pk", flat=True):
        with _held(pk) as is_free:
            upload = RosterUpload.objects.select_related("by").get(pk=pk) if is_free else None
            if upload is not None and upload.is_under_way:
                counts[_process(upload, now)] += 1
    counts["expired"] += expire(now=now)
    return counts


def expire(*, now: datetime) -> int:
    """Delete the files of uploads a week old; whatever was not imported by then has to be sent again."""
    old = RosterUpload.objects.filter(uploaded_at__lt=now - timedelta(days=KEPT_DAYS)).exclude(state__in=UNDER_WAY)
    expired = 0
    for upload in old.exclude(file="", rejects=""):
        if upload.state == RosterUploadState.CHECKED:
            upload.state, upload.finished_at = RosterUploadState.EXPIRED, now
            expired += 1
        upload.file.delete(save=False)
        upload.rejects.delete(save=False)
        upload.save()
    return expired


def _process(upload: RosterUpload, now: datetime) -> str:
    """Do the step that is due; return what became of it."""
    is_import = upload.state == RosterUploadState.IMPORTING
    report: ImportReport | None = None
    end, error = RosterUploadState.IMPORTED if is_import else RosterUploadState.CHECKED, ""
    try:
        report = _run(upload, is_import, now)
    except Cancelled:
        end = RosterUploadState.CANCELLED
    except JifenError as refused:
        end, error = RosterUploadState.FAILED, str(refused)
    except Exception as fault:
        logger.exception("roster upload %s failed", upload.pk)
        end, error = RosterUploadState.FAILED, f"{type(fault).__name__}: {fault}"
    upload.refresh_from_db()  # how far it came, and whether it was to stop, were written over another connection
    if report is not None:
        _keep_report(upload, report)
        upload.run_id = report.run
    if end == RosterUploadState.CHECKED:
        upload.state = end
        upload.save()
        return str(end)
    return _over(upload, end, now, error)


def _run(upload: RosterUpload, is_import: bool, now: datetime) -> ImportReport:
    full = FullRoster(end_on=upload.end_missing_on) if upload.end_missing_on else None
    with _as_path(upload) as path, _Progress(upload) as progress:
        progress.ensure_wanted()
        return import_roster(
            source=path,
            by=upload.by,
            now=now,
            dry_run=not is_import,
            name=upload.file_name,
            full=full,
            told=progress.more,
        )


def _keep_report(upload: RosterUpload, report: ImportReport) -> None:
    upload.counts = dict(report.counts)
    upload.refusals = [
        {"row": error.row, "column": error.column, "value": error.value, "reason": error.reason}
        for error in report.rejected[:REFUSALS_SHOWN]
    ]
    upload.rejects.delete(save=False)
    if report.rejected_rows:
        upload.rejects.save("refused.csv", ContentFile(write_rejects(report)), save=False)


def _over(upload: RosterUpload, state: RosterUploadState, now: datetime, error: str = "") -> str:
    """Note how an upload ended, then delete its file; one whose deletion fails is found again by `expire`."""
    with transaction.atomic():
        upload.state, upload.finished_at, upload.error = state, now, error[:2000]
        upload.save()
        record_step(f"roster.upload_{state}", upload, upload.by, now)
    upload.file.delete(save=True)
    return str(state)


@contextmanager
def _as_path(upload: RosterUpload) -> Iterator[Path]:
    """Yield the file on this machine's disk, wherever the store keeps it."""
    with NamedTemporaryFile(suffix=Path(upload.file_name).suffix) as here:
        with upload.file.open("rb") as stored:
            shutil.copyfileobj(stored, here)
        here.flush()
        yield Path(here.name)


@contextmanager
def _held(pk: int) -> Iterator[bool]:
    """Hold an upload for this session; yields False where another session works on it."""
    key = [UPLOAD_LOCK, pk % (1 << 31)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", key)
        (is_free,) = cursor.fetchone()
    try:
        yield bool(is_free)
    finally:
        if is_free:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", key)


class _Progress:
    """Writes down how far a step is, where others see it, over a connection of its own; stops it if it is to stop."""

    def __init__(self, upload: RosterUpload) -> None:
        self._pk = upload.pk
        self._counts = {"parsed": 0, "staged": 0, "applied": 0}
        self._told_at = 0.0
        self._aside: BaseDatabaseWrapper | None = None

    def __enter__(self) -> "_Progress":
        self._aside = connections.create_connection(connection.alias)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        assert self._aside is not None
        if kind is None:
            self._write()
        self._aside.close()

    def more(self, what: str, count: int) -> None:
        """Note that so many more rows were parsed, staged or applied; raise `Cancelled` if the step is to stop."""
        self._counts[what] = self._counts.get(what, 0) + count
        if time.monotonic() - self._told_at >= TOLD_EVERY:
            self._told_at = time.monotonic()
            self.ensure_wanted()

    def ensure_wanted(self) -> None:
        """Write the progress; raise `Cancelled` if somebody asked for the step to stop."""
        if self._write() is not None:
            raise Cancelled(_("The import was cancelled; nothing was written."), next_step=_("Start it again."))

    def _write(self) -> datetime | None:
        assert self._aside is not None
        with self._aside.cursor() as cursor:
            cursor.execute(
                "UPDATE institutions_rosterupload SET rows_parsed = %s, rows_staged = %s, rows_applied = %s "
                "WHERE id = %s RETURNING cancel_requested_at",
                [self._counts["parsed"], self._counts["staged"], self._counts["applied"], self._pk],
            )
            found = cursor.fetchone()
        requested: datetime | None = found[0] if found else None
        return requested
