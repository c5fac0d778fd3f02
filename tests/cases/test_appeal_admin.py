"""F62 and the officers' pages: the queue with its number, links both ways, and every move from one page."""

import re

import pytest
from django.test import Client

from cases.models import Appeal
from cases.services import appeals
from cases.states import State as DecisionState
from cases.states.appeal import State
from institutions import clock
from institutions.models import AuditEvent
from tests.factories.appeal import GROUNDS, PDF, REASONS, hearing, sent
from tests.factories.attribution import procedure
from tests.factories.user import assign, officer

pytestmark = pytest.mark.django_db

LIST = "/admin/cases/appeal/"


def client_of(user) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(user)
    return client


def page_of(heard):
    return f"{LIST}{heard.appeal.pk}/handle/"


def move(heard, name, by=None, **fields):
    client = client_of(by or heard.officer)
    prefix = name.removeprefix("preview-")
    return client.post(page_of(heard), {"move": name, **{f"{prefix}-{key}": value for key, value in fields.items()}})


def badge(page):
    """The number beside the queue in the side bar, as text: the first link to it on a page."""
    found = re.search(r'<a href="/admin/queues/appeals/"[^>]*>(.*?)</a>', page, re.DOTALL)
    assert found is not None
    number = re.search(r'aria-hidden="true">(\d+\+?)<', found.group(1))
    return number.group(1) if number else ""


@pytest.fixture
def filed(now):
    heard = hearing(State.FILED, now=now)
    clock.move_to(heard.now)
    return heard


class TestQueue:
    def test_the_navigation_shows_how_many_wait_in_the_officers_regions(self, filed, now):
        hearing(State.DECIDED, now=now)
        near, far = officer("appeal_officer", region="15"), officer("appeal_officer", region="43")
        assert badge(client_of(near).get("/admin/").content.decode()) == "1"
        assert badge(client_of(far).get("/admin/").content.decode()) == ""

    def test_whoever_sees_no_cases_sees_no_queue(self, filed):
        page = client_of(officer("publisher")).get("/admin/").content.decode()
        assert LIST not in page

    @pytest.mark.parametrize(
        ("queue", "state", "seen"),
        [
            ("open", State.FILED, True),
            ("open", State.DECIDED, False),
            ("unassigned", State.FILED, True),
            ("unassigned", State.ACCEPTED, False),
            ("mine", State.ACCEPTED, True),
            ("mine", State.FILED, False),
            ("overdue", State.ACCEPTED, False),
        ],
    )
    def test_it_is_narrowed(self, now, queue, state, seen):
        heard = hearing(state, now=now)
        clock.move_to(heard.now)
        page = client_of(heard.officer).get(f"{LIST}?queue={queue}").content.decode()
        assert (heard.appeal.receipt in page) is seen

    def test_an_overdue_one_is_marked(self, filed):
        clock.move_to(filed.later(60).now)
        page = client_of(filed.officer).get(f"{LIST}?queue=overdue").content.decode()
        assert filed.appeal.receipt in page
        assert "overdue" in page

    def test_case_decision_and_appeal_lead_to_each_other(self, filed):
        client = client_of(filed.officer)
        it = filed.walk.attribution
        whole = client.get(f"{LIST}{filed.appeal.pk}/change/").content.decode()
        assert f"/admin/cases/casefile/{it.case_id}/change/" in whole
        assert f"/admin/cases/attribution/{it.pk}/change/" in whole
        for page in (f"/admin/cases/casefile/{it.case_id}/change/", f"/admin/cases/attribution/{it.pk}/change/"):
            html = client.get(page).content.decode()
            assert f'href="{LIST}{filed.appeal.pk}/change/">{filed.appeal.receipt} · Filed</a>' in html

    def test_another_region_sees_nothing(self, filed):
        stranger = client_of(officer("appeal_officer", region="43"))
        assert filed.appeal.receipt not in stranger.get(LIST).content.decode()
        assert stranger.get(f"{LIST}{filed.appeal.pk}/change/").status_code in (302, 404)
        assert stranger.get(page_of(filed)).status_code == 404


class TestHandling:
    def test_from_assignment_to_outcome(self, filed):
        first = client_of(filed.officer).get(page_of(filed)).content.decode()
        assert GROUNDS in first
        assert "form-assign" in first
        assert "form-decide" not in first
        assert move(filed, "assign", to=filed.officer.pk).status_code == 302
        assert move(filed, "accept").status_code == 302
        assert move(filed, "ask", text="谁在场?").status_code == 302
        assert filed.appeal.state == State.AWAITING_ANSWER
        assert move(filed, "resume").status_code == 302
        line = filed.walk.attribution.lines.get().pk
        seen = move(filed, "preview-decide", outcome="varied", reasons=REASONS, **{f"points_{line}": 4})
        assert "come to 4 points" in seen.content.decode()
        assert filed.appeal.is_open
        done = move(filed, "decide", outcome="varied", reasons=REASONS, **{f"points_{line}": 4})
        assert done.status_code == 302
        assert (filed.appeal.outcome, filed.appeal.points_after) == ("varied", 4)
        after = client_of(filed.officer).get(page_of(filed)).content.decode()
        assert "10 → 4" in after
        assert "nothing for you to do" in after

    @pytest.mark.parametrize("reasons", ["", "   \n "])
    def test_no_outcome_without_reasons(self, now, reasons):
        heard = hearing(State.ACCEPTED, now=now)
        line = heard.walk.attribution.lines.get().pk
        answer = move(heard, "decide", outcome="upheld", reasons=reasons, **{f"points_{line}": 10})
        assert answer.status_code == 422
        assert "This field is required" in answer.content.decode()
        assert heard.appeal.is_open

    def test_a_refusal_of_the_service_stands_beside_the_form(self, now):
        heard = hearing(State.ACCEPTED, now=now)
        line = heard.walk.attribution.lines.get().pk
        answer = move(heard, "decide", outcome="varied", reasons=REASONS, **{f"points_{line}": 10})
        assert answer.status_code == 422
        assert "takes points from at least one line" in answer.content.decode()
        assert heard.appeal.is_open

    def test_a_late_one_is_found_inadmissible_without_acceptance(self, now):
        walk = procedure(DecisionState.EFFECTIVE, now=now)
        heard = hearing(State.FILED, now=now, walk=walk).assign()
        page = client_of(heard.officer).get(page_of(heard)).content.decode()
        assert 'value="inadmissible"' in page
        assert 'value="upheld"' not in page
        assert move(heard, "decide", outcome="inadmissible", reasons="逾期且无正当理由。").status_code == 302
        assert heard.appeal.outcome == "inadmissible"

    def test_whoever_had_a_hand_in_it_is_not_offered(self, filed):
        proposer = assign(filed.walk.team.inspector, "appeal_officer")
        page = client_of(filed.officer).get(page_of(filed)).content.decode()
        assert f'value="{filed.officer.pk}"' in page
        assert f'value="{proposer.pk}"' not in page
        assert move(filed, "assign", to=proposer.pk).status_code == 422
        assert filed.appeal.assigned_to is None

    def test_only_the_assigned_officer_sees_the_forms_of_the_hearing(self, now):
        heard = hearing(State.ACCEPTED, now=now)
        other = officer("appeal_officer")
        page = client_of(other).get(page_of(heard)).content.decode()
        assert "form-decide" not in page
        assert "form-ask" not in page
        assert move(heard, "decide", by=other, outcome="upheld", reasons=REASONS).status_code in (403, 422)
        assert heard.appeal.is_open

    def test_experts_declare_and_give_an_opinion(self, now):
        heard = hearing(State.ACCEPTED, now=now)
        page = client_of(heard.expert).get(page_of(heard)).content.decode()
        assert "form-declare" in page
        assert "form-opinion" not in page
        assert move(heard, "declare", by=heard.expert, text="无利害关系。").status_code == 302
        assert "form-opinion" in client_of(heard.expert).get(page_of(heard)).content.decode()
        assert move(heard, "opinion", by=heard.expert, text="检查报告系伪造。").status_code == 302
        assert heard.appeal.opinions.get().text == "检查报告系伪造。"

    @pytest.mark.parametrize("role", ["inspector", "approver", "auditor"])
    def test_others_read_but_handle_nothing(self, filed, role):
        client = client_of(officer(role))
        assert client.get(f"{LIST}{filed.appeal.pk}/change/").status_code == 200
        assert client.get(page_of(filed)).status_code == (200 if role == "auditor" else 403)
        assert move(filed, "accept", by=officer(role)).status_code == 403

    def test_a_submitted_file_is_opened_with_a_line_in_the_log(self, now):
        walk = procedure(DecisionState.EFFECTIVE, now=now)
        appeal = appeals.file_appeal(
            attribution=walk.attribution, grounds=GROUNDS, files=[sent()], by=None, now=walk.now
        )
        clock.move_to(walk.now)
        url = f"{LIST}files/{appeal.files.get().pk}/"
        reader = officer("appeal_officer")
        assert (
            f'href="{url}">attendance.pdf</a>' in client_of(reader).get(f"{LIST}{appeal.pk}/handle/").content.decode()
        )
        answer = client_of(reader).get(url)
        assert (answer.status_code, answer.content) == (200, PDF)
        assert AuditEvent.objects.get(action="submitted_file.opened").by == reader
        assert client_of(officer("appeal_officer", region="43")).get(url).status_code == 404
        assert client_of(officer("publisher")).get(url).status_code == 404

    def test_nothing_is_changed_on_the_page_of_the_appeal_itself(self, filed):
        client = client_of(filed.officer)
        answer = client.post(f"{LIST}{filed.appeal.pk}/change/", {"grounds": "x", "state": "decided"})
        assert answer.status_code == 403
        assert Appeal.objects.get().grounds == GROUNDS
