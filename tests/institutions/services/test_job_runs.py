"""The run book, and the tasks that write in it."""

from datetime import date, timedelta

import pytest

from institutions import clock, tasks
from institutions.models import JobOutcome, JobRun
from institutions.services import deliveries
from institutions.services.job_runs import job_run
from tests.factories.notice import CREATED_AT, DeliveryFactory, NoticeFactory
from tests.factories.user import hr_of

pytestmark = pytest.mark.django_db

DAY = date(2025, 6, 10)


def test_a_run_is_written_with_its_counts(now):
    with job_run("test.job", DAY, now) as counts:
        counts["things"] += 2
    run = JobRun.objects.get()
    assert (run.name, run.for_date, run.outcome) == ("test.job", DAY, JobOutcome.DONE)
    assert run.counts == {"things": 2}
    assert (run.started_at, run.error) == (now, "")


def test_nothing_is_written_too(now):
    with job_run("test.job", DAY, now):
        pass
    assert JobRun.objects.get().counts == {}


def fail_as_a_job(now):
    with job_run("test.job", DAY, now) as counts:
        counts["things"] += 1
        raise ValueError("no such thing")


def test_a_failed_run_is_written_and_raised(now):
    with pytest.raises(ValueError, match="no such thing"):
        fail_as_a_job(now)
    run = JobRun.objects.get()
    assert (run.outcome, run.error, run.counts) == (
        JobOutcome.FAILED,
        "ValueError: no such thing",
        {"things": 1},
    )


def test_delivering_twice_sends_once():
    copy = DeliveryFactory()
    hr_of(copy.notice.institution)
    clock.move_to(CREATED_AT)
    assert tasks.deliver_notices() == {"sent": 1}
    assert tasks.deliver_notices() == {}
    assert JobRun.objects.filter(name="institutions.deliver_notices").count() == 2


def test_escalating_twice_flags_once_and_is_entered_under_the_date_asked_for():
    NoticeFactory()
    clock.move_to(CREATED_AT + timedelta(days=10))
    assert tasks.escalate_unread("2025-06-19") == {"escalated": 1}
    assert tasks.escalate_unread("2025-06-19") == {"escalated": 0}
    assert set(JobRun.objects.values_list("for_date", flat=True)) == {date(2025, 6, 19)}


def test_a_task_that_fails_is_in_the_run_book(monkeypatch):
    def fail(now):
        raise RuntimeError("broken")

    monkeypatch.setattr(deliveries, "deliver_due", fail)
    with pytest.raises(RuntimeError):
        tasks.deliver_notices()
    assert JobRun.objects.get().outcome == JobOutcome.FAILED
