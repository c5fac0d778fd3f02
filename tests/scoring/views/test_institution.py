"""The page of an institution, its plate and its badge: numbers, never names."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from institutions import clock
from tests.factories.award import post_award
from tests.scoring.public_people import HOSPITAL, TODAY, people_today, physician, publish_as, set_today

pytestmark = pytest.mark.django_db
PAGE = "/i/H15042200001"


@pytest.fixture
def made():
    return people_today()


def move_to_morning_after(day):
    """The next morning; nobody did the night's work."""
    clock.move_to(clock.start_of(day) + timedelta(hours=9))


def english(client, path):
    return client.get(path, headers={"accept-language": "en"})


def test_the_page_counts_who_is_registered_suspended_and_terminated(client, made):
    page = english(client, PAGE).content.decode()
    assert HOSPITAL in page
    numbers = [int(part.split("<")[0]) for part in page.split('<dd class="number">')[1:]]
    assert numbers == [3, 1, 1]
    for person in (made.terminated, made.suspended, made.scored):
        assert person.name not in page
        assert person.slug not in page


def test_the_form_looks_among_the_people_of_the_institution(client, made):
    assert '<input type="hidden" name="institution" value="H15042200001">' in english(client, PAGE).content.decode()
    found = client.get("/?institution=H15042200001&name=耿晓敏", follow=True)
    assert found.redirect_chain[-1][0] == f"/s/{made.terminated.slug}"


def test_a_closed_region_shows_no_numbers(client, made):
    publish_as("closed")
    told = {
        PAGE: "The institution has to tell you, before a service,",
        f"{PAGE}/badge.svg": "Please ask the institution",
    }
    for path, words in told.items():
        page = english(client, path).content.decode()
        assert words in page
        assert '<dd class="number">' not in page


def test_the_badge_follows_a_change_by_itself(client, made):
    before = english(client, f"{PAGE}/badge.svg")
    assert before["Content-Type"] == "image/svg+xml"
    assert "3 registered · 1 suspended · 1 terminated" in before.content.decode()
    assert int(before["Cache-Control"].partition("max-age=")[2]) <= 300

    post_award(made.scored, 12, TODAY, source_key="attribution:more")
    set_today(TODAY + timedelta(days=1))

    assert "3 registered · 1 suspended · 2 terminated" in english(client, f"{PAGE}/badge.svg").content.decode()


def test_the_plate_leads_to_the_page_by_qr_code(client, made, settings):
    page = english(client, f"{PAGE}/plate").content.decode()
    assert settings.PUBLIC_URL + PAGE in page
    assert "<svg" in page


def test_an_unknown_institution_is_not_there(client, made):
    assert client.get("/i/H99999999999").status_code == 404


def test_the_number_of_queries_does_not_grow_with_the_staff(client, made):
    with CaptureQueriesContext(connection) as few:
        english(client, PAGE)
    for number in range(12):
        person = physician(f"周某{number}", f"D1504220001{number:02}", made.hospital)
        post_award(person, 9, TODAY, institution=made.hospital)
    set_today(TODAY + timedelta(days=1))
    with CaptureQueriesContext(connection) as many:
        assert '<dd class="number">13</dd>' in english(client, PAGE).content.decode()
    assert len(many) <= len(few)


def test_the_badge_is_asked_for_again_by_its_etag_and_speaks_a_fixed_language(client, made):
    first = client.get(f"{PAGE}/badge.svg?lang=en", headers={"accept-language": "zh-CN"})
    assert "3 registered" in first.content.decode()
    assert client.get(f"{PAGE}/badge.svg?lang=en", headers={"if-none-match": first["ETag"]}).status_code == 304
    assert "在册" in client.get(f"{PAGE}/badge.svg?lang=zh-hans", headers={"accept-language": "en"}).content.decode()
    assert client.get(f"{PAGE}/badge.svg?lang=xx").status_code == 200


def test_when_a_night_was_missed_the_badge_keeps_the_last_good_day_and_says_so(client, made):
    move_to_morning_after(TODAY + timedelta(days=1))
    badge = english(client, f"{PAGE}/badge.svg").content.decode()
    assert "as of 12 June 2025 · not updated last night" in badge


def test_among_very_few_nobody_is_counted_out_unless_the_rules_are_open(client, made):
    small = "/i/H15042200002"  # two people, one of them suspended
    for path in (small, f"{small}/badge.svg"):
        assert "suspended" not in english(client, path).content.decode().lower()
    publish_as("open")
    assert "2 registered · 1 suspended" in english(client, f"{small}/badge.svg").content.decode()


def test_the_plate_is_a_sheet_of_paper_too(client, made):
    answer = english(client, f"{PAGE}/plate.pdf")
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
    assert client.get("/i/H99999999999/plate.pdf").status_code == 404
