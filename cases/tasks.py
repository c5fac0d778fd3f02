"""Background work of `cases`: each task reads the clock, calls one service and writes its run.

`for_date` is an ISO Shanghai date under which a run is entered in the run book; what is due by then is found in the
database.
"""

from celery import shared_task

from cases.services import (
    appeal_watch,
    deadlines,
    dispersion,
    effects,
    expert_mail,
    holds,
    retention,
    rulebook_previews,
)
from cases.services import evidence as evidence_rows
from cases.services.case_uploads import CASES
from institutions import clock
from institutions.services import upload_steps, wake_up
from institutions.services.job_runs import job_run


@shared_task(name="cases.make_due_attributions_effective")
def make_due_attributions_effective(for_date: str | None = None) -> dict[str, int]:
    """Put every decision that was served into effect."""
    now, day = clock.now(), clock.day_of_run(for_date)
    with job_run("cases.make_due_attributions_effective", day, now) as counts:
        effects.make_due_attributions_effective(now=now, today=day, counts=counts)
    if counts["effective"]:
        wake_up.after_commit("scoring.publish_scorecards")
        wake_up.after_commit("institutions.deliver_notices")
    return dict(counts)


@shared_task(name="cases.process_case_uploads")
def process_case_uploads(for_date: str | None = None) -> dict[str, int]:
    """Check and import the cases that officers have uploaded; delete the files of old uploads."""
    now = clock.now()
    with job_run("cases.process_case_uploads", clock.day_of_run(for_date), now) as counts:
        upload_steps.process_due(CASES, now=now, counts=counts)
    return dict(counts)


@shared_task(name="cases.preview_rulebook_drafts")
def preview_rulebook_drafts(for_date: str | None = None) -> dict[str, int]:
    """Compute what uploaded drafts of rulebooks would change."""
    now = clock.now()
    with job_run("cases.preview_rulebook_drafts", clock.day_of_run(for_date), now) as counts:
        rulebook_previews.process_due(now=now, counts=counts)
    return dict(counts)


@shared_task(name="cases.watch_deadlines")
def watch_deadlines(for_date: str | None = None) -> dict[str, int]:
    """Note the statement windows that ended, renew provisional ones; watch appeals, held decisions and experts."""
    now, day = clock.now(), clock.day_of_run(for_date)
    with job_run("cases.watch_deadlines", day, now) as counts:
        counts.update(deadlines.watch_deadlines(now=now, today=day))
        counts.update(appeal_watch.watch_appeals(now=now, today=day))
        counts.update(holds.escalate_overdue(now=now, today=day))
        counts.update(expert_mail.tell_experts(now=now))
    return dict(counts)


@shared_task(name="cases.tell_experts")
def tell_experts(for_date: str | None = None) -> dict[str, int]:
    """Write to the experts who were asked for an opinion; the hourly watch does it for those who were missed."""
    return dict(expert_mail.tell_experts(now=clock.now()))


@shared_task(name="cases.verify_evidence")
def verify_evidence(for_date: str | None = None) -> dict[str, int]:
    """Check every stored file against its hash."""
    now = clock.now()
    with job_run("cases.verify_evidence", clock.day_of_run(for_date), now) as counts:
        check = evidence_rows.verify_evidence(now=now)
        counts.update(check.counts)
        check.ensure_clean()
    return dict(counts)


@shared_task(name="cases.purge_expired")
def purge_expired(for_date: str | None = None) -> dict[str, int]:
    """Delete files whose retention is over, and close abandoned drafts."""
    now, day = clock.now(), clock.day_of_run(for_date)
    with job_run("cases.purge_expired", day, now) as counts:
        retention.purge_expired(now=now, today=day, counts=counts)
    return dict(counts)


@shared_task(name="cases.renew_dispersion")
def renew_dispersion(for_date: str | None = None) -> dict[str, int]:
    """Add up anew which points were given where."""
    now, day = clock.now(), clock.day_of_run(for_date)
    with job_run("cases.renew_dispersion", day, now) as counts:
        counts["cells"] = dispersion.renew_cells(now=now)
    return dict(counts)
