"""The dead-man check: a missed night freezes the date that pages claim, and says so."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.conf import settings
from django.db import connection

from institutions import clock
from institutions.models import JobOutcome, JobRun
from institutions.selectors.freshness import as_of, freshness

pytestmark = pytest.mark.django_db

LAST_NIGHT = date(2100, 6, 10)  # later than the day on which these databases are made


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=clock.SHANGHAI).astimezone(UTC)


def ran(name: str, day: date, outcome: JobOutcome = JobOutcome.DONE) -> None:
    JobRun.objects.create(name=name, for_date=day, outcome=outcome, started_at=at(day, 0, 5), duration_ms=1)


def all_ran(day: date) -> None:
    for name in settings.MANDATORY_JOBS:
        ran(name, day)


def test_after_a_good_night_pages_claim_today():
    all_ran(LAST_NIGHT)
    found = freshness(at(LAST_NIGHT, 9))
    assert (found.as_of, found.is_stale, found.missed) == (LAST_NIGHT, False, ())


def test_the_new_day_is_claimed_from_midnight_while_its_night_has_time_left():
    all_ran(LAST_NIGHT)
    tomorrow = LAST_NIGHT + timedelta(days=1)
    assert as_of(at(tomorrow, 0)) == tomorrow
    assert as_of(at(tomorrow, 5, 59)) == tomorrow


def test_when_the_hour_has_passed_a_missed_night_freezes_the_date():
    all_ran(LAST_NIGHT)
    found = freshness(at(LAST_NIGHT + timedelta(days=1), 6))
    assert (found.as_of, found.is_stale) == (LAST_NIGHT, True)
    assert set(found.missed) == set(settings.MANDATORY_JOBS)
    assert as_of(at(LAST_NIGHT + timedelta(days=40), 12)) == LAST_NIGHT


@pytest.mark.parametrize("missing", settings.MANDATORY_JOBS)
def test_each_mandatory_job_counts(missing):
    day = LAST_NIGHT + timedelta(days=1)
    all_ran(LAST_NIGHT)
    for name in settings.MANDATORY_JOBS:
        if name != missing:
            ran(name, day)
    found = freshness(at(day, 9))
    assert (found.as_of, found.missed) == (LAST_NIGHT, (missing,))


def test_a_failed_run_is_no_run():
    day = LAST_NIGHT + timedelta(days=1)
    all_ran(LAST_NIGHT)
    for name in settings.MANDATORY_JOBS:
        ran(name, day, JobOutcome.FAILED)
    assert freshness(at(day, 9)).is_stale


def test_a_run_for_a_later_day_makes_up_for_those_before():
    all_ran(LAST_NIGHT)
    all_ran(LAST_NIGHT + timedelta(days=3))
    assert not freshness(at(LAST_NIGHT + timedelta(days=3), 9)).is_stale


def test_a_run_for_a_day_to_come_counts_for_nothing():
    all_ran(LAST_NIGHT)
    all_ran(LAST_NIGHT + timedelta(days=30))
    assert as_of(at(LAST_NIGHT + timedelta(days=2), 9)) == LAST_NIGHT


def test_where_no_job_ever_ran_the_day_the_database_was_made_is_the_last_good_one():
    with connection.cursor() as cursor:
        cursor.execute("SELECT min(applied) FROM django_migrations")
        made_on = clock.local_date(cursor.fetchone()[0])
    assert as_of(at(made_on, 23)) == made_on
    assert as_of(at(made_on + timedelta(days=1), 5)) == made_on + timedelta(days=1)
    found = freshness(at(made_on + timedelta(days=1), 6))
    assert (found.as_of, found.is_stale) == (made_on, True)


def test_it_is_one_question_to_the_database_and_uses_the_index(django_assert_num_queries):
    all_ran(LAST_NIGHT)
    with django_assert_num_queries(1):
        freshness(at(LAST_NIGHT, 9))
