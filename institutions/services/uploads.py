"""A file sent by the admin: checked in the background, looked at, then imported in the background, or left.

What officers do with any kind of upload is here; what the worker does with it, in `upload_steps`. A kind of upload
(`UploadKind`) says whose it is, where its rows stand, and what checking and importing it means.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Generic, TypeVar

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from institutions.errors import Invalid, NotThere, WrongState
from institutions.models import Upload, UploadState, User
from institutions.permissions import Permission, ensure_permission
from institutions.roster.report import RowError
from institutions.services import audit, wake_up

UploadT = TypeVar("UploadT", bound=Upload)
Told = Callable[[str, int], None]


class NotYourUpload(NotThere):
    """An upload is for whoever sent it."""


@dataclass
class Outcome:
    """What a step came to, filled in as it goes: counts, refused rows, and columns of the upload's own kind."""

    counts: dict[str, int] = field(default_factory=dict)
    refusals: list[RowError] = field(default_factory=list)
    rejects: bytes = b""
    columns: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class UploadKind(Generic[UploadT]):
    """One kind of upload. `run(upload, path, is_import, told, now, outcome)` checks or imports the file at `path`.

    `progress` leads from what `told` counts to the columns that show it; `lock` is the first half of the advisory lock
    under which a step runs; `inputs` are the columns of files that go once the upload is over.
    """

    model: type[UploadT]
    name: str
    permission: Permission
    task: str
    lock: int
    progress: Mapping[str, str]
    run: Callable[[UploadT, Path, bool, Told, datetime, Outcome], None]
    size_max: int
    inputs: tuple[str, ...] = ("file",)


def receive(kind: UploadKind[UploadT], upload: UploadT, *, file: File, name: str, by: User, now: datetime) -> UploadT:
    """Keep a file to be checked in the background, in the caller's transaction; return the upload.

    The caller has seen to the permission. Refuses an empty file, and one that is larger than its kind may be.
    """
    upload.by, upload.uploaded_at = by, now
    upload.size, upload.file_name = size_of(file, kind.size_max), Path(name).name[:200]
    upload.file.save(kind.name, file, save=False)
    upload.save()
    record_step(f"{kind.name}.uploaded", upload, by, now)
    wake_up.after_commit(kind.task)
    return upload


def size_of(file: File, size_max: int) -> int:
    """Return the size of a file; refuse an empty one and one larger than `size_max`."""
    size = int(file.size or 0)
    if not 0 < size <= size_max:
        raise Invalid(_("The file is empty, or larger than %(size)d MB.") % {"size": size_max >> 20})
    return size


@transaction.atomic
def confirm(kind: UploadKind[UploadT], upload: UploadT, *, by: User, now: datetime) -> UploadT:
    """Have a file that was checked imported in the background; return it. A second call changes nothing."""
    ensure_permission(by, kind.permission)
    upload = locked(kind, upload, by)
    if upload.state in (UploadState.IMPORTING, UploadState.IMPORTED):
        return upload
    if upload.state != UploadState.CHECKED:
        raise WrongState(
            _("Only a file that was checked is imported."),
            state=upload.get_state_display(),
            next_step=_("Upload it again."),
        )
    upload.state, upload.confirmed_at = UploadState.IMPORTING, now
    for column in kind.progress.values():
        setattr(upload, column, 0)
    upload.save()
    record_step(f"{kind.name}.confirmed", upload, by, now)
    wake_up.after_commit(kind.task)
    return upload


@transaction.atomic
def cancel(kind: UploadKind[UploadT], upload: UploadT, *, by: User, now: datetime) -> UploadT:
    """Have the step under way stop between two batches; return the upload. What is over stays as it is."""
    ensure_permission(by, kind.permission)
    upload = locked(kind, upload, by)
    if upload.is_under_way and upload.cancel_requested_at is None:
        upload.cancel_requested_at = now
        upload.save()
        record_step(f"{kind.name}.cancel_requested", upload, by, now)
        wake_up.after_commit(kind.task)
    return upload


def locked(kind: UploadKind[UploadT], upload: UploadT, by: User) -> UploadT:
    """Lock the row of an upload and return it; refuse whoever did not send it."""
    found = kind.model._default_manager.select_for_update(no_key=True).get(pk=upload.pk)
    if found.by_id != by.pk:
        raise NotYourUpload()
    return found


def record_step(action: str, upload: Upload, by: User, now: datetime) -> None:
    """Put a step of an upload into the audit."""
    detail = {"file": upload.file_name, "size": upload.size, **({"counts": upload.counts} if upload.counts else {})}
    audit.record_event(action=action, subject=upload, by=by, now=now, detail=detail)
