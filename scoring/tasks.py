"""Scheduled work of scoring: thin doors to one service each, safe to run twice, for any given date.

Correctness never depends on a task being on time: a status on a date is computed from measures.
"""

from __future__ import annotations

from celery import shared_task

from institutions import clock
from institutions.services import wake_up
from institutions.services.job_runs import job_run
from scoring.services import (
    card_files,
    endings,
    institution_alerts,
    open_data,
    roster_watch,
    scorecards,
    verification,
    year_opening,
)


class LedgerDrift(Exception):
    """The nightly check found a disagreement; the run book's row names the first persons."""


@shared_task(name="scoring.publish_scorecards")
def publish_scorecards(for_date: str | None = None) -> dict[str, int]:
    """Render scorecards that are dirty or no longer hold, and write their files once the night is done."""
    now = clock.now()
    with job_run("scoring.publish_scorecards", clock.day_of_run(for_date), now) as counts:
        counts["published"] = scorecards.publish_dirty(now=now)
        counts["filed"] = card_files.publish_files(now=now)
    return dict(counts)


@shared_task(name="scoring.publish_open_data")
def publish_open_data(for_date: str | None = None) -> dict[str, int]:
    """Release today's snapshot and delta; a date that was missed has none, and the next delta covers it."""
    now = clock.now()
    with job_run("scoring.publish_open_data", clock.day_of_run(for_date), now) as counts:
        counts.update(open_data.publish_open_data(now=now))
    return dict(counts)


@shared_task(name="scoring.close_ended_measures")
def close_ended_measures(for_date: str | None = None) -> dict[str, int]:
    """Note measures that ran out before the date, tell those concerned."""
    now, day = clock.now(), clock.day_of_run(for_date)
    with job_run("scoring.close_ended_measures", day, now) as counts:
        endings.close_ended_measures(for_date=day, now=now, counts=counts)
    return dict(counts)


@shared_task(name="scoring.open_scoring_year")
def open_scoring_year(for_date: str | None = None) -> dict[str, int]:
    """Count last year's holders whose cards are still to be rendered for the new one; writes nothing."""
    now, day = clock.now(), clock.day_of_run(for_date)
    with job_run("scoring.open_scoring_year", day, now) as counts:
        counts["due"] = year_opening.open_scoring_year(year=day.year)
    return dict(counts)


@shared_task(name="scoring.watch_rosters")
def watch_rosters(for_date: str | None = None) -> dict[str, int]:
    """Tell each site, once a month, who is still registered there though suspended or terminated."""
    now, day = clock.now(), clock.day_of_run(for_date)
    with job_run("scoring.watch_rosters", day, now) as counts:
        roster_watch.watch_rosters(for_date=day, now=now, counts=counts)
    if counts["sites"]:
        wake_up.after_commit("institutions.deliver_notices")
    return dict(counts)


@shared_task(name="scoring.watch_institutions")
def watch_institutions(for_date: str | None = None) -> dict[str, int]:
    """Raise what the rules propose against institutions of which a large share of the staff is under measures."""
    now, day = clock.now(), clock.day_of_run(for_date)
    with job_run("scoring.watch_institutions", day, now) as counts:
        institution_alerts.watch_institutions(today=day, now=now, counts=counts)
    return dict(counts)


@shared_task(name="scoring.verify_ledger")
def verify_ledger(for_date: str | None = None) -> dict[str, int]:
    """Recompute seals, sums and measures; a disagreement fails the run and names the persons."""
    now = clock.now()
    with job_run("scoring.verify_ledger", clock.day_of_run(for_date), now) as counts:
        drifts = verification.verify_ledger()
        counts["drifts"] = len(drifts)
        if drifts:
            raise LedgerDrift("; ".join(verification.describe(d) for d in drifts[:5]))
    return dict(counts)
