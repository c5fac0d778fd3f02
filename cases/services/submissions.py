"""Files that people hand in with a statement, an appeal or an answer: checked by content, kept under their hash."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from django.utils.translation import gettext as _

from cases.models import (
    Appeal,
    AppealMessage,
    RepairApplication,
    ReregistrationApplication,
    Statement,
    SubmittedFile,
)
from cases.services import evidence as evidence_rows
from institutions.errors import RuleRefused
from institutions.models import User
from institutions.permissions import Permission, ensure_permission
from institutions.services import audit

# With one statement, appeal or answer; limits of the product, not of the law.
FILES_MAX = 10
TOTAL_SIZE_MAX = 60 * 1024 * 1024  # bytes
RULE = "submitted files"

Said: TypeAlias = Statement | Appeal | AppealMessage | RepairApplication | ReregistrationApplication


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file as it came in: its name and its bytes."""

    name: str
    content: bytes


def keep_files(files: Sequence[SentFile], *, said: Said, by: User | None, now: datetime) -> list[SubmittedFile]:
    """Keep the files handed in with what was said, whose permission and lock the caller has seen to; return them.

    `by` is None where the person handed them in themselves. The same bytes twice are kept once. Refuses too many files,
    and what may not be kept as evidence either: empty, too large, or not of an allowed kind by its content.
    """
    if len(files) > FILES_MAX or sum(len(handed.content) for handed in files) > TOTAL_SIZE_MAX:
        raise RuleRefused(
            _("At most %(count)s files of %(size)s MB together can be handed in at once.")
            % {"count": FILES_MAX, "size": TOTAL_SIZE_MAX // 1024 // 1024},
            rule=RULE,
            next_step=_("Put several pages into one PDF."),
        )
    known = {row.sha256: row for row in said.files.all()}
    kept: dict[str, SubmittedFile] = {}
    for handed in files:
        content_type = evidence_rows.ensure_acceptable(handed.name, handed.content)
        sha256 = hashlib.sha256(handed.content).hexdigest()
        if sha256 in kept:
            continue
        if sha256 in known:
            kept[sha256] = known[sha256]
            continue
        kept[sha256] = SubmittedFile.objects.create(
            statement=said if isinstance(said, Statement) else None,
            appeal=said if isinstance(said, Appeal) else None,
            message=said if isinstance(said, AppealMessage) else None,
            repair=said if isinstance(said, RepairApplication) else None,
            reregistration=said if isinstance(said, ReregistrationApplication) else None,
            file=evidence_rows.store(handed.content, sha256),
            file_name=handed.name[:200],
            sha256=sha256,
            size=len(handed.content),
            content_type=content_type,
            received_at=now,
            recorded_by=by,
        )
    return list(kept.values())


def open_file(*, submitted: SubmittedFile, purpose: str, by: User, now: datetime) -> bytes | None:
    """Return the bytes of a submitted file to an officer and write down who opened it and what for.

    None where the stored bytes are no longer those that came in; the attempt is on record.
    """
    region = region_of(submitted)
    ensure_permission(by, Permission.EVIDENCE_VIEW, region=region)
    content = evidence_rows.read(submitted)
    matched = content is not None and hashlib.sha256(content).hexdigest() == submitted.sha256
    audit.record_event(
        action="submitted_file.opened",
        subject=submitted,
        by=by,
        now=now,
        detail={"purpose": purpose, "hash_matched": matched},
        region=region,
    )
    return content if matched else None


def changed(submitted: SubmittedFile) -> evidence_rows.HashMismatch:
    """Build the refusal to show a file that was changed or lost."""
    return evidence_rows.HashMismatch(
        _("Hash mismatch: the stored file of %(title)s is not the one that came in.") % {"title": submitted.file_name},
        rule=RULE,
        next_step=_("Tell the administrator: the file has to be restored from a backup."),
    )


def region_of(submitted: SubmittedFile) -> str:
    """Return the region of the case, or of the institution, that a submitted file belongs to."""
    application = submitted.repair or submitted.reregistration
    if application is not None:
        return str(application.institution.region_id)
    if submitted.statement is not None:
        attribution = submitted.statement.attribution
    elif submitted.appeal is not None:
        attribution = submitted.appeal.attribution
    else:
        assert submitted.message is not None  # constraint submitted_file_belongs_to_one_thing
        attribution = submitted.message.appeal.attribution
    return str(attribution.case.region_id)
