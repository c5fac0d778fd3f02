"""`/api/v1/attributions/`: the whole procedure by API, and what it refuses."""

import pytest
from rest_framework.test import APIClient

from cases.models import Attribution
from cases.states import State
from institutions import clock
from tests.factories.attribution import REASONING, AttributionFactory, AttributionLineFactory, officers, procedure
from tests.factories.case_file import CaseFileFactory, FindingFactory
from tests.factories.evidence import EvidenceFactory
from tests.factories.practitioner import PractitionerFactory
from tests.factories.user import assign, officer

pytestmark = pytest.mark.django_db


@pytest.fixture
def team(now):
    clock.move_to(now)
    return officers(region="1504")


def act(user, attribution, action="", *, verb="post", **data):
    client = APIClient()
    client.force_authenticate(user)
    return getattr(client, verb)(f"/api/v1/attributions/{attribution.pk}/{action}", data)


def listed(user, query=""):
    client = APIClient()
    client.force_authenticate(user)
    return client.get(f"/api/v1/attributions/?{query}").json()


SERVICE = {"served_on": "2025-06-10", "method": "hr_handover", "proof": "签收回执"}


def test_the_whole_way_by_api(team, now):
    it = AttributionFactory()
    assert act(team.inspector, it, "propose/").json()["state"] == "proposed"
    told = act(team.inspector, it, "serve-intent/", **SERVICE).json()
    assert (told["state"], told["statement_deadline_on"]) == ("intent_served", "2025-06-17")
    said = act(team.inspector, it, "statements/", text="我有异议。", received_at=now.isoformat()).json()
    number = said["statements"][0]["id"]
    assert act(team.approver, it, f"statements/{number}/answer/", answer="不予采纳。").status_code == 200
    decided = act(team.approver, it, "decide/", outcome="decided", reasons="属实。").json()
    assert (decided["state"], decided["decided_by"]) == ("decided", team.approver.username)
    served = act(team.inspector, it, "serve/", **SERVICE).json()
    assert (served["state"], served["served_on"]) == ("served", "2025-06-10")
    assert served["possible_actions"] == ["make_effective", "set_aside"]


class TestDraft:
    def facts(self, case):
        return {
            "case": str(case.pk),
            "practitioner": PractitionerFactory().slug,
            "lines": [
                {"finding": "f1", "clause": "D1", "degree": "general", "points": 10, "reasoning": REASONING,
                 "evidence": ["e1"]}
            ],
        }  # fmt: skip

    @pytest.fixture
    def case(self):
        case = CaseFileFactory()
        FindingFactory(case=case, key="f1")
        EvidenceFactory(case=case, key="e1")
        return case

    def post(self, user, facts):
        client = APIClient()
        client.force_authenticate(user)
        return client.post("/api/v1/attributions/", facts)

    def test_is_opened_and_changed(self, team, case):
        made = self.post(team.inspector, self.facts(case))
        assert made.status_code == 201
        it = Attribution.objects.get()
        lines = [self.facts(case)["lines"][0] | {"points": 12, "degree": "principal"}]
        changed = act(team.inspector, it, verb="put", lines=lines, months=None)
        assert changed.json()["lines"][0]["points"] == 12

    def test_faulty_lines_are_422_with_their_place(self, team, case):
        facts = self.facts(case)
        facts["lines"][0]["finding"] = "f9"
        assert self.post(team.inspector, facts).json()["errors"][0]["place"] == "lines[0].finding"
        facts["lines"][0]["points"] = 0
        assert self.post(team.inspector, facts).json()["errors"][0]["field"] == "lines.0.points"

    def test_an_unknown_person_or_a_foreign_case_is_404(self, team, case):
        assert self.post(team.inspector, self.facts(case) | {"practitioner": "nobody"}).status_code == 404
        foreign = CaseFileFactory(institution__region__code="431122")
        assert self.post(team.inspector, self.facts(foreign)).status_code == 404


class TestRefusals:
    def test_403_for_the_proposer_who_decides(self, team, now):
        """F12."""
        walk = procedure(State.INTENT_SERVED, now=now, team=team).wait()
        clock.move_to(walk.now)
        assign(team.inspector, "approver")
        answer = act(team.inspector, walk.attribution, "decide/", outcome="decided", reasons="x")
        assert (answer.status_code, answer.json()["rule"]) == (403, "design: two-officer rule")

    def test_409_for_the_wrong_state_with_what_to_do_next(self, team):
        answer = act(team.approver, AttributionFactory(), "decide/", outcome="decided", reasons="x")
        problem = answer.json()
        assert (answer.status_code, problem["state"]) == (409, "draft")
        assert problem["next_step"]

    def test_409_while_the_window_is_open(self, team, now):
        walk = procedure(State.INTENT_SERVED, now=now, team=team)
        answer = act(team.approver, walk.attribution, "decide/", outcome="decided", reasons="x")
        assert (answer.status_code, answer.json()["code"]) == (409, "statement-window")

    def test_422_for_points_outside_the_band_without_a_countersignature(self, team, now):
        """F11."""
        walk = procedure(State.INTENT_SERVED, now=now, team=team, line__clause="B1", line__points=7).wait()
        clock.move_to(walk.now)
        answer = act(team.approver, walk.attribution, "decide/", outcome="decided", reasons="x")
        assert (answer.status_code, answer.json()["code"]) == (422, "countersignature-needed")
        sent = {"outcome": "decided", "reasons": "x", "countersign_reason": "按当地清单。"}
        assert act(team.approver, walk.attribution, "decide/", **sent).json()["state"] == "decided"

    def test_404_for_a_foreign_region_whatever_the_act(self, team):
        foreign = AttributionFactory(case=CaseFileFactory(institution__region__code="431122"))
        for action in ("propose/", "countersign/", "serve-intent/", "return/", "decide/", "serve/"):
            assert act(team.inspector, foreign, action, reason="x").status_code == 404
        assert act(team.inspector, foreign, verb="get").status_code == 404

    @pytest.mark.parametrize("role", ["auditor", "appeal_officer"])
    def test_403_for_who_only_reads(self, team, role):
        it, reader = AttributionFactory(), officer(role)
        assert act(reader, it, verb="get").status_code == 200
        assert act(reader, it, "propose/").status_code == 403

    def test_422_for_a_shape_that_is_not_valid(self, team, now):
        walk = procedure(State.PROPOSED, now=now, team=team)
        answer = act(team.inspector, walk.attribution, "serve-intent/", served_on="soon", method="pigeon")
        assert answer.status_code == 422
        assert {error["field"] for error in answer.json()["errors"]} == {"served_on", "method", "proof"}


class TestCountersignAndReturn:
    def test_by_api(self, team, now):
        walk = procedure(State.INTENT_SERVED, now=now, team=team, line__clause="B1", line__points=7)
        assert act(team.approver, walk.attribution, "countersign/", reason="当地清单。").status_code == 200
        assert act(team.approver, walk.attribution, "return/", reason="补证。").json()["state"] == "proposed"


def test_the_preview_says_what_would_follow_and_writes_nothing(team):
    it = AttributionFactory(line__points=12, line__degree="general", months=3)
    answer = act(team.inspector, it, "preview/", verb="get").json()
    assert (answer["points"], answer["total"], answer["year"]) == (12, 12, 2025)
    assert answer["measures"] == [{"kind": "terminate", "starts_on": "2025-06-11", "until": "2028-06-10", "months": 36}]
    assert [concern["rule"] for concern in answer["concerns"]] == [
        "points_not_as_suggested",
        "months_without_suspension",
    ]
    assert all(concern["message"] for concern in answer["concerns"])


def test_the_preview_of_what_scores_nothing(team):
    it = AttributionFactory(line=False)
    finding = FindingFactory(case=it.case, from_on="2024-01-01", to_on="2024-12-31")
    AttributionLineFactory(attribution=it, finding=finding)
    answer = act(team.inspector, it, "preview/", verb="get").json()
    assert (answer["points"], answer["measures"]) == (0, [])


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", 2),
        ("state=draft", 1),
        ("state=draft&state=proposed", 2),
        ("source=tip_off", 0),
        ("clause=D1", 2),
        ("clause=A1", 0),
        ("region=43", 0),
        ("served_from=2025-01-01", 0),
        ("practitioner_code=D150422999999", 1),
    ],
)
def test_filters_narrow_the_list(team, now, query, found):
    AttributionFactory(practitioner__code="D150422999999")
    procedure(State.PROPOSED, now=now)
    assert listed(team.inspector, query)["count"] == found


def test_a_page_of_the_list_costs_a_fixed_number_of_queries(team, django_assert_max_num_queries):
    for _ in range(5):
        AttributionFactory()
    with django_assert_max_num_queries(12):
        assert listed(team.inspector)["count"] == 5
