"""Background work of `institutions`: each task reads the clock, calls one service and writes its run.

`for_date` is an ISO Shanghai date under which a run is entered in the run book; what is due is found in the database.
"""

from celery import shared_task

from institutions import clock
from institutions.models import User
from institutions.services import deliveries, escalations, login_mail, upload_steps, wake_up
from institutions.services.job_runs import job_run
from institutions.services.roster_uploads import ROSTERS


@shared_task(name="institutions.deliver_notices")
def deliver_notices(for_date: str | None = None) -> dict[str, int]:
    """Send the copies of notices that are due."""
    now = clock.now()
    with job_run("institutions.deliver_notices", clock.day_of_run(for_date), now) as counts:
        counts.update(deliveries.deliver_due(now))
    return dict(counts)


@shared_task(name="institutions.escalate_unread")
def escalate_unread(for_date: str | None = None) -> dict[str, int]:
    """Flag mandatory notices that nobody has opened for three working days."""
    now = clock.now()
    with job_run("institutions.escalate_unread", clock.day_of_run(for_date), now) as counts:
        counts["escalated"] = escalations.escalate_unread(now)
    return dict(counts)


@shared_task(name="institutions.process_roster_uploads")
def process_roster_uploads(for_date: str | None = None) -> dict[str, int]:
    """Check and import the rosters that officers have uploaded; delete the files of old ones."""
    now = clock.now()
    with job_run("institutions.process_roster_uploads", clock.day_of_run(for_date), now) as counts:
        upload_steps.process_due(ROSTERS, now=now, counts=counts)
    if counts["imported"]:
        wake_up.after_commit("scoring.publish_scorecards")
    return dict(counts)


@shared_task(name=login_mail.TASK, autoretry_for=(OSError,), retry_backoff=60, max_retries=5)
def send_login_mail(kind: str, user_pk: int, address: str = "") -> bool:
    """Tell somebody what changed about their log-in."""
    return login_mail.send(login_mail.Kind(kind), User.objects.get(pk=user_pk), address)


@shared_task(name=login_mail.TASK_LINK, autoretry_for=(OSError,), retry_backoff=60, max_retries=5)
def send_password_links(typed: str) -> int:
    """Send the link to a new password to whoever has this user name or address."""
    return login_mail.send_links(typed)
