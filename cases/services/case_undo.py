"""Taking an import of cases back while nothing in it was proposed: the drafts are set aside, the cases withdrawn.

Rows stay, as everywhere; the numbers and decisions are free again, so that the mended file can be imported. What was
proposed is a procedure with a person in it: that ends by a decision or by annulling the basis, never by an undo.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from cases.models import Attribution, CaseFile, CaseUpload, Proposal
from cases.services import moves, undoing
from cases.services.case_uploads import CASES
from cases.states import State
from institutions.errors import WrongState
from institutions.models import User
from institutions.permissions import Permission, ensure_permission
from institutions.services import audit, uploads

RULE = "design: only drafts are taken back"
SHOWN = 20


@dataclass(frozen=True)
class UndoPreview:
    """What taking an upload back would do, and what stands against it."""

    cases: int
    drafts: int
    blockers: tuple[str, ...]


def preview_undo(upload: CaseUpload) -> UndoPreview:
    """Say what taking the cases of an upload back would do; writes nothing."""
    standing = CaseFile.objects.filter(upload=upload, withdrawn_at__isnull=True)
    drafts = Attribution.objects.filter(case__in=standing, state=State.DRAFT)
    return UndoPreview(standing.count(), drafts.count(), tuple(_blockers(list(standing.values_list("pk", flat=True)))))


@transaction.atomic
def undo_upload(*, upload: CaseUpload, reason: str, by: User, now: datetime) -> CaseUpload:
    """Withdraw every case that an upload made; return the upload. A second call changes nothing.

    Refuses an empty reason (422), an upload that is under way or made nothing, and one of which anything was proposed
    (409), naming the cases.
    """
    ensure_permission(by, Permission.CASE_IMPORT)
    upload = uploads.locked(CASES, upload, by)
    if upload.undone_at is not None:
        return upload
    cases = list(CaseFile.objects.filter(upload=upload).select_for_update(no_key=True).order_by("pk"))
    for case in cases:
        ensure_permission(by, Permission.CASE_IMPORT, region=case.region_id)
    if upload.finished_at is None or not cases:
        raise WrongState(
            _("There is nothing to take back: the upload has made no case, or is still under way."),
            rule=RULE,
            state=upload.state,
        )
    blockers = _blockers([case.pk for case in cases])
    if blockers:
        raise WrongState(
            _("This import is not taken back: %(cases)s.") % {"cases": "; ".join(blockers[:SHOWN])},
            rule=RULE,
            state="proposed",
            next_step=_("Decide these attributions, or annul the basis of their cases."),
        )
    reason = moves.ensure_text(reason, _("The reason"), RULE)
    for case in cases:
        _withdraw(case, reason, by, now)
    upload.undone_at, upload.undone_by, upload.undone_reason = now, by, reason
    upload.save(update_fields=["undone_at", "undone_by", "undone_reason"])
    audit.record_event(
        action="cases.upload_undone", subject=upload, by=by, now=now, detail={"cases": len(cases)}, reason=reason
    )
    return upload


def _blockers(cases: Sequence[UUID]) -> list[str]:
    """Say, case by case, who is further than a draft."""
    gone_on = (
        Attribution.objects.filter(case__in=cases)
        .exclude(state__in=[State.DRAFT, State.SET_ASIDE])
        .order_by("case__number", "pk")
    )
    found = [
        _("%(number)s: an attribution is %(state)s") % {"number": item.case.number, "state": item.get_state_display()}
        for item in gone_on.select_related("case")
    ]
    ended = Proposal.objects.filter(attribution__case__in=cases, attribution__state=State.SET_ASIDE)
    found += [
        _("%(number)s: an attribution was proposed and set aside") % {"number": number}
        for number in ended.order_by().values_list("attribution__case__number", flat=True).distinct()
    ]
    return found


def _withdraw(case: CaseFile, reason: str, by: User, now: datetime) -> None:
    for attribution in Attribution.objects.filter(case=case, state=State.DRAFT).order_by("pk"):
        undoing.set_aside_attribution(attribution=attribution, reason=reason, by=by, now=now)
    case.withdrawn_at, case.withdrawn_by, case.withdrawn_reason = now, by, reason
    case.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_reason"])
    case.basis.is_withdrawn = True
    case.basis.save(update_fields=["is_withdrawn"])
    audit.record_event(
        action="case.withdrawn",
        subject=case,
        by=by,
        now=now,
        detail={"number": case.number},
        reason=reason,
        region=case.region_id,
    )
