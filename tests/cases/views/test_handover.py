"""Hand-overs: a staff office hands its own people their letters, with a receipt; nobody else's, never their words."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from cases.models import IssuedLetter, Service
from cases.services import letters
from cases.states import State
from institutions import clock
from institutions.clock import local_date
from institutions.models import RoleAssignment
from tests.factories.appeal import PDF
from tests.factories.attribution import procedure
from tests.factories.institution import InstitutionFactory
from tests.factories.user import hr_of, officer, user_with

pytestmark = pytest.mark.django_db


@pytest.fixture
def walk(now):
    clock.move_to(now)
    walk = procedure(State.PROPOSED, now=now)
    letters.issue_intent(attribution=walk.attribution, by=walk.team.inspector, now=now)
    return walk


@pytest.fixture
def letter(walk):
    return IssuedLetter.objects.get(attribution=walk.attribution)


@pytest.fixture
def hr(walk):
    return hr_of(walk.attribution.case.institution)


def client_of(user) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(user)
    return client


def page_of(letter) -> str:
    return f"/portal/handovers/{letter.handover.number}/"


def form(walk, **changes):
    return {"on": local_date(walk.now).isoformat(), "receipt": "签收回执第3号"} | changes


def test_what_waits_is_listed_and_counted(walk, letter, hr):
    answer = client_of(hr).get("/portal/handovers/")
    (row,) = answer.context["rows"]
    assert (row.number, row.letter_number, row.state) == (letter.handover.number, letter.notice.number, "to_do")
    assert row.subject_name == walk.attribution.practitioner.name
    assert answer.context["desk"].to_hand_over == 1


def test_the_hand_over_serves_the_letter_and_confirms_the_request(walk, letter, hr):
    client = client_of(hr)
    receipt = SimpleUploadedFile("签收.pdf", PDF)
    answer = client.post(page_of(letter), form(walk, files=receipt))
    assert (answer.status_code, answer["Location"]) == (302, page_of(letter))
    service = Service.objects.get(attribution=walk.attribution)
    assert (service.method, service.on, service.proof, service.recorded_by) == (
        "hr_handover", local_date(walk.now), "签收回执第3号", hr,
    )  # fmt: skip
    assert service.receipt.file_name == "签收.pdf"
    walk.attribution.refresh_from_db()
    assert walk.attribution.state == State.INTENT_SERVED
    letter.handover.refresh_from_db()
    assert letter.handover.acknowledged_by == hr
    page = client.get(page_of(letter))
    assert page.context["row"].state == "handed_over"
    assert page.context["desk"].to_hand_over == 0
    assert "<form class" not in page.content.decode().split("portal-session")[-1].split("</header>")[1]


def test_the_pages_show_neither_the_letters_words_nor_its_code(walk, letter, hr):
    client = client_of(hr)
    text = client.get(page_of(letter)).content.decode() + client.get("/portal/handovers/").content.decode()
    assert str(letter.notice.payload["why"][0]) not in text
    assert "?t=" not in text


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"on": ""}, "on"),
        ({"on": "2025-13-01"}, "on"),
        ({"receipt": " "}, "receipt"),
        ({"receipt": "长" * 301}, "receipt"),
        ({"files": SimpleUploadedFile("a.exe", b"MZ\x00")}, "files"),
    ],
)
def test_mistakes_stand_beside_their_field(walk, letter, hr, changes, field):
    answer = client_of(hr).post(page_of(letter), form(walk, **changes))
    assert answer.status_code == 422
    assert [problem["field"] for problem in answer.context["problems"]] == [field]
    assert not Service.objects.exists()


def test_a_day_in_the_future_is_refused_with_the_reason(walk, letter, hr):
    tomorrow = (local_date(walk.now) + timedelta(days=1)).isoformat()
    answer = client_of(hr).post(page_of(letter), form(walk, on=tomorrow))
    assert answer.status_code == 422
    assert 'id="on-error"' in answer.content.decode()


def test_hr_of_another_institution_finds_nothing_there(walk, letter):
    client = client_of(hr_of(InstitutionFactory()))
    assert client.get("/portal/handovers/").context["rows"] == []
    assert client.get(page_of(letter)).status_code == 404
    assert client.post(page_of(letter), form(walk)).status_code == 404
    assert client.get(f"/api/v1/handovers/{letter.handover.number}/").status_code == 404
    assert client.post(f"/api/v1/handovers/{letter.handover.number}/", form(walk)).status_code == 404
    assert not Service.objects.exists()


def test_an_officer_hands_nothing_over(walk, letter):
    client = client_of(officer("inspector"))
    assert client.get(page_of(letter)).status_code == 404
    assert client.get("/api/v1/handovers/").status_code == 403
    assert client_of(user_with([])).get(page_of(letter)).status_code == 404


def test_who_lost_the_role_lost_the_letters(letter, hr):
    RoleAssignment.objects.filter(user=hr).delete()
    assert client_of(hr).get(page_of(letter)).status_code == 404


def test_a_letter_that_reached_the_person_otherwise_is_not_handed_over(walk, letter, hr):
    letters.serve_by_portal(notice=letter.notice, now=walk.now)
    client = client_of(hr)
    assert client.get(page_of(letter)).context["row"].state == "served_otherwise"
    assert client.post(page_of(letter), form(walk)).status_code == 409
    assert Service.objects.get().method == "portal"


def test_strangers_go_to_the_door(letter):
    assert Client().get(page_of(letter))["Location"] == f"/portal/login/?next={page_of(letter)}"


def test_a_page_of_many_takes_few_queries(walk, hr, now, django_assert_max_num_queries):
    case = walk.attribution.case
    for _number in range(5):
        more = procedure(State.PROPOSED, now=now, case=case)
        letters.issue_intent(attribution=more.attribution, by=more.team.inspector, now=now)
    client = client_of(hr)
    with django_assert_max_num_queries(18):
        assert len(client.get("/portal/handovers/").context["rows"]) == 6


class TestApi:
    def test_lists_and_records(self, walk, letter, hr):
        client = client_of(hr)
        (row,) = client.get("/api/v1/handovers/").json()["results"]
        assert (row["number"], row["state"]) == (letter.handover.number, "to_do")
        answer = client.post(
            f"/api/v1/handovers/{letter.handover.number}/", form(walk), content_type="application/json"
        )
        assert (answer.status_code, answer.json()["state"]) == (200, "handed_over")
        again = client.post(f"/api/v1/handovers/{letter.handover.number}/", form(walk), content_type="application/json")
        assert again.status_code == 200
        assert Service.objects.count() == 1

    def test_refusals_are_problem_documents(self, letter, hr):
        answer = client_of(hr).post(
            f"/api/v1/handovers/{letter.handover.number}/", {"on": "x"}, content_type="application/json"
        )
        assert answer.status_code == 422
        assert {error["field"] for error in answer.json()["errors"]} == {"on", "receipt"}
