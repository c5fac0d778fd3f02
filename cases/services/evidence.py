"""Evidence: taken in once, addressed by its hash, every opening written down, checked every night."""

import hashlib
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from cases.models import (
    CaseFile,
    DeletedThing,
    Evidence,
    EvidenceAccess,
    FileDeletion,
    RedactedCopy,
    ServiceReceipt,
    SubmittedFile,
)
from cases.models.evidence import EVIDENCE_FOLDER, content_address
from cases.policy import evidence_types
from institutions.errors import Invalid, WrongState
from institutions.models import User
from institutions.permissions import Permission, ensure_permission
from institutions.services import audit

_ATTRIBUTIONS = ("statement__attribution", "appeal__attribution", "message__appeal__attribution")
_APPLICATIONS = ("repair", "reregistration")


class EvidenceRefused(Invalid):
    """The file is too large, empty, or not of a kind that may be kept as evidence."""

    code = "evidence-refused"


class HashMismatch(WrongState):
    """The stored bytes are no longer those that came in."""

    code = "hash-mismatch"


Kept: TypeAlias = Evidence | RedactedCopy | SubmittedFile


@dataclass
class EvidenceCheck:
    """What a check of the stored files found: pieces checked, those that differ or are gone, files nobody cites.

    A piece is evidence, a redacted copy of it, or a file that a person handed in.
    """

    checked: int = 0
    mismatched: list[Kept] = field(default_factory=list)
    missing: list[Kept] = field(default_factory=list)
    orphans: list[str] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        """Say whether every piece is there and unchanged."""
        return not self.mismatched and not self.missing

    @property
    def counts(self) -> dict[str, int]:
        """Return what was found, for the run book."""
        return {
            "checked": self.checked,
            "mismatched": len(self.mismatched),
            "missing": len(self.missing),
            "orphans": len(self.orphans),
        }

    def ensure_clean(self) -> None:
        """Raise `HashMismatch` naming every piece that was changed or lost."""
        if not self.is_clean:
            named = ", ".join(name_of(item) for item in [*self.mismatched, *self.missing])
            raise HashMismatch(_("Hash mismatch or file lost: %(pieces)s.") % {"pieces": named})


def name_of(piece: Kept) -> str:
    """Return how a piece is named to those who look after the store: case and key, or the name of the file."""
    match piece:
        case Evidence():
            return f"{piece.case.number} {piece.key}"
        case RedactedCopy():
            return f"{piece.evidence.case.number} {piece.evidence.key} ({piece.file_name})"
    return f"{piece.file_name} {piece.sha256[:12]}"


def ensure_acceptable(file_name: str, content: bytes) -> str:
    """Return the content type; raise `EvidenceRefused` for a file that may not be kept."""
    if not content:
        raise EvidenceRefused(_("%(name)s is empty.") % {"name": file_name}, rule="evidence size")
    if len(content) > evidence_types.SIZE_MAX:
        raise EvidenceRefused(
            _("%(name)s is larger than %(size)s MB.")
            % {"name": file_name, "size": evidence_types.SIZE_MAX // 1024 // 1024},
            rule="evidence size",
        )
    content_type = evidence_types.content_type_of(file_name, content)
    if content_type is None:
        raise EvidenceRefused(
            _("%(name)s is not a file of an allowed kind, or is not what its name says.") % {"name": file_name},
            rule="evidence type",
            next_step=_("Allowed are: %(kinds)s.") % {"kinds": ", ".join(sorted(evidence_types.EXTENSIONS))},
        )
    return content_type


@transaction.atomic
def add_evidence(
    *, case: CaseFile, key: str, title: str, file_name: str, content: bytes, by: User | None, now: datetime
) -> Evidence:
    """Keep a file as evidence of a case and return it. The same bytes under the same key a second time change nothing.

    Refuses a file that is empty, too large or of a kind not allowed, and a key that holds other bytes.
    """
    ensure_permission(by, Permission.ATTRIBUTION_PROPOSE, region=case.region_id)
    if CaseFile.objects.select_for_update(no_key=True).get(pk=case.pk).is_withdrawn:
        raise WrongState(_("This case was withdrawn: its import was taken back."), state="withdrawn")
    known = Evidence.objects.filter(case=case, key=key).first()
    if known is not None:
        if known.sha256 == hashlib.sha256(content).hexdigest():
            return known
        raise WrongState(
            _("Evidence %(key)s of this case holds another file.") % {"key": key},
            rule="evidence is insert-only",
            next_step=_("Add the file under a key of its own."),
        )
    return write_evidence(case, key, title, file_name, content, by=by, now=now)


@transaction.atomic
def add_files(
    *, case: CaseFile, files: Sequence[tuple[str, bytes]], title: str = "", by: User | None, now: datetime
) -> list[Evidence]:
    """Keep several files as evidence of a case, all or none; return the pieces, those that the case has already too.

    Each gets the next free key (`e1`, `e2`, …) and its name as title; `title` is for a single file. Bytes that the case
    holds already are not kept twice. Refuses (`EvidenceRefused`, naming the file) what may not be kept.
    """
    ensure_permission(by, Permission.ATTRIBUTION_PROPOSE, region=case.region_id)
    locked = CaseFile.objects.select_for_update(no_key=True).get(pk=case.pk)
    if locked.is_withdrawn:
        raise WrongState(_("This case was withdrawn: its import was taken back."), state="withdrawn")
    kept = list(locked.evidence.all())
    known, taken = {piece.sha256: piece for piece in kept}, {piece.key for piece in kept}
    pieces = []
    for name, content in files:
        ensure_acceptable(name, content)
        sha256 = hashlib.sha256(content).hexdigest()
        if sha256 not in known:
            key = next(key for key in (f"e{n}" for n in itertools.count(1)) if key not in taken)
            taken.add(key)
            named = title.strip() if len(files) == 1 and title.strip() else name.rpartition(".")[0] or name
            known[sha256] = write_evidence(locked, key, named[:300], name[-200:], content, by=by, now=now)
        pieces.append(known[sha256])
    return pieces


def write_evidence(
    case: CaseFile, key: str, title: str, file_name: str, content: bytes, *, by: User | None, now: datetime
) -> Evidence:
    """Write a piece of evidence whose permission, lock and key the caller has seen to; return it."""
    content_type = ensure_acceptable(file_name, content)
    sha256 = hashlib.sha256(content).hexdigest()
    evidence = Evidence.objects.create(
        case=case,
        key=key,
        title=title,
        file=store(content, sha256),
        file_name=file_name,
        sha256=sha256,
        size=len(content),
        content_type=content_type,
        added_at=now,
        added_by=by,
    )
    audit.record_event(
        action="evidence.added",
        subject=evidence,
        by=by,
        now=now,
        detail={"case": case.number, "key": key, "sha256": sha256},
        region=case.region_id,
    )
    return evidence


@transaction.atomic
def open_evidence(*, evidence: Evidence, purpose: str, by: User, now: datetime) -> bytes | None:
    """Return the bytes of a piece of evidence and write down who opened it and what for.

    None where the stored bytes are no longer those that came in: the attempt is on record, and the door answers with
    `HashMismatch` once that record is committed.
    """
    ensure_permission(by, Permission.EVIDENCE_VIEW, region=evidence.case.region_id)
    content = read(evidence)
    matched = content is not None and hashlib.sha256(content).hexdigest() == evidence.sha256
    EvidenceAccess.objects.create(evidence=evidence, opened_at=now, opened_by=by, purpose=purpose, hash_matched=matched)
    return content if matched else None


def hash_mismatch(evidence: Evidence) -> HashMismatch:
    """Build the refusal to show a file that was changed or lost, or whose time was over."""
    deleted = FileDeletion.objects.filter(subject_type=DeletedThing.EVIDENCE, subject_id=str(evidence.pk)).first()
    if deleted is not None:
        return HashMismatch(
            _("%(title)s was deleted: it had to be kept until %(day)s. Its hash is on record.")
            % {"title": evidence.title, "day": deleted.kept_until},
            rule="retention",
        )
    return HashMismatch(
        _("Hash mismatch: the stored file of %(title)s is not the one that came in.") % {"title": evidence.title},
        rule="evidence is insert-only",
        next_step=_("Tell the administrator: the file has to be restored from a backup."),
    )


def is_unchanged(evidence: Kept) -> bool:
    """Say whether the stored bytes are still those that came in."""
    content = read(evidence)
    return content is not None and hashlib.sha256(content).hexdigest() == evidence.sha256


def read(evidence: Kept | ServiceReceipt) -> bytes | None:
    """Return the stored bytes, or None where the file is gone. For checks; whoever shows them uses `open_evidence`."""
    try:
        with default_storage.open(str(evidence.file.name), "rb") as stored:
            return bytes(stored.read())
    except FileNotFoundError:
        return None


def verify_evidence(*, now: datetime) -> EvidenceCheck:
    """Check every stored file against the hash taken when it came in; write an audit event for each that differs."""
    check = EvidenceCheck()
    cited: set[str] = set()
    for piece in _all_kept():
        check.checked += 1
        cited.add(str(piece.file.name))
        content = read(piece)
        if content is None:
            check.missing.append(piece)
        elif hashlib.sha256(content).hexdigest() != piece.sha256:
            check.mismatched.append(piece)
    for piece in [*check.missing, *check.mismatched]:
        audit.record_event(
            action="evidence.hash_mismatch",
            subject=piece,
            by=None,
            now=now,
            detail={"piece": name_of(piece), "sha256": piece.sha256},
            region=_region_of(piece),
        )
    check.orphans = [name for name in _stored_names() if name not in cited]
    return check


def _all_kept() -> Iterator[Kept]:
    """Every file that has to be there: those whose time was over are gone for good (`retention`)."""
    gone = set(FileDeletion.objects.values_list("subject_type", "subject_id"))
    originals = Evidence.objects.select_related("case").order_by("pk")
    copies = RedactedCopy.objects.select_related("evidence__case").order_by("pk")
    paths = [*(f"{path}__case" for path in _ATTRIBUTIONS), *(f"{path}__institution" for path in _APPLICATIONS)]
    handed_in = SubmittedFile.objects.select_related(*paths).order_by("pk")
    for thing, rows in (
        (DeletedThing.EVIDENCE, originals),
        (DeletedThing.REDACTED_COPY, copies),
        (DeletedThing.SUBMITTED_FILE, handed_in),
    ):
        for piece in rows.iterator(chunk_size=200):
            if (thing, str(piece.pk)) not in gone:
                yield piece


def _region_of(piece: Kept) -> str:
    match piece:
        case Evidence():
            return piece.case.region_id
        case RedactedCopy():
            return piece.evidence.case.region_id
    application = piece.repair or piece.reregistration
    if application is not None:
        return str(application.institution.region_id)
    owner = piece.statement or piece.appeal or (piece.message.appeal if piece.message else None)
    return owner.attribution.case.region_id if owner else ""


def store(content: bytes, sha256: str) -> str:
    """Write the bytes under their hash. A file that is there already is rewritten only if it is not what it says."""
    name = content_address(sha256)
    if default_storage.exists(name):
        with default_storage.open(name, "rb") as stored:
            if hashlib.sha256(stored.read()).hexdigest() == sha256:
                return name
        default_storage.delete(name)
    return default_storage.save(name, ContentFile(content))


def _stored_names() -> list[str]:
    if not default_storage.exists(EVIDENCE_FOLDER):
        return []
    folders, _files = default_storage.listdir(EVIDENCE_FOLDER)
    return [
        f"{EVIDENCE_FOLDER}/{folder}/{name}"
        for folder in folders
        for name in default_storage.listdir(f"{EVIDENCE_FOLDER}/{folder}")[1]
    ]
