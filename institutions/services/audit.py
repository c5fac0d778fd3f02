"""The record of acts. Called inside the transaction of the act itself, so that neither exists without the other."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import pghistory
from django.db import models

from institutions.json_types import JsonObject
from institutions.models import AuditEvent, User


@dataclass(frozen=True, slots=True)
class Act:
    """What is to be recorded, apart from who and when; the fields are those of `record_event`."""

    action: str
    subject: models.Model | str
    detail: JsonObject = field(default_factory=dict)
    reason: str = ""
    region: str = ""


def record_event(
    *,
    action: str,
    subject: models.Model | str,
    by: User | None,
    now: datetime,
    detail: JsonObject | None = None,
    reason: str = "",
    region: str = "",
) -> AuditEvent:
    """Write one audit event and return it.

    `action` is noun.verb ("notice.acknowledged"); `subject` a saved row, or "kind:reference" where there is none;
    `by` is None where the system acted, and is marked with whom they stand in for (`User.acting_for`); `region` a
    GB/T 2260 code, so that auditors of a region find it. The event carries the id of the request's history context,
    which the row histories of the same act carry too.
    """
    act = Act(action, subject, detail or {}, reason, region)
    with pghistory.context(action=action) as context:
        event = _event(act, by, now, context.id)
        event.save()
        return event


def record_events(acts: Sequence[Act], *, by: User | None, now: datetime) -> None:
    """Write several events of one transaction at once."""
    with pghistory.context() as context:
        AuditEvent.objects.bulk_create([_event(act, by, now, context.id) for act in acts])


def _event(act: Act, by: User | None, now: datetime, context_id: UUID) -> AuditEvent:
    subject_type, subject_id = _reference(act.subject)
    return AuditEvent(
        action=act.action,
        subject_type=subject_type,
        subject_id=subject_id,
        region_code=act.region,
        by=by,
        acted_for=by.acting_for if by is not None else None,
        at=now,
        reason=act.reason,
        detail=dict(act.detail),
        context_id=context_id,
    )


def _reference(subject: models.Model | str) -> tuple[str, str]:
    if isinstance(subject, str):
        kind, _, reference = subject.partition(":")
        return kind, reference
    return subject._meta.label_lower, str(subject.pk)
