"""The timetable names real tasks, and `run_jobs` does the work of a date in order."""

from datetime import date

import pytest
from celery.schedules import crontab
from django.core.management import CommandError, call_command

from config.celery import app
from config.jobs import NIGHTLY, UnknownJob, run_jobs
from config.schedule import SCHEDULE


@pytest.fixture(scope="module", autouse=True)
def _tasks_imported() -> None:
    app.loader.import_default_modules()


@pytest.mark.parametrize("name", sorted({line["task"] for line in SCHEDULE.values()} | set(NIGHTLY)))
def test_scheduled_task_exists(name: str) -> None:
    assert name in app.tasks


def test_every_scheduled_task_can_be_run_for_a_date() -> None:
    assert {line["task"] for line in SCHEDULE.values()} == set(NIGHTLY)


def test_times_are_shanghai_times() -> None:
    assert str(app.timezone) == "Asia/Shanghai"
    closing = SCHEDULE["scoring.close_ended_measures"]["schedule"]
    assert closing == crontab(hour="0", minute="5")


def test_tasks_never_run_in_the_callers_process() -> None:
    assert not app.conf.task_always_eager
    assert app.conf.task_acks_late
    assert app.conf.accept_content == ["json"]


@pytest.mark.django_db(transaction=True)
def test_run_jobs_writes_one_run_for_each_job_and_date(capsys: pytest.CaptureFixture[str]) -> None:
    from institutions.models import JobRun

    call_command("run_jobs", "--date", "2025-06-10")
    runs = JobRun.objects.order_by("id").values_list("name", "for_date", "outcome")
    assert list(runs) == [(name, date(2025, 6, 10), "done") for name in NIGHTLY]
    assert capsys.readouterr().out.count("2025-06-10") == len(NIGHTLY)


def test_unknown_job_is_refused_with_the_names_of_those_there_are() -> None:
    with pytest.raises(UnknownJob, match=r"close_ended_measures"):
        list(run_jobs(date(2025, 6, 10), ["scoring.close_everything"]))


def test_command_refuses_an_unknown_job() -> None:
    with pytest.raises(CommandError, match="no job named"):
        call_command("run_jobs", "--date", "2025-06-10", "--only", "nothing.at_all")
