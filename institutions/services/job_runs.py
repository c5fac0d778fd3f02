"""The run book: every run of a job leaves a row, "nothing" and failures included."""

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime

import pghistory

from institutions.models import JobOutcome, JobRun

ERROR_LENGTH_MAX = 2000


@contextmanager
def job_run(name: str, for_date: date, now: datetime) -> Iterator[Counter[str]]:
    """Run a block as the job `name` for a date and write its `JobRun`; the block counts what it changed.

    Must stand outside every transaction, so that the row of a failed run stays. A failure is written and raised again.
    Row histories written inside carry the job's name instead of a user.
    """
    counts: Counter[str] = Counter()
    began = time.monotonic()
    with pghistory.context(job=name):
        try:
            yield counts
        except Exception as error:
            _write(name, for_date, now, began, counts, JobOutcome.FAILED, f"{type(error).__name__}: {error}")
            raise
        _write(name, for_date, now, began, counts, JobOutcome.DONE, "")


def _write(
    name: str,
    for_date: date,
    now: datetime,
    began: float,
    counts: Counter[str],
    outcome: JobOutcome,
    error: str,
) -> None:
    JobRun.objects.create(
        name=name,
        for_date=for_date,
        outcome=outcome,
        counts=dict(counts),
        error=error[:ERROR_LENGTH_MAX],
        started_at=now,
        duration_ms=int((time.monotonic() - began) * 1000),
    )
