"""The dead-man check: whether last night's work was done, asked by the web process and not by those who do the work.

A status is computed and right whether or not a job ran. But a page that claims today's date claims that today's work
was done; where a mandatory job missed its night, pages keep the last date that was good, and say so.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import connection

from institutions import clock

LAST_DONE = """
SELECT job.name, (
  SELECT max(run.for_date) FROM institutions_jobrun run
  WHERE run.name = job.name AND run.outcome = 'done' AND run.for_date <= %(today)s
)
FROM unnest(%(names)s::text[]) AS job(name)
"""
BEGAN = "SELECT min(applied) FROM django_migrations"


@dataclass(frozen=True, slots=True)
class Freshness:
    """Up to which Shanghai date the mandatory jobs are done.

    `as_of` is the date that pages may claim: today, or the last good date where a night was missed (`is_stale`).
    `missed` names the jobs that have not been done for `due_on`.
    """

    as_of: date
    due_on: date
    is_stale: bool
    missed: tuple[str, ...]
    last_done: dict[str, date | None]


def freshness(now: datetime) -> Freshness:
    """Say whether every mandatory job was done for the latest date whose grace is over.

    A run for a later date makes up for an earlier one, as every job finds all that is due; a failed run counts for
    nothing. Where a job never ran, the day the database was made is the last good one.
    """
    today = clock.local_date(now)
    due_on = clock.local_date(now - timedelta(hours=settings.NIGHT_DONE_BY_HOUR))
    last_done = _last_done(today)
    began = _began_on() if None in last_done.values() else today
    good = {name: day or began for name, day in last_done.items()}
    missed = tuple(name for name, day in good.items() if day < due_on)
    if not missed:
        return Freshness(today, due_on, is_stale=False, missed=(), last_done=last_done)
    return Freshness(min(good.values()), due_on, is_stale=True, missed=missed, last_done=last_done)


def as_of(now: datetime) -> date:
    """Return the Shanghai date that a public page may claim."""
    return freshness(now).as_of


def is_night_done(day: date) -> bool:
    """Say whether every mandatory job is done for a Shanghai date: then no instant of it is one of a missed night."""
    return all(done == day for done in _last_done(day).values())


def _last_done(today: date) -> dict[str, date | None]:
    with connection.cursor() as cursor:
        cursor.execute(LAST_DONE, {"today": today, "names": list(settings.MANDATORY_JOBS)})
        return dict(cursor.fetchall())


def _began_on() -> date:
    with connection.cursor() as cursor:
        cursor.execute(BEGAN)
        (instant,) = cursor.fetchone()
        return clock.local_date(instant)
