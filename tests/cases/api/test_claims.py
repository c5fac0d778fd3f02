"""`/api/v1/cases/{id}/claim/`: who does the work on a case."""

import pytest

from cases.states import State
from institutions import clock
from institutions.models import WorkClaim
from tests.factories.api_client import client
from tests.factories.attribution import procedure
from tests.factories.case_file import CaseFileFactory
from tests.factories.user import officer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(now):
    clock.move_to(now)


def test_a_case_is_claimed_once_and_released_again():
    case = CaseFileFactory()
    first, second = officer("inspector", region="15"), officer("inspector", region="1504")
    address = f"/api/v1/cases/{case.pk}/"
    answer = client(first).post(f"{address}claim/")
    assert (answer.status_code, answer.json()["holder"], answer.json()["reference"]) == (
        200,
        first.username,
        case.number,
    )
    refused = client(second).post(f"{address}claim/")
    assert (refused.status_code, refused.json()["code"]) == (409, "already-claimed")
    assert first.username in refused.json()["detail"]
    assert client(second).post(f"{address}release/").status_code == 409
    assert client(first).post(f"{address}release/").status_code == 204
    assert client(second).post(f"{address}claim/").status_code == 200


def test_foreign_cases_are_not_there_and_who_only_looks_claims_nothing():
    case = CaseFileFactory()
    assert client(officer("inspector", region="43")).post(f"/api/v1/cases/{case.pk}/claim/").status_code == 404
    assert client(officer("auditor", region="15")).post(f"/api/v1/cases/{case.pk}/claim/").status_code == 403
    assert client(officer("publisher")).post(f"/api/v1/cases/{case.pk}/claim/").status_code == 403
    assert not WorkClaim.objects.exists()


def test_a_case_that_waits_for_nobody_is_refused(now):
    walk = procedure(State.PROPOSED, now=now)
    answer = client(officer("inspector")).post(f"/api/v1/cases/{walk.attribution.case_id}/claim/")
    assert (answer.status_code, answer.json()["code"]) == (409, "wrong-state")
