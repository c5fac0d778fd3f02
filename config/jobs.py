"""The background work of one day, in the order in which `manage.py run_jobs` does it.

Each job is a Celery task of an app, named as in `config.schedule`. It takes the Shanghai date it is run for
and returns its counts.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from config.celery import app

# Effects first, then what ends (opening the year changes nothing when it was done before), then what is told and
# published, then the proofs.
NIGHTLY = (
    "cases.make_due_attributions_effective",
    "scoring.close_ended_measures",
    "scoring.open_scoring_year",
    "cases.watch_deadlines",
    "scoring.watch_rosters",
    "institutions.process_roster_uploads",
    "cases.process_case_uploads",
    "cases.preview_rulebook_drafts",
    "scoring.publish_scorecards",
    "scoring.publish_open_data",
    "institutions.deliver_notices",
    "institutions.escalate_unread",
    "scoring.watch_institutions",
    "cases.renew_dispersion",
    "scoring.verify_ledger",
    "cases.verify_evidence",
    "cases.purge_expired",
)


class UnknownJob(Exception):
    """No task of that name is registered."""


@dataclass(frozen=True)
class JobResult:
    """What one job reported."""

    name: str
    counts: dict[str, int]


def run_jobs(on: date, names: Sequence[str] = NIGHTLY) -> Iterator[JobResult]:
    """Run the jobs for a date in this process, one after the other, yielding each one's counts.

    A job that fails stops the run: what comes after it would stand on what it did not do.
    """
    app.loader.import_default_modules()
    for name in names:
        if name not in app.tasks:
            raise UnknownJob(f"There is no job named {name}. Jobs: {', '.join(NIGHTLY)}.")
        yield JobResult(name, app.tasks[name].run(for_date=on.isoformat()) or {})
