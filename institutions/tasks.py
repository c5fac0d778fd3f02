"""Background work of `institutions`: each task reads the clock, calls one service and writes its run.

`for_date` is an ISO Shanghai date under which a run is entered in the run book; what is due is found in the database.
"""

from datetime import date

from celery import shared_task

from institutions import clock
from institutions.services import deliveries, escalations
from institutions.services.job_runs import job_run


@shared_task(name="institutions.deliver_notices")
def deliver_notices(for_date: str | None = None) -> dict[str, int]:
    """Send the copies of notices that are due."""
    now = clock.now()
    with job_run("institutions.deliver_notices", _date(for_date), now) as counts:
        counts.update(deliveries.deliver_due(now))
    return dict(counts)


@shared_task(name="institutions.escalate_unread")
def escalate_unread(for_date: str | None = None) -> dict[str, int]:
    """Flag mandatory notices that nobody has opened for three working days."""
    now = clock.now()
    with job_run("institutions.escalate_unread", _date(for_date), now) as counts:
        counts["escalated"] = escalations.escalate_unread(now)
    return dict(counts)


def _date(for_date: str | None) -> date:
    return date.fromisoformat(for_date) if for_date else clock.today()
