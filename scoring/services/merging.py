"""Two records of one person: proposed by one officer with a preview, approved by another, and parted again likewise.

No row of the ledger is touched: entries keep their record, the account of the person is the union, and measures that
the union causes begin on the day of the decision at the earliest. Names never identify: why two records are one
person is the officers' reason, in words.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from institutions import permissions, published_files
from institutions.clock import local_date
from institutions.errors import Forbidden, Invalid, WrongState
from institutions.models import Institution, MergeDecision, Practitioner, PractitionerMerge, User
from institutions.permissions import Permission
from institutions.selectors import deputies
from institutions.selectors.practitioners import record_ids
from institutions.services import audit, wake_up
from institutions.services.locks import lock_roster
from scoring.models import PointsEntry
from scoring.selectors.merging import Preview, preview_merge, preview_undo
from scoring.services import measures, merge_notices

REASON_LENGTH_MIN = 10


class NotTwoRecords(WrongState):
    """Only two records that stand by themselves are merged, and only a standing merge is undone."""

    code = "not-two-records"


class SecondOfficerNeeded(Forbidden):
    """Who proposed does not decide."""

    code = "second-officer-needed"


class PreviewChanged(WrongState):
    """What the decision would cause is not what the officer was shown."""

    code = "preview-changed"


@transaction.atomic
def propose_merge(*, kept: Practitioner, gone: Practitioner, reason: str, by: User, now: datetime) -> PractitionerMerge:
    """Propose that ``gone`` is the person of ``kept``; return the proposal with its preview. Nothing changes yet.

    A second call for the same pair returns the open proposal. Refuses the same record twice, records that were
    merged already, and a reason of fewer than 10 characters.
    """
    _ensure_reaches(by, Permission.ATTRIBUTION_PROPOSE, kept, gone)
    lock_roster()
    opened = PractitionerMerge.objects.filter(gone=gone, decision__isnull=True).first()
    if opened is not None and opened.kept_id == kept.pk:
        return opened
    _ensure_two_records(kept, gone)
    if opened is not None:
        raise NotTwoRecords(_("Another merge of this record is waiting for its decision."), state=str(opened.pk))
    _ensure_reason(reason)
    preview = preview_merge(kept=kept, gone=gone, on=local_date(now), now=now)
    merge = PractitionerMerge.objects.create(
        kept=kept, gone=gone, reason=reason.strip(), preview=preview.as_json(), proposed_by=by, proposed_at=now
    )
    _record("merge.proposed", merge, by, now, reason)
    return merge


@transaction.atomic
def approve_merge(*, merge: PractitionerMerge, seen: str, by: User, now: datetime) -> PractitionerMerge:
    """Make the two records one person's from today; return the merge. A second call changes nothing.

    ``seen`` is the digest of the preview that the officer was shown (``preview_merge``); `PreviewChanged` if another
    would follow now. Refuses the officer who proposed (`SecondOfficerNeeded`).
    """
    _ensure_reaches(by, Permission.ATTRIBUTION_DECIDE, merge.kept, merge.gone)
    lock_roster()
    merge = _locked(merge)
    if merge.decision == MergeDecision.APPROVED and merge.undone_at is None:
        return merge
    _ensure_open(merge)
    _ensure_second(merge, merge.proposed_by, by)
    _ensure_two_records(merge.kept, merge.gone)
    instant = max(measures.lock(merge.gone, now), measures.lock(merge.kept, now))
    preview = preview_merge(kept=merge.kept, gone=merge.gone, on=local_date(now), now=instant)
    _ensure_seen(preview, seen)
    merge.preview = preview.as_json()
    merge.decision, merge.decided_by, merge.decided_at = MergeDecision.APPROVED, by, now
    merge.effective_on, merge.recorded_at = local_date(now), instant
    merge.save()
    _point(merge.gone, merge.kept, now)
    refreshed = measures.refresh(practitioner=merge.kept, cause=None, by=by, now=instant)
    _record("merge.approved", merge, by, now, merge.reason)
    merge_notices.tell_after_merge(merge=merge, refreshed=refreshed, now=now)
    _publish_soon()
    return merge


@transaction.atomic
def refuse_merge(*, merge: PractitionerMerge, reason: str, by: User, now: datetime) -> PractitionerMerge:
    """Decide that the records stay two people's; return the merge. Refuses the officer who proposed."""
    _ensure_reaches(by, Permission.ATTRIBUTION_DECIDE, merge.kept, merge.gone)
    lock_roster()
    merge = _locked(merge)
    if merge.decision == MergeDecision.REFUSED:
        return merge
    _ensure_open(merge)
    _ensure_second(merge, merge.proposed_by, by)
    _ensure_reason(reason)
    merge.decision, merge.decided_by, merge.decided_at = MergeDecision.REFUSED, by, now
    merge.decision_reason = reason.strip()
    merge.save()
    _record("merge.refused", merge, by, now, reason)
    return merge


@transaction.atomic
def propose_undo(*, merge: PractitionerMerge, reason: str, by: User, now: datetime) -> PractitionerMerge:
    """Propose to part two records again; return the merge. Nothing changes yet; a second call changes nothing."""
    _ensure_reaches(by, Permission.ATTRIBUTION_PROPOSE, merge.kept, merge.gone)
    lock_roster()
    merge = _locked(merge)
    if merge.undo_proposed_at is not None and merge.undone_at is None:
        return merge
    _ensure_standing(merge)
    _ensure_reason(reason)
    merge.undo_reason, merge.undo_proposed_by, merge.undo_proposed_at = reason.strip(), by, now
    merge.save()
    _record("merge.undo_proposed", merge, by, now, reason)
    return merge


@transaction.atomic
def approve_undo(*, merge: PractitionerMerge, seen: str, by: User, now: datetime) -> PractitionerMerge:
    """Part the records: both accounts are as though they had never been one. A second call changes nothing.

    ``seen`` is the digest of the preview shown (``preview_undo``). Refused where a past day would become graver than
    it was, and for the officer who proposed. What was known while they were one stays on record as known then.
    """
    _ensure_reaches(by, Permission.ATTRIBUTION_DECIDE, merge.kept, merge.gone)
    lock_roster()
    merge = _locked(merge)
    if merge.undone_at is not None:
        return merge
    _ensure_standing(merge)
    if merge.undo_proposed_by is None:
        raise NotTwoRecords(_("Nobody has proposed to undo this merge."))
    _ensure_second(merge, merge.undo_proposed_by, by)
    instant = measures.lock(merge.gone, now)
    preview = preview_undo(merge=merge, on=local_date(now))
    _ensure_seen(preview, seen)
    if preview.blockers:
        raise NotTwoRecords(
            _("Apart, the records would have had graver days than the person had."),
            errors=[{"detail": blocker} for blocker in preview.blockers],
            next_step=_("Correct the awards posted since the merge first."),
        )
    merge.undone_by, merge.undone_at, merge.undo_recorded_at = by, now, instant
    merge.save()
    _point(merge.gone, None, now)
    apart = [
        measures.refresh(practitioner=person, cause=None, by=by, now=instant) for person in (merge.kept, merge.gone)
    ]
    _record("merge.undone", merge, by, now, merge.undo_reason)
    merge_notices.tell_after_undo(merge=merge, refreshed=apart, now=now)
    _publish_soon()
    return merge


def _point(gone: Practitioner, kept: Practitioner | None, now: datetime) -> None:
    """Lead the record to the surviving one (or to itself again); whatever was rendered of either is out of date."""
    gone.merged_into, gone.profile_changed_at = kept, now
    gone.save(update_fields=["merged_into", "profile_changed_at"])
    records = record_ids(kept) if kept is not None else [gone.pk]
    Practitioner.objects.filter(pk__in=records).update(profile_changed_at=now)
    touched = Practitioner.objects.filter(pk__in={*records, gone.pk})
    published_files.withdraw(list(touched.values_list("slug", flat=True)))


def _locked(merge: PractitionerMerge) -> PractitionerMerge:
    rows = PractitionerMerge.objects.select_for_update(of=("self",)).select_related("kept", "gone", "proposed_by")
    return rows.get(pk=merge.pk)


def _ensure_two_records(kept: Practitioner, gone: Practitioner) -> None:
    fresh = Practitioner.objects.filter(pk__in=[kept.pk, gone.pk], merged_into__isnull=True).count()
    if fresh == 2:
        return
    raise NotTwoRecords(
        _("Both records have to stand by themselves, and to be two."),
        next_step=_("Look up the records to which they lead, or undo the earlier merge."),
    )


def _ensure_open(merge: PractitionerMerge) -> None:
    if merge.decision is not None:
        raise NotTwoRecords(_("This proposal was decided already."), state=str(merge.decision))


def _ensure_standing(merge: PractitionerMerge) -> None:
    if merge.decision != MergeDecision.APPROVED or merge.undone_at is not None:
        raise NotTwoRecords(_("Only a merge that stands can be undone."), state=str(merge.decision))


def _ensure_second(merge: PractitionerMerge, proposer: User, by: User) -> None:
    if proposer.pk == by.pk:
        raise SecondOfficerNeeded(_("A second officer decides; you proposed this."), rule="proposer ≠ approver")
    if reason := deputies.as_one(by, [proposer.pk], subject=merge):
        raise SecondOfficerNeeded(reason, rule="proposer ≠ approver")


def _ensure_seen(preview: Preview, seen: str) -> None:
    if preview.digest != seen:
        raise PreviewChanged(
            _("Since the preview was shown, what would follow has changed."),
            next_step=_("Look at the preview again and decide on that."),
        )


def _ensure_reason(reason: str) -> None:
    if len(reason.strip()) < REASON_LENGTH_MIN:
        raise Invalid(_("Say why, in at least %(length)d characters.") % {"length": REASON_LENGTH_MIN})


def _ensure_reaches(by: User, permission: Permission, *people: Practitioner) -> None:
    """Raise `Forbidden` unless the officer's region reaches each of the people."""
    for person in people:
        regions = _regions(person)
        if not regions:
            permissions.ensure_permission(by, permission, region="")
        else:
            reached = (region for region in regions if permissions.has_permission(by, permission, region=region))
            permissions.ensure_permission(by, permission, region=next(reached, regions[0]))


def _regions(person: Practitioner) -> list[str]:
    records = record_ids(person)
    scored_at = PointsEntry.objects.filter(practitioner__in=records).values("institution_id")
    named_at = Practitioner.objects.filter(pk__in=records).values("provisional_institution_id")
    places = Institution.objects.filter(
        Q(registrations__practitioner__in=records) | Q(pk__in=scored_at) | Q(pk__in=named_at)
    )
    return sorted(set(places.values_list("region_id", flat=True)))


def _record(action: str, merge: PractitionerMerge, by: User, now: datetime, reason: str) -> None:
    detail = {"kept": str(merge.kept_id), "gone": str(merge.gone_id)}
    audit.record_event(action=action, subject=merge, by=by, now=now, detail=detail, reason=reason)


def _publish_soon() -> None:
    wake_up.after_commit("scoring.publish_scorecards")
    wake_up.after_commit("institutions.deliver_notices")
