"""The pages of the queues: what waits where, claims, filters that survive, search, export."""

import csv
import io
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from cases.services import statements
from cases.states import State
from config.admin.queues import QUEUES
from institutions import clock
from institutions.models import AuditEvent, Delivery, DeliveryState, Notice, WorkClaim
from institutions.services.job_runs import job_run
from tests.factories.appeal import Hearing
from tests.factories.attribution import AttributionFactory, officers, procedure
from tests.factories.case_file import CaseFileFactory
from tests.factories.institution import InstitutionFactory
from tests.factories.practitioner import PractitionerFactory
from tests.factories.user import assign, officer
from tests.infrastructure.queries import at_most

pytestmark = pytest.mark.django_db


def client_of(user) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(user)
    return client


def page(client, code, query="") -> str:
    answer = client.get(f"/admin/queues/{code}/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def references(client, code, query="") -> list[str]:
    return [line.reference for line in client.get(f"/admin/queues/{code}/{query}").context["lines"]]


@pytest.fixture(autouse=True)
def today(now):
    clock.move_to(now)
    return clock.local_date(now)


@pytest.fixture
def inspector():
    return officer("inspector", region="15")


@pytest.fixture
def client(inspector):
    return client_of(inspector)


def case_opened(now, days, **facts):
    return CaseFileFactory(opened_at=now - timedelta(days=days), **facts)


class TestWhatWaits:
    def test_overdue_cases_stand_first_with_days_late(self, client, now):
        fresh, late, latest = (case_opened(now, days) for days in (3, 33, 80))
        assert references(client, "cases") == [latest.number, late.number, fresh.number]
        html = page(client, "cases")
        assert "50 days late" in html
        assert "3 days late" in html
        assert references(client, "cases", "?who=overdue") == [latest.number, late.number]

    def test_a_case_waits_until_everyone_in_it_is_proposed(self, client, now):
        drafted = AttributionFactory(case=case_opened(now, 1)).case
        procedure(State.PROPOSED, now=now)
        assert references(client, "cases") == [drafted.number]

    def test_a_row_moves_from_queue_to_queue_as_it_goes(self, client, now):
        walk = procedure(State.PROPOSED, now=now)
        number = walk.attribution.case.number
        everywhere = ("cases", "services", "decisions", "statements")
        assert [number in references(client, code) for code in everywhere] == [False, True, False, False]
        walk.serve_intent()
        assert [number in references(client, code) for code in everywhere] == [False, False, False, False]
        said = statements.record_statement(
            attribution=walk.attribution,
            text="当日不在岗。",
            received_at=walk.now,
            by=walk.team.inspector,
            now=walk.now,
        )
        assert references(client, "statements") == [said.receipt]
        statements.answer_statement(statement=said, answer="已核查。", by=walk.team.approver, now=walk.now)
        assert (references(client, "statements"), references(client, "decisions")) == ([], [number])
        walk.wait().decide()
        assert (references(client, "decisions"), references(client, "services")) == ([], [number])

    def test_the_window_has_to_be_over_where_nothing_was_said(self, client, now):
        walk = procedure(State.INTENT_SERVED, now=now)
        assert references(client, "decisions") == []
        clock.move_to(walk.wait().now)
        assert references(client, "decisions") == [walk.attribution.case.number]

    def test_a_held_decision_waits_for_whoever_took_no_part_in_it(self, now):
        walk = procedure(State.HELD, now=now)
        clock.move_to(walk.now)
        third = client_of(officer("approver", region="15"))
        assert references(third, "holds") == [walk.attribution.case.number]
        hold = walk.attribution.holds.get()
        opened = third.get(f"/admin/queues/holds/{hold.pk}/open/", follow=True)
        assert opened.redirect_chain[-1][0].endswith(f"/{walk.attribution.pk}/decide/")
        assert "another officer has to release it" in page(client_of(walk.team.approver), "holds")

    def test_appeals_stand_by_their_day_and_a_stopped_clock_stands_last(self, now):
        team = officer("appeal_officer", region="15")
        first = Hearing(procedure(State.EFFECTIVE, now=now), team, now)
        second = Hearing(procedure(State.EFFECTIVE, now=now + timedelta(days=30)), team, now)
        for hearing in (first, second):
            hearing.now = hearing.walk.now
            hearing.file()
        first.assign().accept().ask()
        client = client_of(team)
        assert references(client, "appeals") == [second.appeal.receipt, first.appeal.receipt]
        assert "clock stopped" in page(client, "appeals")
        assert references(client, "appeals", "?who=mine") == [first.appeal.receipt]
        assert references(client, "appeals", "?who=unclaimed") == [second.appeal.receipt]

    def test_notices_copies_people_and_runs(self, client, now, today):
        procedure(State.EFFECTIVE, now=now)
        waiting = Notice.objects.filter(institution__isnull=False, mandatory=True)
        assert len(references(client, "notices")) == waiting.count() > 0
        copy = Delivery.objects.create(notice=waiting[0], channel="webhook", state=DeliveryState.DEAD, attempts=7)
        assert references(client, "deliveries") == [copy.notice.number]
        person = PractitionerFactory(is_provisional=True, provisional_institution=InstitutionFactory())
        assert references(client, "people") == [person.name]
        assert client.get(f"/admin/queues/people/{person.pk}/open/", follow=True).status_code == 200
        with pytest.raises(ValueError, match="broken"), job_run("scoring.verify_ledger", today, now):
            raise ValueError("broken")
        assert references(client, "runs") == ["scoring.verify_ledger"]
        with job_run("scoring.verify_ledger", today, now):
            pass
        assert references(client, "runs") == []

    @pytest.mark.parametrize("queue", QUEUES, ids=lambda queue: queue.code)
    def test_nothing_waiting_is_said(self, queue, client):
        client = client_of(assign(officer("approver", region="15"), "inspector", region="15"))
        assert "Nothing waits here." in page(client, queue.code)
        assert "Nothing fits." in page(client, queue.code, "?q=%E7%8E%8B")


class TestRegionsAndRoles:
    def test_other_regions_are_not_there(self, client, now):
        theirs = case_opened(now, 1, institution__region__code="431122")
        assert references(client, "cases") == []
        for act in ("open", "next"):
            answer = client.get(f"/admin/queues/cases/{theirs.pk}/{act}/")
            assert answer.status_code == (404 if act == "open" else 302)
        assert client.post(f"/admin/queues/cases/{theirs.pk}/act/", {"move": "claim"}).status_code == 404
        assert client.get("/admin/queues/cases/no-such-key/open/").status_code == 404
        assert client.get("/admin/queues/nothing/").status_code == 404

    def test_a_queue_outside_the_roles_is_forbidden_and_not_in_the_side_bar(self, now):
        case_opened(now, 1)
        client = client_of(officer("publisher"))
        assert client.get("/admin/queues/cases/").status_code == 403
        html = client.get("/admin/").content.decode()
        assert "/admin/queues/cases/" not in html
        assert "/admin/queues/runs/" in html

    def test_an_auditor_sees_and_claims_nothing(self, now):
        case = case_opened(now, 1)
        client = client_of(officer("auditor", region="15"))
        html = page(client, "cases")
        assert case.number in html
        assert ">Claim<" not in html
        assert client.post(f"/admin/queues/cases/{case.pk}/act/", {"move": "claim"}).status_code == 403

    def test_the_side_bar_counts_what_waits_in_the_regions(self, client, now):
        for _ in range(3):
            case_opened(now, 1)
        case_opened(now, 1, institution__region__code="431122")
        html = client.get("/admin/queues/appeals/").content.decode()
        assert "3 waiting" in html

    def test_the_side_bar_is_remembered_as_a_question_and_never_as_an_answer(self, client, now):
        case_opened(now, 1)
        elsewhere = client_of(officer("inspector", region="43"))
        assert "1 waiting" in client.get("/admin/queues/appeals/").content.decode()
        assert "waiting</span>" not in elsewhere.get("/admin/queues/appeals/").content.decode()
        case_opened(now, 1)
        assert "2 waiting" in client.get("/admin/queues/appeals/").content.decode()
        assert "waiting</span>" not in elsewhere.get("/admin/queues/appeals/").content.decode()


class TestClaims:
    def act(self, client, case, move="claim", **sent):
        return client.post(f"/admin/queues/cases/{case.pk}/act/", {"move": move, **sent}, follow=True)

    def test_claim_and_release_and_who_holds_it(self, client, inspector, now):
        case = case_opened(now, 1)
        assert f"You hold {case.number}." in self.act(client, case).content.decode()
        colleague = officer("inspector", region="15")
        html = page(client_of(colleague), "cases")
        assert inspector.display_name in html
        refused = self.act(client_of(colleague), case).content.decode()
        assert f"{inspector.username} has held {case.number}" in refused
        assert WorkClaim.objects.get().holder == inspector
        assert "is free for others" in self.act(client, case, "release").content.decode()
        assert WorkClaim.objects.get().end == "released"

    def test_mine_and_held_by_nobody(self, client, now):
        mine, free = case_opened(now, 5), case_opened(now, 4)
        self.act(client, mine)
        assert references(client, "cases", "?who=mine") == [mine.number]
        assert references(client, "cases", "?who=unclaimed") == [free.number]

    def test_whoever_proposed_does_not_take_the_decision(self, now):
        both = assign(officer("inspector", region="15"), "approver", region="15")
        team = officers("15")
        walk = procedure(State.INTENT_SERVED, now=now, team=type(team)(both, team.approver)).wait()
        clock.move_to(walk.now)
        client = client_of(both)
        assert "You proposed it" in page(client, "decisions")
        sent = client.post(f"/admin/queues/decisions/{walk.attribution.pk}/act/", {"move": "claim"})
        assert sent.status_code == 403

    def test_an_administrator_with_the_work_takes_over_for_a_reason(self, client, inspector, now):
        case = case_opened(now, 1)
        self.act(client, case)
        head = assign(officer("inspector", region="15"), "administrator", region="15")
        head_client = client_of(head)
        assert "Take over" in page(head_client, "cases")
        self.act(head_client, case, "take-over", reason="")
        assert WorkClaim.objects.get(ended_at=None).holder == inspector
        self.act(head_client, case, "take-over", reason="期限将至")
        assert WorkClaim.objects.get(ended_at=None).holder == head

    def test_an_administrator_ends_a_claim_on_its_own_page(self, client, now):
        self.act(client, case_opened(now, 1))
        claim = WorkClaim.objects.get()
        administrator = client_of(officer("administrator", region="15"))
        assert claim.reference in administrator.get("/admin/institutions/workclaim/").content.decode()
        assert administrator.post(f"/admin/institutions/workclaim/{claim.pk}/end/", {"reason": ""}).status_code == 422
        answer = administrator.post(f"/admin/institutions/workclaim/{claim.pk}/end/", {"reason": "休假"})
        assert answer.status_code == 302
        claim.refresh_from_db()
        assert (claim.end, claim.end_reason) == ("freed", "休假")
        stranger = client_of(officer("administrator", region="37"))
        assert stranger.post(f"/admin/institutions/workclaim/{claim.pk}/end/", {"reason": "x"}).status_code == 404

    def test_what_was_done_meanwhile_is_said(self, client, now):
        walk = procedure(State.PROPOSED, now=now)
        answer = client.post(f"/admin/queues/decisions/{walk.attribution.pk}/act/", {"move": "claim"}, follow=True)
        assert "This waits no more" in answer.content.decode()


class TestFiltersSurvive:
    PLACE = "?who=unclaimed&region=15&source=flying_inspection"

    def test_open_a_row_act_and_come_back_to_the_same_place(self, client, now):
        case = case_opened(now, 1)
        place = f"/admin/queues/cases/{self.PLACE}"
        line = client.get(place).context["lines"][0]
        assert parse_qs(urlsplit(line.address).query) == parse_qs(self.PLACE[1:])
        opened = client.get(line.address, follow=True)
        assert opened.request["PATH_INFO"] == f"/admin/cases/casefile/{case.pk}/change/"
        html = opened.content.decode()
        assert place.replace("&", "&amp;") in html
        assert "Back to the queue “Cases to attribute”" in html
        below = client.get(f"/admin/cases/casefile/{case.pk}/history/").content.decode()
        assert place.replace("&", "&amp;") in below
        assert "Back to the queue" not in client.get("/admin/cases/casefile/").content.decode()

    def test_claiming_comes_back_to_the_same_place_at_the_row(self, client, now):
        case = case_opened(now, 1)
        sent = {"move": "claim", "place": self.PLACE + "&page=2"}
        answer = client.post(f"/admin/queues/cases/{case.pk}/act/", sent)
        assert answer["Location"] == f"/admin/queues/cases/{self.PLACE}&page=2#row-{case.pk}"

    def test_a_place_made_up_leads_nowhere_else(self, client, now):
        case = case_opened(now, 1)
        sent = {"move": "claim", "place": "https://example.org/?who=everyone&page=x"}
        answer = client.post(f"/admin/queues/cases/{case.pk}/act/", sent)
        assert answer["Location"].startswith("/admin/queues/cases/?#row-")

    def test_the_next_row_is_neither_this_one_nor_held(self, client, now):
        held, this, other = (case_opened(now, days) for days in (9, 8, 7))
        colleague = client_of(officer("inspector", region="15"))
        colleague.post(f"/admin/queues/cases/{held.pk}/act/", {"move": "claim"})
        answer = client.get(f"/admin/queues/cases/{this.pk}/next/?region=15")
        assert answer["Location"] == f"/admin/queues/cases/{other.pk}/open/?region=15"
        alone = client.get(f"/admin/queues/cases/{this.pk}/next/?q={this.number}", follow=True)
        assert "Nothing else waits for you here." in alone.content.decode()


class TestFinding:
    @pytest.mark.parametrize(
        "term",
        [
            "张某仁",
            "zhangmouren",
            "zmr",
            "D15042299",
            "测试仁和医院",
            "H15042277",
            "试医保罚〔2025〕9号",
            "案〔2025〕77",
        ],
    )
    def test_by_name_pinyin_initials_code_institution_and_number(self, term, client, now):
        place = InstitutionFactory(code="H15042277", name="测试仁和医院")
        case = case_opened(
            now, 1, institution=place, number="试医保案〔2025〕77", basis__document="试医保罚〔2025〕9号"
        )
        person = PractitionerFactory(name="张某仁", code="D15042299")
        AttributionFactory(case=case, practitioner=person)
        case_opened(now, 2)
        assert references(client, "cases", f"?q={term}") == [case.number]

    def test_by_source_and_region(self, client, now):
        first = case_opened(now, 2, source="tip_off")
        second = case_opened(now, 1, institution__region__code="150902")
        assert references(client, "cases", "?source=tip_off") == [first.number]
        assert references(client, "cases", "?region=1509") == [second.number]
        assert references(client, "cases", "?region=37") == []
        html = page(client, "cases", "?region=1504")
        assert '<option value="150422"' in html
        assert '<option value="37"' not in html


class TestExport:
    def rows(self, answer):
        return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))

    def test_the_export_is_what_the_page_shows_and_runs_no_formula(self, client, inspector, now):
        place = InstitutionFactory(name='=HYPERLINK("http://example.org")')
        case = case_opened(now, 40, institution=place)
        case_opened(now, 1, source="tip_off")
        client.post(f"/admin/queues/cases/{case.pk}/act/", {"move": "claim"})
        answer = client.get("/admin/queues/cases/?source=flying_inspection&format=csv")
        assert answer.content.startswith("\ufeff".encode())
        heading, *rows = self.rows(answer)
        assert heading[:4] == ["reference", "due_on", "days_late", "institution"]
        assert [row[0] for row in rows] == [case.number]
        assert rows[0][3] == '\'=HYPERLINK("http://example.org")'
        assert (rows[0][2], rows[0][-2]) == ("10", inspector.username)
        act = AuditEvent.objects.get(action="queue.exported")
        assert (act.by, act.detail) == (inspector, {"rows": 1, "filters": "?source=flying_inspection"})

    def test_other_regions_are_not_in_it(self, client, now):
        case_opened(now, 1, institution__region__code="431122")
        assert len(self.rows(client.get("/admin/queues/cases/?format=csv"))) == 1


def test_pages_go_on_without_counting(client, now):
    for number in range(51):
        case_opened(now, 60 + number)
    with at_most(12):
        html = page(client, "cases")
    assert 'rel="next" href="?page=2"' in html
    assert len(references(client, "cases", "?page=2")) == 1
