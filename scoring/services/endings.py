"""Measures that ran out: the nightly job tells the sites, and catches up after days of downtime.

Nothing here decides a status: that is computed from the measures on every read. The job only notes
the end, once, and tells people.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from institutions.json_types import JsonObject
from institutions.models import Practitioner
from institutions.selectors.practitioners import families
from institutions.services import audit
from scoring.models import Measure, MeasureEnd
from scoring.policy.account import Account, Status, StatusOn
from scoring.selectors.many_accounts import load_accounts
from scoring.services import measures, scorecards, status_notices

BATCH = 200


def close_ended_measures(*, for_date: date, now: datetime, counts: Counter[str] | None = None) -> Counter[str]:
    """Note every known measure whose last day is before ``for_date`` and tell those concerned.

    A transaction for so many people at a time, each with a number of queries that does not depend on how many they are.
    Returns counts: ``ended``, ``restored`` (status normal again), ``may_reapply`` (a bar is over, a new registration is
    needed).
    """
    counts = counts if counts is not None else Counter()
    people = list(_ended(for_date).order_by("practitioner_id").values_list("practitioner_id", flat=True).distinct())
    for start in range(0, len(people), BATCH):
        counts.update(_close_for(people[start : start + BATCH], for_date, now))
    return counts


def _ended(for_date: date) -> QuerySet[Measure]:
    return Measure.objects.filter(recorded__endswith__isnull=True, valid__endswith__lte=for_date, end__isnull=True)


@transaction.atomic
def _close_for(people: Sequence[UUID], for_date: date, now: datetime) -> Counter[str]:
    """Hold these people's accounts, and note and tell what of theirs has ended; return the counts."""
    measures.lock_all(Practitioner.objects.filter(pk__in=people))
    ended = _ended(for_date).filter(practitioner__in=people).select_related("practitioner", "entry__institution")
    due = list(ended.order_by("practitioner_id", "valid"))
    accounts = load_accounts({measure.practitioner_id for measure in due})
    after = [accounts[m.practitioner_id].account.status_on(m.valid.upper) for m in due]
    MeasureEnd.objects.bulk_create(
        MeasureEnd(measure=measure, ended_on=measure.ends_on, noted_at=now, status_after=str(status.status))
        for measure, status in zip(due, after, strict=True)
    )
    told = [
        (measure, status)
        for measure, status in zip(due, after, strict=True)
        if _is_to_be_told(accounts[measure.practitioner_id].account, status, for_date)
    ]
    status_notices.tell_ends(told, now=now)
    audit.record_events([_act(measure, status) for measure, status in told], by=None, now=now)
    scorecards.mark_dirty_of(set(families({measure.practitioner_id for measure in due}).values()), now=now)
    restored = sum(status.status is Status.NORMAL for _measure, status in told)
    return +Counter(ended=len(due), restored=restored, may_reapply=len(told) - restored)


def _is_to_be_told(account: Account, status: StatusOn, for_date: date) -> bool:
    """Not while another measure goes on, or where one has begun since or the person is registered anew."""
    return status_notices.is_over(status) and account.status_on(for_date).status is status.status


def _act(measure: Measure, status: StatusOn) -> audit.Act:
    detail: JsonObject = {"ended_on": measure.ends_on.isoformat(), "status": str(status.status)}
    return audit.Act("measure.ended", measure, detail)
