"""`/metrics`: numbers for those who watch, behind a token."""

from datetime import UTC, datetime

import pytest
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families

from config.schedule import SCHEDULE
from institutions import clock
from institutions.models import JobOutcome, JobRun
from tests.factories.award import post_award, registered
from tests.factories.notice import NoticeFactory

pytestmark = pytest.mark.django_db
TOKEN = "watch-over-us"


@pytest.fixture(autouse=True)
def token(settings):
    settings.METRICS_TOKEN = TOKEN


def numbers():
    response = Client().get("/metrics", headers={"authorization": f"Bearer {TOKEN}"})
    assert response.status_code == 200
    return {
        (sample.name, tuple(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(response.content.decode())
        for sample in family.samples
    }


@pytest.mark.parametrize("given", ["", "Bearer", "Bearer wrong"])
def test_without_the_token_there_is_no_page(given):
    assert Client().get("/metrics", headers={"authorization": given}).status_code == 404


def test_without_a_token_in_the_settings_there_is_no_page(settings):
    settings.METRICS_TOKEN = ""
    assert Client().get("/metrics", headers={"authorization": "Bearer "}).status_code == 404


def test_each_job_says_when_it_was_last_done_and_how_often_it_failed():
    at = datetime(2025, 6, 10, 2, tzinfo=UTC)
    clock.move_to(at)
    JobRun.objects.create(
        name="scoring.verify_ledger", for_date="2025-06-10", outcome=JobOutcome.DONE, started_at=at, duration_ms=1
    )
    JobRun.objects.create(
        name="cases.verify_evidence", for_date="2025-06-10", outcome=JobOutcome.FAILED, started_at=at, duration_ms=1
    )
    found = numbers()
    assert found["jifen_job_last_done_timestamp_seconds", ("scoring.verify_ledger",)] == at.timestamp()
    assert found["jifen_job_last_done_timestamp_seconds", ("cases.verify_evidence",)] == 0
    assert found["jifen_job_failures_recent", ("cases.verify_evidence",)] == 1
    assert {labels[0] for name, labels in found if name == "jifen_job_last_done_timestamp_seconds"} == set(SCHEDULE)
    assert found["jifen_pages_stale", ()] in (0, 1)


def test_what_waits_is_counted():
    before = numbers()
    NoticeFactory.create()
    post_award(registered(), 4, datetime(2025, 6, 10, tzinfo=UTC).date())
    found = numbers()
    assert found["jifen_notices_unread", ()] > before["jifen_notices_unread", ()]
    assert found["jifen_scorecards_dirty", ()] == before["jifen_scorecards_dirty", ()] + 1
    assert found["jifen_notices_escalated", ()] == 0


def test_no_number_carries_a_person(settings):
    person = registered()
    post_award(person, 4, datetime(2025, 6, 10, tzinfo=UTC).date())
    page = Client().get("/metrics", headers={"authorization": f"Bearer {TOKEN}"}).content.decode()
    assert person.name not in page
    assert person.slug not in page
