"""Telling people what a merge of records, or its undoing, changed for a person: every site and the person, once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from institutions.clock import local_date
from institutions.json_types import Json
from institutions.models import Institution, NoticeKind, Practitioner, PractitionerMerge
from institutions.selectors.practitioners import institutions_to_tell, primary_code
from institutions.services import notices
from scoring.policy.account import StatusOn
from scoring.services.measures import Refreshed


def tell_after_merge(*, merge: PractitionerMerge, refreshed: Refreshed, now: datetime) -> None:
    """Queue the status change if the union of the accounts caused a measure."""
    if not refreshed.added:
        return
    day = max(min(measure.starts_on for measure in refreshed.added), local_date(now))
    _tell(merge.kept, NoticeKind.STATUS_CHANGE, f"merge:{merge.pk}", refreshed.loaded.account.status_on(day), now)


def tell_after_undo(*, merge: PractitionerMerge, refreshed: Sequence[Refreshed], now: datetime) -> None:
    """Queue the correction for each record if a measure ended or began by the undoing."""
    if not any(one.added or one.ended for one in refreshed):
        return
    for person, one in zip((merge.kept, merge.gone), refreshed, strict=True):
        status = one.loaded.account.status_on(local_date(now))
        _tell(person, NoticeKind.CORRECTION, f"merge:{merge.pk}:undone", status, now)


def _tell(person: Practitioner, kind: NoticeKind, cause: str, status: StatusOn, now: datetime) -> None:
    payload: dict[str, Json] = {
        "subject_name": person.name,
        "practitioner_code": primary_code(person),
        "practitioner_slug": person.slug,
        "effect": str(status.status),
        "effect_from": status.since.isoformat() if status.since else None,
        "effect_until": status.until.isoformat() if status.until else None,
        "may_reapply": status.may_reapply,
    }
    recipients: list[Institution | Practitioner] = [*institutions_to_tell(person, local_date(now)), person]
    for recipient in recipients:
        notices.queue_notice(kind=kind, recipient=recipient, cause=cause, payload=payload, now=now)
