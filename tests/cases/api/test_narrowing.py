"""How lists of repairs, new registrations and hand-overs are narrowed, and how a program goes through all of one."""

import base64
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from cases.models import Activity, Attribution, IssuedLetter
from cases.services import letters
from cases.states import State as DecisionState
from cases.states.repair import EntryState, State
from institutions import clock
from institutions.clock import local_date
from institutions.models import User
from tests.factories.attribution import days_later, officers, procedure
from tests.factories.case_file import CaseFileFactory
from tests.factories.repair import CLAUSE, registering, repairing
from tests.factories.user import hr_of, officer

pytestmark = pytest.mark.django_db


def ask(user: User, place: str, **query: Any) -> list[dict]:
    """The rows that a list answers."""
    client = APIClient()
    client.force_authenticate(user)
    answer = client.get(f"/api/v1/{place}/", query)
    assert answer.status_code == 200, answer.json()
    return answer.json()["results"]


def test_repairs_by_state_activity_clause_person_place_and_days(now):
    clock.move_to(now)
    course = repairing(State.APPROVED, now=now)
    work = repairing(State.SUBMITTED, now=now, activity=Activity.VOLUNTEER)
    gone = repairing(State.WITHDRAWN, now=now)
    everybody = {walk.application.receipt for walk in (course, work, gone)}
    reader, day = officer("approver"), local_date(now)

    def found(**query: Any) -> set[str]:
        return {row["receipt"] for row in ask(reader, "repairs", **query)}

    assert found() == everybody
    assert found(state=["submitted", "withdrawn"]) == {work.application.receipt, gone.application.receipt}
    assert found(outcome="approved") == {course.application.receipt}
    assert found(activity="volunteer") == {work.application.receipt}
    assert found(clause=CLAUSE) == {course.application.receipt, gone.application.receipt}
    assert found(practitioner=work.person.slug) == {work.application.receipt}
    assert found(institution=course.application.institution.code) == {course.application.receipt}
    assert found(region="12") == everybody
    assert found(region="15") == set()
    assert found(year=day.year - 1) == set()
    assert found(credited_from=day, credited_until=day) == {course.application.receipt}
    assert found(credited_from=day + timedelta(days=1)) == set()


def test_new_registrations_by_state_outcome_person_place_and_commitment():
    now = datetime(2026, 6, 10, 2, 0, tzinfo=UTC)  # a bar of a year is over
    clock.move_to(now)
    made = registering(EntryState.APPROVED, now=now).application
    waits = registering(EntryState.ENTERED, now=now).application
    reader, day = officer("approver"), local_date(now)

    def found(**query: Any) -> set[str]:
        return {row["receipt"] for row in ask(reader, "reregistrations", **query)}

    assert found() == {made.receipt, waits.receipt}
    assert found(state="entered") == {waits.receipt}
    assert found(outcome="approved") == {made.receipt}
    assert found(practitioner=made.practitioner.slug) == {made.receipt}
    assert found(institution=waits.institution.code) == {waits.receipt}
    assert found(region="00") == set()
    assert found(commitment_from=day, commitment_until=day) == {made.receipt, waits.receipt}
    assert found(commitment_until=day - timedelta(days=1)) == set()


@pytest.fixture
def handed(now):
    """A hospital with a letter that waits, one that was handed over, and one that a later one replaced."""
    clock.move_to(now)
    case, team = CaseFileFactory.create(), officers()
    waits, done = (procedure(DecisionState.PROPOSED, now=now, case=case, team=team) for _ in range(2))
    for walk in (waits, done):
        letters.issue_intent(attribution=walk.attribution, by=team.inspector, now=now)
    done.serve_intent()
    return case, waits, done


def number_of(attribution: Attribution) -> str:
    """The number of the request to hand the person's letter over."""
    letter = IssuedLetter.objects.select_related("handover").get(attribution=attribution)
    assert letter.handover is not None
    return letter.handover.number


def test_hand_overs_by_what_became_of_them_kind_case_institution_and_day(handed, now):
    case, waits, done = handed
    hr, day = hr_of(case.institution), local_date(now)
    to_do, served = (number_of(walk.attribution) for walk in (waits, done))

    def found(**query: Any) -> set[str]:
        return {row["number"] for row in ask(hr, "handovers", **query)}

    assert found() == {to_do, served}
    assert found(state="to_do") == {to_do}
    assert found(state=["handed_over", "served_otherwise"]) == {served}
    assert found(kind="intent") == {to_do, served}
    assert found(kind="decision") == set()
    assert found(case=case.number) == {to_do, served}
    assert found(institution="H00000000000") == set()
    assert found(served_from=day, served_until=day) == {served}
    assert found(served_from=day + timedelta(days=1)) == set()


def test_a_longer_list_of_hand_overs_asks_the_database_no_more(handed, now):
    case, waits, _done = handed
    hr = hr_of(case.institution)
    ask(hr, "handovers")

    def statements() -> int:
        with CaptureQueriesContext(connection) as asked:
            ask(hr, "handovers")
        return len(asked)

    before = statements()
    for _ in range(3):
        walk = procedure(DecisionState.PROPOSED, now=now, case=case, team=waits.team)
        letters.issue_intent(attribution=walk.attribution, by=walk.team.inspector, now=now)
    assert statements() == before


@pytest.mark.parametrize("wrong", [{"state": "x"}, {"credited_from": "yesterday"}])
def test_a_value_that_is_none_is_refused_with_the_name_of_the_parameter(now, wrong):
    clock.move_to(now)
    client = APIClient()
    client.force_authenticate(officer("approver"))
    answer = client.get("/api/v1/repairs/", wrong)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == list(wrong)


def test_by_cursor_a_list_is_gone_through_once_whatever_is_added_meanwhile(now):
    clock.move_to(now)
    receipts = [repairing(now=days_later(now, number)).application.receipt for number in range(5)]
    client = APIClient()
    client.force_authenticate(officer("approver"))

    seen, answer = [], client.get("/api/v1/repairs/", {"cursor": "", "page_size": "2"})
    assert "count" not in answer.json()
    while True:
        seen += [row["receipt"] for row in answer.json()["results"]]
        if len(seen) == 2:
            receipts.append(repairing(now=days_later(now, 9)).application.receipt)
        if answer.json()["next"] is None:
            break
        answer = client.get(answer.json()["next"])
    assert seen == receipts
    for made_up in ("nonsense", "汉字", base64.b64encode(b"p=nobody").decode()):
        assert client.get("/api/v1/repairs/", {"cursor": made_up}).status_code == 404
    numbered = client.get("/api/v1/repairs/", {"page_size": "2"}).json()
    assert numbered["count"] == 6
    assert [row["receipt"] for row in numbered["results"]] == receipts[:-3:-1]  # the latest first
