"""Mandatory notices that nobody has opened: shown to officers after three working days."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from institutions import clock
from institutions.models import Notice
from institutions.selectors import calendar
from institutions.services import audit

WORKING_DAYS_UNREAD_MAX = 3


def escalate_unread(now: datetime) -> int:
    """Flag every mandatory notice to an institution that is unread past its third working day; return how many.

    Each is flagged once, in a transaction of its own, with an audit event for the officers of the region.
    """
    today = clock.local_date(now)
    waiting = Notice.objects.filter(
        mandatory=True,
        is_pilot=False,
        institution__isnull=False,
        read_at__isnull=True,
        escalated_at__isnull=True,
        created_at__lt=now - timedelta(days=WORKING_DAYS_UNREAD_MAX),
    ).order_by("created_at")
    overdue: dict[date, bool] = {}
    escalated = 0
    for key, created_at in list(waiting.values_list("pk", "created_at")):
        told_on = clock.local_date(created_at)
        if told_on not in overdue:
            overdue[told_on] = calendar.deadline(told_on, WORKING_DAYS_UNREAD_MAX).on < today
        if overdue[told_on]:
            escalated += _escalate(key, now)
    return escalated


@transaction.atomic
def _escalate(key: UUID, now: datetime) -> int:
    notice = (
        Notice.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("institution")
        .filter(pk=key, read_at__isnull=True, escalated_at__isnull=True)
        .first()
    )
    if notice is None or notice.institution is None:
        return 0
    notice.escalated_at = now
    notice.save(update_fields=["escalated_at"])
    audit.record_event(
        action="notice.escalated",
        subject=notice,
        by=None,
        now=now,
        detail={"number": notice.number, "institution_code": notice.institution.code},
        region=notice.institution.region_id,
    )
    return 1
