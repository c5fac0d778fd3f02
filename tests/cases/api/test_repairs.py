"""Repairs, new registrations and courses by API: the whole way, and who may see and do what."""

from datetime import datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from cases.models import RepairApplication
from cases.states.repair import State
from institutions import clock
from institutions.clock import local_date
from institutions.models import Institution
from tests.factories.api_client import client
from tests.factories.institution import InstitutionFactory
from tests.factories.repair import (
    CLAUSE,
    REASONS,
    barred,
    registering,
    repairing,
    right_answers,
    scored_in_tianjin,
    site_of,
)
from tests.factories.user import hr_of, officer

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk(now):
    clock.move_to(now)
    return officer("inspector", region="12")


@pytest.fixture
def approver():
    return officer("approver", region="12")


def upload(name: str = "certificate.txt") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, "参加证明".encode(), "text/plain")


def test_a_course_from_paper_to_the_account(clerk, approver, now: datetime) -> None:
    person = scored_in_tianjin(on=local_date(now) - timedelta(days=8))
    sent = {"practitioner": person.slug, "institution": site_of(person).code, "activity": "course", "clause": CLAUSE}

    made = client(clerk).post("/api/v1/repairs/", sent, format="json")
    place = f"/api/v1/repairs/{made.json()['id']}/"
    answered = client(clerk).post(f"{place}answers/", {"answers": right_answers()}, format="json")
    client(clerk).post(f"{place}submit/")
    approved = client(approver).post(f"{place}approve/", {"reasons": REASONS}, format="json")

    assert made.status_code == 201
    assert answered.json()["attempts"][0]["passed"] is True
    assert approved.status_code == 200
    assert (approved.json()["state"], approved.json()["points"]) == ("approved", 1)
    assert approved.json()["receipt"].startswith("XF2025-")


def test_an_activity_with_its_file_is_refused_with_reasons(clerk, approver, now: datetime) -> None:
    person = scored_in_tianjin(on=local_date(now) - timedelta(days=8))
    day = local_date(now).isoformat()
    sent = {"practitioner": person.slug, "institution": site_of(person).code, "activity": "volunteer"}
    sent |= {"description": "社区医保政策宣传", "took_place_from": day, "took_place_to": day}

    made = client(clerk).post("/api/v1/repairs/", sent, format="json").json()
    place = f"/api/v1/repairs/{made['id']}/"
    filed = client(clerk).post(f"{place}files/", {"files": [upload()]}, format="multipart")
    client(clerk).post(f"{place}submit/")
    without = client(approver).post(f"{place}refuse/", {"reasons": " "}, format="json")
    refused = client(approver).post(f"{place}refuse/", {"reasons": REASONS}, format="json")

    assert filed.json()["files"][0]["file_name"] == "certificate.txt"
    assert without.status_code == 422
    assert refused.json()["outcome_reasons"] == REASONS


def test_what_the_rules_refuse_is_409_with_rule_and_reason(clerk, now: datetime) -> None:
    person = scored_in_tianjin(12, on=local_date(now) - timedelta(days=8))
    sent = {"practitioner": person.slug, "institution": site_of(person).code, "activity": "course", "clause": CLAUSE}

    answer = client(clerk).post("/api/v1/repairs/", sent, format="json")

    assert answer.status_code == 409
    assert answer.json()["rule"] == "repair.excluded.single_full"
    assert not RepairApplication.objects.exists()


def test_a_move_that_is_not_possible_is_409(clerk, approver, now: datetime) -> None:
    walk = repairing(State.APPROVED, now=now)

    answer = client(approver).post(
        f"/api/v1/repairs/{walk.application.pk}/refuse/", {"reasons": REASONS}, format="json"
    )

    assert (answer.status_code, answer.json()["state"]) == (409, "approved")


def test_who_enters_does_not_decide_and_others_see_nothing(clerk, now: datetime) -> None:
    walk = repairing(State.SUBMITTED, now=now)
    place = f"/api/v1/repairs/{walk.application.pk}/"

    assert client(clerk).post(f"{place}approve/", {"reasons": REASONS}, format="json").status_code == 403
    assert client(officer("approver", region="15")).get(place).status_code == 404
    assert client(officer("publisher")).get(place).status_code == 403
    assert client(hr_of(walk.application.institution)).get(place).status_code == 403
    assert APIClient().get(place).status_code in (401, 403)
    assert client(officer("approver", region="15")).get("/api/v1/repairs/").json()["results"] == []
    assert [row["id"] for row in client(clerk).get("/api/v1/repairs/").json()["results"]] == [str(walk.application.pk)]


def test_an_officer_takes_an_application_back_for_the_person(clerk, now: datetime) -> None:
    walk = repairing(now=now)

    answer = client(clerk).post(f"/api/v1/repairs/{walk.application.pk}/withdraw/")

    assert answer.json()["state"] == "withdrawn"


def test_hr_enters_a_new_registration_and_an_officer_approves_it(now: datetime) -> None:
    later = now + timedelta(days=365)
    clock.move_to(later)
    person = barred(local_date(later) - timedelta(days=1))
    hr = hr_of(site_of(person))
    sent = {"practitioner": person.slug, "institution": site_of(person).code, "department": "内科"}
    sent |= {"commitment_on": local_date(later).isoformat()}

    made = client(hr).post("/api/v1/reregistrations/", sent, format="json")
    place = f"/api/v1/reregistrations/{made.json()['id']}/"
    filed = client(hr).post(f"{place}files/", {"files": [upload("commitment.txt")]}, format="multipart")
    own = client(hr).post(f"{place}approve/", {"reasons": REASONS}, format="json")
    approved = client(officer("approver")).post(f"{place}approve/", {"reasons": REASONS}, format="json")

    assert made.status_code == 201
    assert filed.json()["files"][0]["file_name"] == "commitment.txt"
    assert own.status_code == 403
    assert approved.json()["registered_from"] == local_date(later).isoformat()
    assert client(hr_of(InstitutionFactory.create())).get(place).status_code == 404


def test_a_new_registration_is_refused_or_taken_back(now: datetime) -> None:
    later = now + timedelta(days=365)
    clock.move_to(later)
    first, second = registering(now=later), registering(now=later)
    place = "/api/v1/reregistrations/"

    refused = client(first.approver).post(f"{place}{first.application.pk}/refuse/", {"reasons": REASONS}, format="json")
    taken = client(second.clerk).post(f"{place}{second.application.pk}/withdraw/")
    listed = client(first.approver).get(place).json()["results"]

    assert (refused.json()["state"], taken.json()["state"]) == ("refused", "withdrawn")
    assert len(listed) == 2


def test_unknown_people_and_places_are_404(clerk) -> None:
    sent = {"practitioner": "nobody", "institution": "H1", "activity": "course", "clause": CLAUSE}

    assert client(clerk).post("/api/v1/repairs/", sent, format="json").status_code == 404
    assert not Institution.objects.filter(code="H1").exists()


@pytest.mark.parametrize(("language", "word"), [("zh-hans", "条例"), ("en", "Article")])
def test_a_course_is_open_to_everybody_and_does_not_tell_the_answers(db, language: str, word: str) -> None:
    answer = APIClient().get("/api/v1/courses/B1/", headers={"accept-language": language})

    course = answer.json()
    assert answer.status_code == 200
    assert word in course["title"]
    assert len(course["questions"]) == 5
    assert set(course["questions"][0]) == {"text", "options", "has_one_answer"}
    assert "right" not in answer.content.decode()
    assert APIClient().get("/api/v1/courses/Z9/").status_code == 404
