"""The run book: every run of a job leaves a row, "nothing" and failures included."""

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import pghistory

from institutions.models import JobOutcome, JobRun

ERROR_LENGTH_MAX = 2000


@dataclass(frozen=True, slots=True)
class _Begun:
    """A run that is under way."""

    name: str
    for_date: date
    now: datetime
    began: float
    context_id: UUID


@contextmanager
def job_run(name: str, for_date: date, now: datetime) -> Iterator[Counter[str]]:
    """Run a block as the job `name` for a date and write its `JobRun`; the block counts what it changed.

    Must stand outside every transaction, so that the row of a failed run stays. A failure is written and raised again.
    Row histories and acts written inside carry the run's context, and the job's name instead of a user.
    """
    counts: Counter[str] = Counter()
    with pghistory.context(job=name) as context:
        run = _Begun(name, for_date, now, time.monotonic(), context.id)
        try:
            yield counts
        except Exception as error:
            _write(run, counts, JobOutcome.FAILED, f"{type(error).__name__}: {error}")
            raise
        _write(run, counts, JobOutcome.DONE, "")


def _write(run: _Begun, counts: Counter[str], outcome: JobOutcome, error: str) -> None:
    JobRun.objects.create(
        name=run.name,
        for_date=run.for_date,
        outcome=outcome,
        counts=dict(counts),
        error=error[:ERROR_LENGTH_MAX],
        started_at=run.now,
        duration_ms=int((time.monotonic() - run.began) * 1000),
        context_id=run.context_id,
    )
