"""Opening a letter: by number and code only, for a while, and only that letter."""

from datetime import timedelta

import pytest
from django.test import Client

from cases.services import letters
from cases.states import State
from institutions import clock
from institutions.services import letter_visits, notice_tokens
from tests.cases.views.opening import code_of, letter_of, opened, text_of
from tests.factories.attribution import procedure

pytestmark = pytest.mark.django_db

PAGES = ("", "/facts", "/statement", "/appeal", "/options", "/record", "/correction", "/letter.pdf", "/export.zip")


@pytest.fixture
def walk(now):
    return procedure(State.INTENT_SERVED, now=now)


@pytest.fixture
def notice(walk):
    return letter_of(walk.attribution)


def test_the_code_leaves_the_address_and_nothing_is_kept(notice, now):
    clock.move_to(now)
    client = Client()
    answer = client.get(f"/n/{notice.number}?t={code_of(notice, now)}")
    assert (answer.status_code, answer["Location"]) == (302, f"/n/{notice.number}")
    cookie = answer.cookies["letter"]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == (f"/n/{notice.number}", True, "Lax")
    assert code_of(notice, now) not in cookie.value
    page = client.get(f"/n/{notice.number}")
    assert page.status_code == 200
    assert page["Cache-Control"] == "no-store, private"
    assert page["X-Robots-Tag"] == "noindex, nofollow, noarchive"
    assert page["Referrer-Policy"] == "same-origin"
    assert code_of(notice, now) not in text_of(page)


@pytest.mark.parametrize("page", PAGES)
def test_without_a_visit_every_page_asks_for_the_code_and_shows_nothing(notice, walk, now, page):
    clock.move_to(now)
    answer = Client().get(f"/n/{notice.number}{page}")
    assert answer.status_code == 200
    assert 'name="code"' in text_of(answer)
    assert walk.attribution.practitioner.name not in text_of(answer)


@pytest.mark.parametrize("page", PAGES)
def test_a_visit_to_one_letter_opens_no_other(notice, now, page):
    other = letter_of(procedure(State.INTENT_SERVED, now=now).attribution)
    client = opened(notice, now)
    client.cookies["letter"]["path"] = "/"  # a browser that would send it everywhere
    answer = client.get(f"/n/{other.number}{page}")
    assert answer.status_code == 404
    assert 'name="code"' in text_of(answer)


def test_the_form_opens_the_letter_however_the_code_is_typed(notice, now):
    clock.move_to(now)
    code = notice_tokens.grouped(code_of(notice, now)).lower().replace("-", " - ")
    answer = Client().post("/n/", {"number": f" {notice.number.lower()} ", "code": code})
    assert (answer.status_code, answer["Location"]) == (302, f"/n/{notice.number}")


def test_what_is_missing_is_said_beside_the_field(now):
    clock.move_to(now)
    answer = Client(headers={"Accept-Language": "en"}).post("/n/", {"number": "", "code": ""})
    assert answer.status_code == 422
    assert [problem["field"] for problem in answer.context["problems"]] == ["number", "code"]
    assert 'id="number-error"' in text_of(answer)


def test_a_wrong_code_an_unknown_number_and_an_expired_code_read_alike(notice, now):
    clock.move_to(now)
    code = code_of(notice, now)
    wrong = Client().get(f"/n/{notice.number}?t=0000")
    unknown = Client().get("/n/JF2025-999999?t=0000")
    clock.move_to(now + timedelta(days=4000))
    expired = Client().get(f"/n/{notice.number}?t={code}")
    assert [answer.status_code for answer in (wrong, unknown, expired)] == [404, 404, 404]
    assert len({answer.context["refused"].detail for answer in (wrong, unknown, expired)}) == 1
    assert not any("letter" in answer.cookies for answer in (wrong, unknown, expired))


def test_guessing_runs_dry_and_says_so_calmly(notice, now):
    clock.move_to(now)
    client = Client(headers={"Accept-Language": "en"})
    answers = [client.get(f"/n/{notice.number}?t=wrong{n}") for n in range(12)]
    assert answers[0].status_code == 404
    assert answers[-1].status_code == 429
    assert answers[-1]["Retry-After"] == "900"
    assert "Please wait a little" in text_of(answers[-1])
    assert client.get(f"/n/{notice.number}?t={code_of(notice, now)}").status_code == 429


def test_a_visit_ends_after_two_hours_without_a_step_and_each_step_prolongs_it(notice, now):
    client = opened(notice, now)
    clock.move_to(now + timedelta(minutes=110))
    assert client.get(f"/n/{notice.number}").status_code == 200
    clock.move_to(now + timedelta(minutes=220))
    assert client.get(f"/n/{notice.number}").status_code == 200
    clock.move_to(now + timedelta(minutes=220) + letter_visits.LASTS)
    assert client.get(f"/n/{notice.number}").status_code == 404


def test_a_new_code_ends_the_visits_of_the_old_one(notice, now):
    client = opened(notice, now)
    notice_tokens.revoke(notice, now)
    assert client.get(f"/n/{notice.number}").status_code == 404


def test_a_forged_or_old_cookie_opens_nothing(notice, now):
    clock.move_to(now)
    code_of(notice, now)
    client = Client()
    for value in ("", "x", "a:b:c", letter_visits.begin(notice, now - timedelta(days=1))):
        client.cookies["letter"] = value
        assert client.get(f"/n/{notice.number}").status_code == 404


def test_closing_the_letter_closes_it(notice, now):
    client = opened(notice, now)
    answer = client.post(f"/n/{notice.number}/leave")
    assert (answer.status_code, answer["Location"]) == (302, "/n/")
    assert 'name="code"' in text_of(client.get(f"/n/{notice.number}"))


def test_a_letter_that_was_only_fetched_is_not_served(now):
    walk = procedure(State.PROPOSED, now=now)
    notice = letters.issue_intent(attribution=walk.attribution, by=walk.team.inspector, now=now)
    client = opened(notice, now)
    client.get(f"/n/{notice.number}")
    walk.attribution.refresh_from_db()
    assert walk.attribution.state == State.PROPOSED


def test_forms_need_their_token(notice, now):
    client = Client(enforce_csrf_checks=True)
    clock.move_to(now)
    client.get(f"/n/{notice.number}?t={code_of(notice, now)}")
    for page in ("/statement", "/correction", "/received", "/leave"):
        assert client.post(f"/n/{notice.number}{page}", {"text": "x"}).status_code == 403
