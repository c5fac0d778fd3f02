"""What the worker does with uploads: it checks them, imports the confirmed ones, and deletes old files.

It finds what is due in the database; a step whose worker died is taken up again, since a check writes nothing and an
import may be begun again. Files hold people's data: they go as soon as the upload is over, and after a week in any
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
from django.db.models.fields.files import FieldFile

from institutions.errors import JifenError
from institutions.models import Upload, UploadState
from institutions.models.upload import UNDER_WAY
from institutions.said import kept, kept_line
from institutions.said import said as _
from institutions.services.locks import held_alone
from institutions.services.roster_runs import Cancelled
from institutions.services.uploads import Outcome, UploadKind, UploadT, record_step

logger = logging.getLogger(__name__)

REFUSALS_SHOWN = 200
KEPT_DAYS = 7
FAULT_LENGTH_MAX = 500
TOLD_EVERY = 0.5  # seconds


def process_due(kind: UploadKind[UploadT], *, now: datetime, counts: Counter[str] | None = None) -> Counter[str]:
    """Check and import what was uploaded, each step under a lock of its own; return how many, in `counts`.

    What another worker holds is left to it. A file that cannot be read fails by itself and stops no other.
    """
    counts = counts if counts is not None else Counter()
    counts["checked"] += 0
    rows = kind.model._default_manager
    for pk in rows.filter(state__in=UNDER_WAY).order_by("pk").values_list("pk", flat=True):
        with held_alone(kind.lock, pk) as is_free:
            upload = rows.select_related("by").get(pk=pk) if is_free else None
            if upload is not None and upload.is_under_way:
                counts[_process(kind, upload, now)] += 1
    counts["expired"] += expire(kind, now=now)
    return counts


def expire(kind: UploadKind[UploadT], *, now: datetime) -> int:
    """Delete the files of uploads a week old; whatever was not imported by then has to be sent again."""
    rows = kind.model._default_manager.filter(uploaded_at__lt=now - timedelta(days=KEPT_DAYS))
    names = (*kind.inputs, "rejects")
    expired = 0
    for upload in rows.exclude(state__in=UNDER_WAY).exclude(**dict.fromkeys(names, "")):
        if upload.state == UploadState.CHECKED:
            upload.state, upload.finished_at = UploadState.EXPIRED, now
            expired += 1
        _delete_files(upload, names)
        upload.save()
    return expired


def _process(kind: UploadKind[UploadT], upload: UploadT, now: datetime) -> str:
    """Do the step that is due; return what became of it."""
    is_import = upload.state == UploadState.IMPORTING
    outcome = Outcome()
    end, error = UploadState.IMPORTED if is_import else UploadState.CHECKED, ""
    try:
        with _as_path(upload) as path, _Progress(kind, upload) as progress:
            progress.ensure_wanted()
            kind.run(upload, path, is_import, progress.more, now, outcome)
    except Cancelled:
        end = UploadState.CANCELLED
    except JifenError as refused:
        end, error = UploadState.FAILED, kept_line(*(str(text) for text in (refused.detail, refused.next_step) if text))
    except Exception as fault:
        logger.exception("upload %s %s failed", kind.name, upload.pk)
        reason = _(
            "Something broke while the file was worked on; those who run the system find it in the log: %(fault)s"
        )
        end, error = (
            UploadState.FAILED,
            kept_line(reason % {"fault": f"{type(fault).__name__}: {fault}"[:FAULT_LENGTH_MAX]}),
        )
    upload.refresh_from_db()  # how far it came, and whether it was to stop, were written over another connection
    if outcome.counts:
        _keep_outcome(upload, outcome)
    if end == UploadState.CHECKED:
        upload.state = end
        upload.save()
        return str(end)
    return _over(kind, upload, end, now, error)


def _keep_outcome(upload: Upload, outcome: Outcome) -> None:
    upload.counts = dict(outcome.counts)
    upload.refusals = [
        {"row": error.row, "column": error.column, "value": error.value, "reason": kept(error.reason)}
        for error in outcome.refusals[:REFUSALS_SHOWN]
    ]
    for column, value in outcome.columns.items():
        setattr(upload, column, value)
    _file(upload, "rejects").delete(save=False)
    if outcome.rejects:
        _file(upload, "rejects").save("refused.csv", ContentFile(outcome.rejects), save=False)


def _over(kind: UploadKind[UploadT], upload: UploadT, state: UploadState, now: datetime, error: str = "") -> str:
    """Note how an upload ended, then delete its files; one whose deletion fails is found again by `expire`."""
    with transaction.atomic():
        upload.state, upload.finished_at, upload.error = state, now, error
        upload.save()
        record_step(f"{kind.name}.upload_{state}", upload, upload.by, now)
    _delete_files(upload, kind.inputs)
    upload.save()
    return str(state)


def _delete_files(upload: Upload, names: tuple[str, ...]) -> None:
    for name in names:
        _file(upload, name).delete(save=False)


def _file(upload: Upload, name: str) -> FieldFile:
    found = getattr(upload, name)
    assert isinstance(found, FieldFile)
    return found


@contextmanager
def _as_path(upload: Upload) -> Iterator[Path]:
    """Yield the file on this machine's disk, wherever the store keeps it."""
    with NamedTemporaryFile(suffix=Path(upload.file_name).suffix) as here:
        with _file(upload, "file").open("rb") as stored:
            shutil.copyfileobj(stored, here)
        here.flush()
        yield Path(here.name)


class _Progress:
    """Writes down how far a step is, where others see it, over a connection of its own; stops it if it is to stop."""

    def __init__(self, kind: UploadKind[UploadT], upload: UploadT) -> None:
        self._pk = upload.pk
        self._counts = dict.fromkeys(kind.progress, 0)
        sets = ", ".join(f"{column} = %s" for column in kind.progress.values())
        self._sql = f"UPDATE {kind.model._meta.db_table} SET {sets} WHERE id = %s RETURNING cancel_requested_at"  # noqa: S608
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
        """Note that so many more of what is counted are done; raise `Cancelled` if the step is to stop."""
        if what in self._counts:
            self._counts[what] += count
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
            cursor.execute(self._sql, [*self._counts.values(), self._pk])
            found = cursor.fetchone()
        requested: datetime | None = found[0] if found else None
        return requested
