"""Annulment by finding, reinstatement, manifest over the API: by role, by region, and 409 where it is not the time."""

import pytest
from rest_framework.test import APIClient

from cases.models import Attribution
from cases.services import undoing
from cases.states import State
from institutions import clock
from institutions.clock import local_date
from tests.cases.services.test_finding_annulments import walk_with
from tests.factories.attribution import officers, procedure
from tests.factories.case_file import CaseFileFactory, FindingFactory
from tests.factories.user import hr_of, officer

pytestmark = pytest.mark.django_db

REASON = "行政复议撤销该项违规事实。"


@pytest.fixture
def as_officer():
    def log_in(user):
        client = APIClient()
        client.force_authenticate(user)
        return client

    return log_in


@pytest.fixture
def fallen(now):
    team = officers()
    walk = procedure(State.EFFECTIVE, now=now, team=team, line__points=12)
    undoing.set_aside_attribution(attribution=walk.attribution, reason=REASON, by=team.approver, now=walk.now)
    return walk


def manifest_path(attribution):
    return f"/api/v1/attributions/{attribution.pk}/manifest/"


def test_the_manifest_is_closed_and_names_no_officer(as_officer, fallen):
    answer = as_officer(officer("auditor")).get(manifest_path(fallen.attribution))
    assert answer.status_code == 200
    sent = answer.json()
    assert (sent["is_undone"], sent["open_count"], sent["points_left"]) == (True, 0, 0)
    assert {"entry", "measure", "scorecard", "notice"} <= {line["kind"] for line in sent["lines"]}
    assert all(line["reversed_at"] and line["how"] for line in sent["lines"])
    for name in (fallen.team.approver, fallen.team.inspector):
        assert name.username not in answer.content.decode()


def test_the_manifest_is_for_officers_of_the_region(as_officer, fallen):
    path = manifest_path(fallen.attribution)
    assert as_officer(officer("inspector", region="15")).get(path).status_code == 200
    assert as_officer(officer("inspector", region="43")).get(path).status_code == 404
    assert as_officer(hr_of(fallen.attribution.case.institution)).get(path).status_code == 403
    assert APIClient().get(path).status_code in (401, 403)


def test_a_decision_that_never_took_effect_has_none(as_officer, now):
    walk = procedure(State.SERVED, now=now)
    answer = as_officer(officer("auditor")).get(manifest_path(walk.attribution))
    assert (answer.status_code, answer.json()["state"]) == (409, "served")


def test_a_finding_falls_and_comes_back(as_officer, now):
    case, team = CaseFileFactory(), officers()
    findings = [FindingFactory(case=case, key=key, conduct=key) for key in "ab"]
    walk = walk_with(State.EFFECTIVE, case, team, now, [(findings[0], 5), (findings[1], 8)])
    clock.move_to(walk.now)
    client, path = as_officer(team.approver), f"/api/v1/cases/{case.pk}/"
    body = {"finding": "b", "annulled_on": local_date(walk.now), "reason": REASON}
    assert client.post(f"{path}annul-finding/", body, format="json").status_code == 200
    again = client.get(manifest_path(walk.attribution)).json()
    assert (again["points"], again["points_left"], again["open_count"]) == (13, 5, 0)
    other_day = body | {"annulled_on": case.basis.decided_on}
    assert client.post(f"{path}annul-finding/", other_day, format="json").status_code == 409
    assert client.post(f"{path}annul-finding/", body | {"finding": "z"}, format="json").status_code == 404
    back = {"finding": "b", "reinstated_on": local_date(walk.now), "reason": REASON}
    assert client.post(f"{path}reinstate/", back, format="json").status_code == 200
    assert client.post(f"{path}reinstate/", back | {"finding": "a"}, format="json").status_code == 409
    assert Attribution.objects.get().state == State.EFFECTIVE


@pytest.mark.parametrize("door", ["annul-finding", "reinstate"])
def test_an_inspector_may_not_and_a_foreign_region_is_not_there(as_officer, door, now):
    case = CaseFileFactory()
    FindingFactory(case=case, key="a")
    clock.move_to(now)
    day = local_date(now).isoformat()
    body = {"finding": "a", "annulled_on": day, "reinstated_on": day, "reason": REASON}
    path = f"/api/v1/cases/{case.pk}/{door}/"
    assert as_officer(officer("inspector")).post(path, body, format="json").status_code == 403
    assert as_officer(officer("approver", region="43")).post(path, body, format="json").status_code == 404
    assert as_officer(officer("approver")).post(path, body | {"reason": ""}, format="json").status_code in (400, 422)
