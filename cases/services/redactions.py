"""Redacted copies of evidence: made by an officer, opened by the person, every opening written down."""

import hashlib
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cases.models import CaseFile, Evidence, LineEvidence, RedactedCopy, RedactedOpening
from cases.services import evidence as evidence_rows
from cases.services import moves
from institutions.errors import NotThere, RuleRefused
from institutions.models import Notice, User
from institutions.permissions import Permission, ensure_permission
from institutions.services import audit

RULE = "design: a redacted derivative before anyone outside the case's officers sees evidence"


@transaction.atomic
def add_redacted_copy(
    *, evidence: Evidence, file_name: str, content: bytes, taken_out: str, by: User | None, now: datetime
) -> RedactedCopy:
    """Keep a redacted copy of a piece of evidence, made by an officer who answers for it; return it.

    It is what the person sees from then on. The same bytes a second time change nothing. Refuses the original itself,
    a file that is empty, too large or of a kind not allowed, and a copy that does not say what was taken out.
    """
    ensure_permission(by, Permission.EVIDENCE_REDACT, region=evidence.case.region_id)
    officer = moves.ensure_officer(by)
    CaseFile.objects.select_for_update(no_key=True).get(pk=evidence.case_id)
    sha256 = hashlib.sha256(content).hexdigest()
    known = RedactedCopy.objects.filter(evidence=evidence, sha256=sha256).first()
    if known is not None:
        return known
    content_type = evidence_rows.ensure_acceptable(file_name, content)
    if sha256 == evidence.sha256:
        raise RuleRefused(
            _("This is the original itself, with all that is in it."),
            rule=RULE,
            next_step=_("Take out what concerns other persons, then add the copy."),
        )
    copy = RedactedCopy.objects.create(
        evidence=evidence,
        file=evidence_rows.store(content, sha256),
        file_name=file_name,
        sha256=sha256,
        size=len(content),
        content_type=content_type,
        taken_out=moves.ensure_text(taken_out, _("What was taken out"), RULE),
        added_at=now,
        added_by=officer,
    )
    audit.record_event(
        action="evidence.redacted",
        subject=evidence,
        by=by,
        now=now,
        detail={"case": evidence.case.number, "key": evidence.key, "sha256": sha256},
        reason=copy.taken_out,
        region=evidence.case.region_id,
    )
    return copy


@transaction.atomic
def open_by_person(*, copy: RedactedCopy, notice: Notice, now: datetime) -> bytes | None:
    """Return the bytes of a redacted copy to the person of a letter, and write the opening down.

    Refuses (`NotThere`) a copy of evidence on which no responsibility of this person rests. None where the stored bytes
    are no longer those that came in: the attempt is on record, and the door answers with `HashMismatch`.
    """
    rests_on_it = LineEvidence.objects.filter(
        evidence=copy.evidence_id, line__attribution__practitioner=notice.practitioner
    )
    if notice.practitioner_id is None or not rests_on_it.exists():
        raise NotThere()
    return _open(copy, RedactedOpening(copy=copy, opened_at=now, notice=notice))


@transaction.atomic
def open_by_officer(*, copy: RedactedCopy, by: User, now: datetime) -> bytes | None:
    """Return the bytes of a redacted copy to an officer, and write the opening down; None as for the person."""
    ensure_permission(by, Permission.EVIDENCE_VIEW, region=copy.evidence.case.region_id)
    return _open(copy, RedactedOpening(copy=copy, opened_at=now, opened_by=by))


def _open(copy: RedactedCopy, opening: RedactedOpening) -> bytes | None:
    content = evidence_rows.read(copy)
    opening.hash_matched = content is not None and hashlib.sha256(content).hexdigest() == copy.sha256
    opening.save()
    return content if opening.hash_matched else None
