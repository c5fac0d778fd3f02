"""Beat stopped for a day: public pages show the banner and none claims today's date; statuses stay right."""

from datetime import date, datetime, timedelta

import pytest
from django.conf import settings
from django.test import Client

from config.jobs import run_jobs
from institutions import clock
from institutions.models import Practitioner
from scoring.selectors.status import status_on
from tests.factories.award import post_award, registered

pytestmark = pytest.mark.django_db

BANNER = "The work of last night has not been done yet. What you see here is as of 10 June 2100"
DAY = date(2100, 6, 10)
NEXT = DAY + timedelta(days=1)


def move(day: date, hour: int = 9) -> None:
    clock.move_to(datetime(day.year, day.month, day.day, hour, tzinfo=clock.SHANGHAI))


def night(day: date) -> None:
    move(day)
    list(run_jobs(day, settings.MANDATORY_JOBS))


def page(path: str) -> str:
    response = Client(headers={"Accept-Language": "en"}).get(path)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


@pytest.fixture
def suspended_from_the_next_day() -> Practitioner:
    person = registered()
    move(DAY)
    post_award(person, 10, DAY)
    night(DAY)
    return person


def test_a_night_that_was_done_shows_no_banner(suspended_from_the_next_day: Practitioner) -> None:
    assert "has not been done yet" not in page("/")
    assert 'datetime="2100-06-10"' in page(f"/s/{suspended_from_the_next_day.slug}")


def test_a_missed_night_shows_the_banner_everywhere_and_freezes_the_date(
    suspended_from_the_next_day: Practitioner,
) -> None:
    slug = suspended_from_the_next_day.slug
    move(NEXT, hour=6)
    for path in ("/", f"/s/{slug}", "/about/", "/rules/national/1"):
        assert BANNER in page(path), path
    html = page(f"/s/{slug}")
    assert 'datetime="2100-06-10"' in html
    assert 'id="status">Normal<' in html  # as it was on the date that the page names
    facts = Client().get(f"/api/v1/scorecards/{slug}/").json()
    assert (facts["as_of"], facts["status"]) == ("2100-06-10", "normal")
    assert status_on(suspended_from_the_next_day, NEXT).status == "suspended"


def test_when_the_night_is_made_up_for_the_page_claims_today_again(suspended_from_the_next_day: Practitioner) -> None:
    slug = suspended_from_the_next_day.slug
    move(NEXT)
    assert BANNER in page(f"/s/{slug}")
    night(NEXT)
    html = page(f"/s/{slug}")
    assert "has not been done yet" not in html
    assert 'datetime="2100-06-11"' in html
    assert 'id="status">Suspended<' in html


def test_a_page_of_a_mistake_asks_nothing_of_the_database(django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        response = Client().get("/no-such-page/")
    assert response.status_code == 404


def test_every_public_page_carries_the_health_strip(suspended_from_the_next_day: Practitioner) -> None:
    code = suspended_from_the_next_day.registrations.get().institution.code
    paths = ["/", "/about/", "/rules/", "/cases/", "/statistics/", "/open-data/", "/verify/", f"/i/{code}"]
    for path in paths:
        assert "In order: data as of 10 June 2100." in page(path), path
    move(NEXT, hour=6)
    for path in paths:
        html = page(path)
        assert "Last night's work is missing; data as of 10 June 2100." in html.replace("&#x27;", "'"), path
        assert "11 June 2100" not in html, path
