"""`/api/v1/practitioners/{slug}/why`: the account with its reasons, for officers whose region reaches the person."""

from datetime import date

import pytest
from rest_framework.test import APIClient

from institutions.models import User
from tests.factories.award import post_award
from tests.factories.practitioner import PractitionerFactory
from tests.factories.user import hr_of, officer
from tests.scoring.public_people import People, people_today

pytestmark = pytest.mark.django_db


@pytest.fixture
def who() -> People:
    return people_today()


def client_of(user: User) -> APIClient:
    client = APIClient()
    client.force_authenticate(user)
    return client


def test_the_trace_names_facts_rules_parameters_and_arithmetic(who: People) -> None:
    answer = client_of(officer("inspector", region="1504")).get(f"/api/v1/practitioners/{who.terminated.slug}/why/")
    why = answer.json()
    assert (why["total"], why["status"]["status"], why["status"]["until"]) == (12, "terminated", "2028-06-10")
    assert why["arithmetic"].endswith("= 12")
    assert why["facts"][0]["points"] == 12
    assert why["rulebooks"][0]["label"] == "inner-mongolia@1"
    assert any("terminate" in line["outcome"] or "terminate" in line["rule"] for line in why["trace"])


def test_as_of_and_known_at_choose_the_two_clocks(who: People) -> None:
    client = client_of(officer("auditor"))
    path = f"/api/v1/practitioners/{who.terminated.slug}/why"
    assert client.get(path + "?as_of=2025-06-10").json()["status"]["status"] == "normal"
    assert client.get(path + "?known_at=2025-06-09").json()["total"] == 0


def test_strangers_hr_and_officers_of_another_region_are_refused(who: People) -> None:
    path = f"/api/v1/practitioners/{who.terminated.slug}/why/"
    clients = (APIClient(), client_of(hr_of(who.hospital)), client_of(officer("inspector", region="43")))
    for client in clients:
        answer = client.get(path)
        assert (answer.status_code, answer["Content-Type"]) == (403, "application/problem+json")


def test_a_stranger_learns_nothing_of_who_exists() -> None:
    assert APIClient().get(f"/api/v1/practitioners/{'a' * 16}/why/").status_code == 403


def test_an_officer_gets_404_for_nobody() -> None:
    answer = client_of(officer("inspector")).get(f"/api/v1/practitioners/{'a' * 16}/why/")
    assert answer.status_code == 404


def test_a_provisional_person_is_there_for_officers_of_the_case(who: People) -> None:
    person = PractitionerFactory.create(is_provisional=True, provisional_institution=who.hospital, code=None)
    post_award(person, 4, date(2025, 6, 10), institution=who.hospital)
    answer = client_of(officer("inspector", region="15")).get(f"/api/v1/practitioners/{person.slug}/why/")
    assert answer.json()["total"] == 4
