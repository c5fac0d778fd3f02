"""Deleting files whose time is over (F64): the bytes go, the row with its hash stays, and a record says when and why.

Nothing is deleted while a window, an appeal, a measure or a procedure is open (`cases.selectors.retention`). A dry run
says what would be deleted and changes nothing. Bytes that another row still needs stay for that row.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q

from cases.models import (
    CaseFile,
    DeletedThing,
    Evidence,
    FileDeletion,
    RedactedCopy,
    RepairApplication,
    ReregistrationApplication,
    ServiceReceipt,
    SubmittedFile,
)
from cases.policy.retention import Kept, rule_on
from cases.selectors import retention
from cases.services import repair_moves
from cases.states.repair import Action, State
from institutions.clock import local_date
from institutions.services import audit
from scoring.policy.terms import add_months

Piece: TypeAlias = Evidence | RedactedCopy | SubmittedFile | ServiceReceipt
Owner: TypeAlias = CaseFile | RepairApplication | ReregistrationApplication

THINGS: dict[type[Piece], DeletedThing] = {
    Evidence: DeletedThing.EVIDENCE,
    RedactedCopy: DeletedThing.REDACTED_COPY,
    SubmittedFile: DeletedThing.SUBMITTED_FILE,
    ServiceReceipt: DeletedThing.SERVICE_RECEIPT,
}
RULES = {CaseFile: "case_months", RepairApplication: "repair_months", ReregistrationApplication: "repair_months"}


@dataclass(frozen=True, slots=True)
class Due:
    """One file that may go, and why."""

    owner: str
    thing: DeletedThing
    subject_id: str
    file_name: str
    kept: Kept


def due(*, on: date) -> Iterator[Due]:
    """Return every file whose time is over by a day; reads only."""
    for owner, kept in _over(on):
        for piece in _pieces(owner):
            yield Due(str(owner), THINGS[type(piece)], str(piece.pk), piece.file_name, kept)


def purge_expired(*, now: datetime, today: date | None = None, counts: Counter[str] | None = None) -> Counter[str]:
    """Delete every file whose time is over and close abandoned drafts; return the counts. Safe to run twice.

    One transaction for each case or application; what cannot be told to be over is kept.
    """
    counts = Counter() if counts is None else counts
    counts.update(files_deleted=0, drafts_closed=0, files_removed_again=0)
    day = today or local_date(now)
    counts["files_removed_again"] = _remove_left_behind()
    counts["drafts_closed"] = sum(_close_draft(application, now) for application in _abandoned(day))
    for owner, _kept in list(_over(day)):
        counts["files_deleted"] += _purge(owner, day, now)
    return counts


def is_deleted(piece: Piece) -> bool:
    """Say whether the time of a file was over and its bytes are gone for good."""
    return FileDeletion.objects.filter(subject_type=THINGS[type(piece)], subject_id=str(piece.pk)).exists()


@transaction.atomic
def _purge(owner: Owner, day: date, now: datetime) -> int:
    """Delete the files of one case or application, asked again under its lock."""
    locked = type(owner)._default_manager.select_for_update(of=("self",), no_key=True).get(pk=owner.pk)
    kept = _kept(locked, day)
    if kept is None or not kept.is_over(day):
        return 0
    pieces = list(_pieces(locked))
    for piece in pieces:
        _delete(piece, locked, kept, now)
    if pieces:
        audit.record_event(
            action="files.deleted",
            subject=locked,
            by=None,
            now=now,
            detail={
                "files": len(pieces),
                "kept_until": kept.until.isoformat() if kept.until else None,
                "counted_from": kept.because,
            },
            region=_region(locked),
        )
    return len(pieces)


def _delete(piece: Piece, owner: Owner, kept: Kept, now: datetime) -> None:
    name = str(piece.file.name)
    needed = _is_claimed(name, but=piece)
    assert kept.until is not None
    FileDeletion.objects.create(
        subject_type=THINGS[type(piece)],
        subject_id=str(piece.pk),
        file_name=piece.file_name,
        stored_as=name,
        sha256=piece.sha256,
        rule=RULES[type(owner)],
        kept_until=kept.until,
        ended_with=kept.because,
        bytes_removed=not needed,
        region_code=_region(owner),
        deleted_at=now,
    )
    if not needed:
        transaction.on_commit(lambda: default_storage.delete(name))


def _over(on: date) -> Iterator[tuple[Owner, Kept]]:
    """Every case and application of which nothing is open and whose months are over."""
    for owner in _candidates(on):
        kept = _kept(owner, on)
        if kept is not None and kept.is_over(on):
            yield owner, kept


def _candidates(on: date) -> Iterator[Owner]:
    """Those old enough to be asked about, by the shortest way to their end."""
    rule = rule_on(retention.retention_rules(), on)
    cases = CaseFile.objects.filter(opened_at__date__lt=add_months(on, -rule.case_months))
    yield from cases.select_related("basis", "institution").order_by("pk").iterator(chunk_size=500)
    before = add_months(on, -min(rule.repair_months, rule.abandoned_months))
    repairs = RepairApplication.objects.filter(started_at__date__lt=before)
    yield from repairs.select_related("institution").order_by("pk").iterator(chunk_size=500)
    anew = ReregistrationApplication.objects.filter(entered_at__date__lt=before)
    yield from anew.select_related("institution", "registration").order_by("pk").iterator(chunk_size=500)


def _kept(owner: Owner, on: date) -> Kept | None:
    if isinstance(owner, CaseFile):
        return retention.kept_for_case(owner, on=on)
    if isinstance(owner, RepairApplication):
        return retention.kept_for_repair(owner, on=on)
    return retention.kept_for_reregistration(owner, on=on)


def _pieces(owner: Owner) -> Iterator[Piece]:
    """The files of a case or application that are not deleted yet."""
    found: Iterable[Piece]
    if isinstance(owner, CaseFile):
        found = [
            *Evidence.objects.filter(case=owner),
            *RedactedCopy.objects.filter(evidence__case=owner),
            *SubmittedFile.objects.filter(
                Q(statement__attribution__case=owner)
                | Q(appeal__attribution__case=owner)
                | Q(message__appeal__attribution__case=owner)
            ),
            *ServiceReceipt.objects.filter(service__attribution__case=owner),
        ]
    else:
        found = owner.files.all()
    for piece in found:
        if not is_deleted(piece):
            yield piece


def _is_claimed(name: str, *, but: Piece | None = None) -> bool:
    """Say whether a row that is not deleted (`but` aside) names a stored file: it is addressed by what it holds."""
    for model, thing in THINGS.items():
        claims = model._default_manager.filter(file=name)
        if but is not None and isinstance(but, model):
            claims = claims.exclude(pk=str(but.pk))
        gone = set(FileDeletion.objects.filter(subject_type=thing, stored_as=name).values_list("subject_id", flat=True))
        if any(str(pk) not in gone for pk in claims.values_list("pk", flat=True)):
            return True
    return False


def _abandoned(on: date) -> list[RepairApplication]:
    rule = rule_on(retention.retention_rules(), on)
    before = add_months(on, -rule.abandoned_months)
    return list(RepairApplication.objects.filter(state=State.STARTED.value, started_at__date__lt=before).order_by("pk"))


@transaction.atomic
def _close_draft(application: RepairApplication, now: datetime) -> int:
    """Withdraw an application that was started and never handed in, in nobody's name; its files follow later."""
    application = repair_moves.lock(application)
    if application.state != State.STARTED:
        return 0
    application.state = repair_moves.ensure_can(application, Action.WITHDRAW).value
    application.withdrawn_at = now
    application.save(update_fields=["state", "withdrawn_at"])
    repair_moves.record("repair.abandoned", application, None, now)
    return 1


def _remove_left_behind() -> int:
    """Remove files whose deletion is on record and whose bytes are there still: a process ended in between."""
    removed = 0
    recent = FileDeletion.objects.filter(bytes_removed=True).order_by("-id")[:1000]
    for record in recent:
        if default_storage.exists(record.stored_as) and not _is_claimed(record.stored_as):
            default_storage.delete(record.stored_as)
            removed += 1
    return removed


def _region(owner: Owner) -> str:
    return str(owner.region_id if isinstance(owner, CaseFile) else owner.institution.region_id)
