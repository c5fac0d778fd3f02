"""Measures that ran out: the nightly job tells the sites, and catches up after days of downtime.

Nothing here decides a status: that is computed from the measures on every read. The job only notes
the end, once, and tells people.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from institutions.services import audit
from scoring.models import Measure, MeasureEnd
from scoring.policy.account import Status
from scoring.selectors.accounts import load_account
from scoring.services import measures, scorecards, status_notices

BATCH = 500


def close_ended_measures(*, for_date: date, now: datetime, counts: Counter[str] | None = None) -> Counter[str]:
    """Note every known measure whose last day is before ``for_date`` and tell those concerned.

    One transaction per person. Returns counts: ``ended``, ``restored`` (status normal again),
    ``may_reapply`` (a bar is over, a new registration is needed).
    """
    counts = counts if counts is not None else Counter()
    while True:
        people = list(
            _ended(for_date).order_by("practitioner_id").values_list("practitioner_id", flat=True).distinct()[:BATCH]
        )
        if not people:
            return counts
        for person in people:
            with transaction.atomic():
                _close_for(person, for_date, now, counts)


def _ended(for_date: date) -> QuerySet[Measure]:
    return Measure.objects.filter(recorded__endswith__isnull=True, valid__endswith__lte=for_date, end__isnull=True)


def _close_for(person: UUID, for_date: date, now: datetime, counts: Counter[str]) -> None:
    due = list(_ended(for_date).filter(practitioner_id=person).select_related("practitioner").order_by("valid"))
    if not due:
        return
    practitioner = due[0].practitioner
    measures.lock(practitioner, now)
    account = load_account(practitioner).account
    for measure in due:
        status = account.status_on(measure.valid.upper)
        MeasureEnd.objects.create(
            measure=measure, ended_on=measure.ends_on, noted_at=now, status_after=str(status.status)
        )
        counts["ended"] += 1
        over = status.status is Status.NORMAL or (status.status is Status.TERMINATED and status.may_reapply)
        still = account.status_on(for_date).status is status.status
        if not over or not still:  # another measure goes on, or has begun since, or the person is registered anew
            continue
        counts["restored" if status.status is Status.NORMAL else "may_reapply"] += 1
        status_notices.tell_end(measure=measure, status=status, now=now)
        audit.record_event(
            action="measure.ended",
            subject=measure,
            by=None,
            now=now,
            detail={"ended_on": measure.ends_on.isoformat(), "status": str(status.status)},
        )
    scorecards.mark_dirty(practitioner=practitioner, now=now)
