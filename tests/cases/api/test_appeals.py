"""F51, F54, F62: appeals over the API, for whoever has the letter and for officers of the region."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from cases.models import Appeal
from cases.services import appeals, letters
from cases.states import State as DecisionState
from cases.states.appeal import State
from institutions import clock
from institutions.models import AuditEvent, Notice, NoticeKind
from institutions.services import notice_tokens
from tests.factories.appeal import GROUNDS, PDF, REASONS, hearing, sent
from tests.factories.attribution import procedure
from tests.factories.case_file import CaseFileFactory
from tests.factories.institution import InstitutionFactory
from tests.factories.user import assign, hr_of, officer

pytestmark = pytest.mark.django_db

URL = "/api/v1/appeals/"


def key(walk, now):
    """The number and access code that stand in the letter of a decision."""
    letter = Notice.objects.get(kind=NoticeKind.DECISION, practitioner=walk.attribution.practitioner)
    return {"X-Notice-Number": letter.number, "X-Notice-Token": notice_tokens.issue(letter, now)}


def person(walk, now):
    return APIClient(headers=key(walk, now))


def as_officer(user):
    client = APIClient()
    client.force_login(user)
    return client


@pytest.fixture
def walk(now):
    made = procedure(DecisionState.EFFECTIVE, now=now)
    clock.move_to(made.now)
    return made


class TestThePerson:
    def test_files_an_appeal_with_two_files_and_sees_its_course(self, walk):
        client = person(walk, walk.now)
        files = [SimpleUploadedFile("a.pdf", PDF), SimpleUploadedFile("b.txt", "当日在岗。".encode())]
        made = client.post(URL, {"grounds": GROUNDS, "files": files}, format="multipart")
        assert made.status_code == 201, made.json()
        body = made.json()
        assert (body["state"], body["level"], body["is_late"]) == ("filed", 1, False)
        assert (body["days_left"], body["is_overdue"], body["stays"]) == (20, False, False)
        assert Appeal.objects.get(receipt=body["receipt"]).files.count() == 2
        again = client.post(URL, {"grounds": "又一次"}, format="json")
        assert (again.status_code, again.json()["receipt"]) == (200, body["receipt"])
        assert client.get(f"{URL}{body['receipt']}/").json() == body

    def test_the_key_may_stand_in_the_body(self, walk):
        given = key(walk, walk.now)
        body = {"notice": given["X-Notice-Number"], "token": given["X-Notice-Token"], "grounds": GROUNDS}
        assert APIClient().post(URL, body, format="json").status_code == 201

    def test_no_key_a_wrong_one_or_that_of_another_letter_opens_nothing(self, walk, now):
        heard = hearing(State.FILED, now=now, walk=walk)
        url = f"{URL}{heard.appeal.receipt}/"
        other = procedure(DecisionState.EFFECTIVE, now=now)
        mixed = key(walk, walk.now) | {"X-Notice-Number": key(other, other.now)["X-Notice-Number"]}
        wrong: tuple[dict[str, str], ...] = (
            {},
            key(walk, walk.now) | {"X-Notice-Token": "0" * 20},
            mixed,
            key(other, other.now),
        )
        for place, headers in enumerate(wrong):
            client = APIClient(headers=headers, REMOTE_ADDR=f"10.0.0.{place}")
            assert client.get(url).status_code == 404
            for act, body in (("answer", {"text": "x"}), ("withdraw", {"reason": "x"}), ("elevate", {"grounds": "x"})):
                assert client.post(f"{url}{act}/", body, format="json").status_code == 404
        assert client.post(URL, {"grounds": "x"}, headers={"X-Notice-Token": "1"}, format="json").status_code == 404
        assert heard.appeal.state == State.FILED
        assert Appeal.objects.count() == 1

    def test_guesses_run_dry(self, walk):
        client = APIClient(headers=key(walk, walk.now) | {"X-Notice-Token": "0" * 20})
        codes = [client.post(URL, {"grounds": "x"}, format="json").status_code for _guess in range(11)]
        assert codes == [404] * 10 + [429]
        assert person(walk, walk.now).post(URL, {"grounds": "x"}, format="json").status_code == 429
        assert not Appeal.objects.exists()

    def test_empty_grounds_and_bad_files_are_refused_with_the_field(self, walk):
        client = person(walk, walk.now)
        refused = client.post(URL, {"grounds": " "}, format="json")
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "grounds")
        files = [SimpleUploadedFile("a.exe", b"MZ")]
        refused = client.post(URL, {"grounds": GROUNDS, "files": files}, format="multipart")
        assert (refused.status_code, refused.json()["code"]) == (422, "evidence-refused")
        assert not Appeal.objects.exists()

    def test_a_late_one_is_asked_why(self, walk):
        clock.move_to(hearing(State.FILED, now=walk.now).later(40).now)
        client = person(walk, clock.now())
        refused = client.post(URL, {"grounds": GROUNDS}, format="json")
        assert (refused.status_code, refused.json()["code"]) == (422, "appeal-late")
        assert refused.json()["rule"] == "appeal_working_days"
        made = client.post(URL, {"grounds": GROUNDS, "late_reason": "因病住院。"}, format="json")
        assert (made.status_code, made.json()["is_late"]) == (201, True)

    def test_an_intended_decision_is_answered_by_a_statement_not_an_appeal(self, now):
        walk = procedure(DecisionState.INTENT_SERVED, now=now)
        clock.move_to(walk.now)
        letter = Notice.objects.get(kind=NoticeKind.INTENT, practitioner=walk.attribution.practitioner)
        headers = {"X-Notice-Number": letter.number, "X-Notice-Token": notice_tokens.issue(letter, walk.now)}
        refused = APIClient(headers=headers).post(URL, {"grounds": GROUNDS}, format="json")
        assert (refused.status_code, refused.json()["code"]) == (409, "appeal-not-possible")

    def test_answers_withdraws_and_goes_to_the_second_level(self, walk, now):
        heard = hearing(State.AWAITING_ANSWER, now=now, walk=walk)
        client, url = person(walk, walk.now), f"{URL}{heard.appeal.receipt}/"
        asked = client.get(url).json()
        assert (asked["state"], asked["question"], asked["due_on"]) == ("awaiting_answer", "当日考勤由谁记录?", None)
        files = [SimpleUploadedFile("a.pdf", PDF)]
        answered = client.post(f"{url}answer/", {"text": "由秘书记录。", "files": files}, format="multipart")
        assert (answered.status_code, answered.json()["state"]) == (200, "accepted")
        heard.decide("upheld")
        seen = client.get(url).json()
        assert (seen["outcome"], seen["reasons"], seen["second_level"]["possible"]) == ("upheld", REASONS, True)
        second = client.post(f"{url}elevate/", {"grounds": "仍不服。"}, format="json")
        assert (second.status_code, second.json()["level"]) == (201, 2)
        assert client.get(url).json()["elevated_to"] == second.json()["receipt"]
        ended = client.post(f"{URL}{second.json()['receipt']}/withdraw/", {"reason": "算了。"}, format="json")
        assert (ended.status_code, ended.json()["outcome"]) == (200, "withdrawn")
        again = client.post(f"{URL}{second.json()['receipt']}/answer/", {"text": "x"}, format="json")
        assert again.status_code == 409

    def test_never_sees_an_officers_name(self, walk, now):
        heard = hearing(State.DECIDED, now=now, walk=walk)
        text = person(walk, walk.now).get(f"{URL}{heard.appeal.receipt}/").content.decode()
        assert heard.officer.username not in text
        assert heard.officer.display_name not in text


class TestOfficers:
    def act(self, heard, name, body=None, by=None):
        client = as_officer(by or heard.officer)
        return client.post(f"{URL}{heard.appeal.receipt}/{name}/", body or {}, format="json")

    def test_hear_an_appeal_from_assignment_to_outcome(self, walk, now):
        heard = hearing(State.FILED, now=now, walk=walk)
        assert self.act(heard, "assign", {"to": heard.officer.username}).status_code == 200
        assert self.act(heard, "accept").json()["state"] == "accepted"
        assert self.act(heard, "ask", {"text": "谁在场?"}).json()["messages"][0]["text"] == "谁在场?"
        assert self.act(heard, "resume").json()["state"] == "accepted"
        declared = self.act(heard, "declaration", {"has_conflict": False, "text": "无。"}, by=heard.expert)
        assert declared.status_code == 200
        assert declared.json()["declarations"][0]["opinion"] == ""  # text as described, never null
        opined = self.act(heard, "opinion", {"text": "检查报告系伪造。"}, by=heard.expert).json()
        assert opined["declarations"][0]["opinion"] == "检查报告系伪造。"
        line = walk.attribution.lines.get().pk
        points = {"points": [{"line": line, "points": 4}]}
        assert self.act(heard, "preview-points", points).json() == {"points": 4}
        body = {"outcome": "varied", "reasons": REASONS, **points}
        done = self.act(heard, "decide", body).json()
        assert (done["state"], done["outcome"], done["points_before"], done["points_after"]) == (
            "decided",
            "varied",
            10,
            4,
        )
        assert done["varied_lines"][0]["points_after"] == 4
        assert done["possible_actions"] == []

    @pytest.mark.parametrize("reasons", [None, "", "  \n"])
    def test_no_outcome_without_reasons(self, walk, now, reasons):
        heard = hearing(State.ACCEPTED, now=now, walk=walk)
        body = {"outcome": "upheld"} | ({"reasons": reasons} if reasons is not None else {})
        assert self.act(heard, "decide", body).status_code == 422
        assert heard.appeal.is_open

    def test_the_list_is_filtered_and_narrowed_to_the_officers_regions(self, now):
        here = hearing(State.FILED, now=now)
        hearing(State.DECIDED, now=now, case=CaseFileFactory(institution=InstitutionFactory(region__code="431122")))
        mine = as_officer(officer("appeal_officer", region="1504"))
        assert [row["receipt"] for row in mine.get(URL).json()["results"]] == [here.appeal.receipt]
        everywhere = as_officer(officer("auditor"))
        assert everywhere.get(URL).json()["count"] == 2
        assert everywhere.get(f"{URL}?open=true").json()["count"] == 1
        assert everywhere.get(f"{URL}?outcome=upheld").json()["count"] == 1
        assert everywhere.get(f"{URL}?unassigned=true").json()["results"][0]["receipt"] == here.appeal.receipt

    def test_another_region_is_not_there_and_another_role_is_forbidden(self, walk, now):
        heard = hearing(State.ACCEPTED, now=now, walk=walk)
        url = f"{URL}{heard.appeal.receipt}/"
        for stranger in (officer("appeal_officer", region="99"), officer("inspector", region="99")):
            assert as_officer(stranger).get(url).status_code == 404
            assert self.act(heard, "ask", {"text": "?"}, by=stranger).status_code == 404
        for reader in (officer("inspector"), officer("approver"), officer("auditor"), officer("expert")):
            assert as_officer(reader).get(url).status_code == 200
            for act, body in (
                *(("accept", {}), ("ask", {"text": "?"}), ("resume", {}), ("assign", {"to": heard.officer.username})),
                *(("decide", {"outcome": "upheld", "reasons": "x"}), ("preview-points", {})),
            ):
                assert self.act(heard, act, body, by=reader).status_code == 403, act
        at_work = hr_of(walk.attribution.case.institution)
        assert as_officer(at_work).get(URL).status_code == 403
        assert APIClient().get(URL).status_code in (401, 403)
        assert heard.appeal.state == State.ACCEPTED

    def test_whoever_had_a_hand_in_it_is_refused(self, walk, now):
        heard = hearing(State.FILED, now=now, walk=walk)
        proposer = assign(walk.team.inspector, "appeal_officer")
        refused = self.act(heard, "assign", {"to": proposer.username})
        assert (refused.status_code, refused.json()["code"]) == (403, "officer-involved")
        assert self.act(heard, "assign", {"to": "nobody"}).status_code == 404

    def test_take_in_what_came_on_paper(self, walk):
        client = as_officer(walk.team.inspector)
        body = {
            "attribution": str(walk.attribution.pk),
            "grounds": GROUNDS,
            "received_on": walk.served_on.isoformat(),
        }
        scan = {"files": [SimpleUploadedFile("letter.pdf", PDF)]}
        made = client.post(f"{URL}paper/", body | scan, format="multipart")
        assert made.status_code == 201, made.json()
        assert made.json()["filed_on"] == walk.served_on.isoformat()
        assert as_officer(officer("appeal_officer")).post(f"{URL}paper/", body, format="multipart").status_code == 403

    def test_open_a_submitted_file_and_leave_a_line(self, walk, now):
        heard = hearing(State.ACCEPTED, now=now, walk=walk)
        heard.ask()
        appeals.answer(appeal=heard.appeal, text="是。", files=[sent()], by=None, now=heard.now)
        whole = as_officer(heard.officer).get(f"{URL}{heard.appeal.receipt}/").json()
        (piece,) = whole["messages"][1]["files"]
        url = f"{URL}{heard.appeal.receipt}/files/{piece['id']}/"
        opened = as_officer(heard.officer).get(url)
        assert (opened.status_code, opened.content) == (200, PDF)
        assert opened["X-Content-Type-Options"] == "nosniff"
        line = AuditEvent.objects.get(action="submitted_file.opened")
        assert (line.by, line.detail["hash_matched"]) == (heard.officer, True)
        assert as_officer(officer("publisher")).get(url).status_code == 403


def test_the_letter_of_the_decision_is_the_one_that_opens_the_appeal(walk):
    letter = Notice.objects.get(kind=NoticeKind.DECISION, practitioner=walk.attribution.practitioner)
    issued = letters.letter_of(letter)
    assert issued is not None
    assert issued.attribution == walk.attribution
