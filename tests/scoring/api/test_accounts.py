"""`/api/v1/practitioners/{slug}/account`: points, status and measures on two clocks, for officers of the region."""

from datetime import date, timedelta

import pytest
from rest_framework.test import APIClient

from institutions.models import User
from scoring.models import PointsEntry
from scoring.services import ledger
from tests.factories.award import at_noon
from tests.factories.user import hr_of, officer
from tests.scoring.public_people import DECIDED_ON, People, people_today

pytestmark = pytest.mark.django_db


@pytest.fixture
def who() -> People:
    return people_today()


def client_of(user: User) -> APIClient:
    client = APIClient()
    client.force_authenticate(user)
    return client


def path(person, query: str = "") -> str:
    return f"/api/v1/practitioners/{person.slug}/account{query}"


def test_today_as_known_now(who: People) -> None:
    answer = client_of(officer("inspector", region="1504")).get(path(who.suspended, "/"))
    account = answer.json()
    assert (account["points"], account["status"], account["until"]) == (10, "suspended", "2025-10-10")
    assert account["points_by_year"] == [{"year": 2025, "points": 10}]
    (measure,) = account["measures"]
    assert (measure["kind"], measure["starts_on"], measure["ends_on"]) == ("suspend", "2025-06-11", "2025-10-10")
    assert measure["award"].startswith("attribution:")
    assert answer["Cache-Control"] == "no-store"


def test_another_day(who: People) -> None:
    account = client_of(officer("auditor")).get(path(who.suspended, "?as_of=2025-10-11")).json()
    assert (account["as_of"], account["status"], account["points"]) == ("2025-10-11", "normal", 10)
    assert len(account["measures"]) == 1  # every measure known, not only those of the day


def test_what_was_known_before_a_reversal_stays_known_as_such(who: People) -> None:
    entry = PointsEntry.objects.get(practitioner=who.suspended)
    ledger.reverse_award(entry=entry, reason="annulled", by=None, now=at_noon(DECIDED_ON + timedelta(days=5)))
    client = client_of(officer("auditor"))
    now = client.get(path(who.suspended, "?as_of=2025-06-20")).json()
    then = client.get(path(who.suspended, "?as_of=2025-06-20&known_at=2025-06-14")).json()
    before = client.get(path(who.suspended, "?as_of=2025-06-20&known_at=2025-06-09")).json()
    assert (now["points"], now["status"], now["measures"]) == (0, "normal", [])
    assert (then["points"], then["status"], len(then["measures"])) == (10, "suspended", 1)
    assert (before["points"], before["status"], before["measures"]) == (0, "normal", [])


def test_strangers_hr_and_officers_of_another_region_are_refused(who: People) -> None:
    for client in (APIClient(), client_of(hr_of(who.hospital)), client_of(officer("inspector", region="43"))):
        assert client.get(path(who.suspended)).status_code == 403


def test_nobody_there_and_no_date(who: People) -> None:
    client = client_of(officer("auditor"))
    assert client.get("/api/v1/practitioners/nobody/account").status_code == 404
    assert client.get(path(who.suspended, "?as_of=yesterday")).status_code == 422
    assert date.fromisoformat(client.get(path(who.clean)).json()["as_of"])
