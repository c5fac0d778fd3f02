"""A roster sent by the admin: checked in the background, looked at, then imported in the background, or left.

What officers do is here; what the worker does with it, in `roster_upload_steps`.
"""

from datetime import date, datetime
from pathlib import Path

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from institutions.errors import Invalid, NotThere, WrongState
from institutions.models import RosterUpload, RosterUploadState, User
from institutions.permissions import Permission, ensure_permission
from institutions.services import audit, wake_up

TASK = "institutions.process_roster_uploads"
SIZE_MAX = 512 * 1024 * 1024


class NotYourUpload(NotThere):
    """An upload is for whoever sent it."""


@transaction.atomic
def upload_roster(
    *, file: File, name: str, end_missing_on: date | None = None, by: User, now: datetime
) -> RosterUpload:
    """Keep a roster to be checked in the background; return the upload. Nothing is imported before it is confirmed.

    With `end_missing_on` the roster names everybody at each institution in it, and registrations that it lacks end on
    that day. Refuses an empty file and one of more than 512 MB.
    """
    ensure_permission(by, Permission.ROSTER_IMPORT)
    size = int(file.size or 0)
    if not 0 < size <= SIZE_MAX:
        raise Invalid(_("The file is empty, or larger than %(size)d MB.") % {"size": SIZE_MAX >> 20})
    upload = RosterUpload(
        file_name=Path(name).name[:200], size=size, end_missing_on=end_missing_on, by=by, uploaded_at=now
    )
    upload.file.save("roster", file, save=False)
    upload.save()
    record_step("roster.uploaded", upload, by, now)
    wake_up.after_commit(TASK)
    return upload


@transaction.atomic
def confirm_upload(*, upload: RosterUpload, by: User, now: datetime) -> RosterUpload:
    """Have a roster that was checked imported in the background; return it. A second call changes nothing."""
    ensure_permission(by, Permission.ROSTER_IMPORT)
    upload = _locked(upload, by)
    if upload.state in (RosterUploadState.IMPORTING, RosterUploadState.IMPORTED):
        return upload
    if upload.state != RosterUploadState.CHECKED:
        raise WrongState(
            _("Only a roster that was checked is imported."),
            state=upload.get_state_display(),
            next_step=_("Upload it again."),
        )
    upload.state, upload.confirmed_at = RosterUploadState.IMPORTING, now
    upload.rows_parsed = upload.rows_staged = upload.rows_applied = 0
    upload.save()
    record_step("roster.confirmed", upload, by, now)
    wake_up.after_commit(TASK)
    return upload


@transaction.atomic
def cancel_upload(*, upload: RosterUpload, by: User, now: datetime) -> RosterUpload:
    """Have the step under way stop between two batches, with nothing written; return the upload."""
    ensure_permission(by, Permission.ROSTER_IMPORT)
    upload = _locked(upload, by)
    if upload.is_under_way and upload.cancel_requested_at is None:
        upload.cancel_requested_at = now
        upload.save()
        record_step("roster.cancel_requested", upload, by, now)
        wake_up.after_commit(TASK)
    return upload


def _locked(upload: RosterUpload, by: User) -> RosterUpload:
    found = RosterUpload.objects.select_for_update(no_key=True).get(pk=upload.pk)
    if found.by_id != by.pk:
        raise NotYourUpload()
    return found


def record_step(action: str, upload: RosterUpload, by: User, now: datetime) -> None:
    """Put a step of an upload into the audit."""
    detail = {"file": upload.file_name, "size": upload.size, **({"counts": upload.counts} if upload.counts else {})}
    audit.record_event(action=action, subject=upload, by=by, now=now, detail=detail)
