"""`POST /api/v1/institutions/{code}/staff-list/`: for HR's own system, by file or by JSON."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from institutions.models import Institution, User
from scoring.services import roster_watch
from tests.factories.award import post_award
from tests.factories.institution import InstitutionFactory
from tests.factories.practitioner import PractitionerFactory
from tests.factories.registration import RegistrationFactory
from tests.factories.user import hr_of, officer
from tests.scoring.public_people import set_today

pytestmark = pytest.mark.django_db

PATH = "/api/v1/institutions/H15042200091/staff-list/"


@pytest.fixture
def hospital() -> Institution:
    set_today(date(2025, 7, 1))
    site: Institution = InstitutionFactory.create(code="H15042200091")
    person = PractitionerFactory.create(name="李晓梅", code="D150422000001")
    RegistrationFactory.create(practitioner=person, institution=site)
    post_award(person, 9, date(2025, 6, 10), institution=site)
    return site


def client_of(user: User) -> APIClient:
    client = APIClient()
    client.force_authenticate(user)
    return client


def test_json_and_file_give_the_same_answer_with_time_and_state_of_the_data(hospital: Institution) -> None:
    client = client_of(hr_of(hospital))
    people = [{"code": "d150422000001", "name": "李晓梅"}, {"code": "D150422999999"}]
    by_json = client.post(PATH, {"people": people}, format="json").json()
    file = SimpleUploadedFile("staff.csv", "code,name\nD150422000001,李晓梅\nD150422999999,\n".encode())
    by_file = client.post(PATH, {"file": file}, format="multipart").json()
    assert by_json["counts"] == by_file["counts"]
    assert by_json["counts"]["still_listed"] == by_json["counts"]["unknown_code"] == 1
    assert (by_json["institution"], by_json["as_of"], by_json["listed"]) == ("H15042200091", "2025-07-01", 2)
    assert by_json["data_version"].startswith("P")
    assert by_file["people"][0] == {
        "row": 2, "code": "D150422000001", "name": "李晓梅", "findings": ["still_listed"], "status": "suspended",
        "until": "2025-08-10",
    }  # fmt: skip


def test_the_outcome_as_a_file(hospital: Institution) -> None:
    answer = client_of(hr_of(hospital)).post(PATH + "?file_format=csv", {"people": []}, format="json")
    assert answer["Content-Type"].startswith("text/csv")
    assert "D150422000001" in answer.content.decode()


def test_neither_or_both_lists_or_too_many_people_are_not_valid(
    hospital: Institution, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = client_of(hr_of(hospital))
    assert client.post(PATH, {}, format="json").status_code in (400, 422)
    assert client.post(PATH, {"people": [{"code": "x" * 200}]}, format="json").status_code in (400, 422)
    monkeypatch.setattr("scoring.api.roster_watch.PEOPLE_MAX", 1)
    assert client.post(PATH, {"people": [{}, {}]}, format="json").status_code in (400, 422)
    file = SimpleUploadedFile("staff.csv", b"name\n")
    problem = client.post(PATH, {"file": file}, format="multipart")
    assert (problem.status_code, problem["Content-Type"]) == (422, "application/problem+json")


def test_who_may_ask(hospital: Institution) -> None:
    assert APIClient().post(PATH, {"people": []}, format="json").status_code in (401, 403)
    assert client_of(officer("publisher")).post(PATH, {"people": []}, format="json").status_code == 403
    assert client_of(hr_of(InstitutionFactory.create())).post(PATH, {"people": []}, format="json").status_code == 404
    assert client_of(officer("inspector", region="43")).post(PATH, {"people": []}, format="json").status_code == 404
    assert client_of(officer("inspector", region="15")).post(PATH, {"people": []}, format="json").status_code == 200


def test_the_description_names_the_endpoint(hospital: Institution) -> None:
    schema = APIClient().get("/api/schema/", HTTP_ACCEPT="application/json").json()
    assert "post" in schema["paths"]["/api/v1/institutions/{code}/staff-list/"]
    assert roster_watch.JOB == "scoring.watch_rosters"
