"""The workspace of a case: what it shows, each act and each refusal, and that nothing typed is ever lost."""

import html
import re
from dataclasses import dataclass

import pytest
from django.test import Client
from django.urls import reverse

from cases.models import Attribution, EvidenceAccess, Statement
from cases.services import redactions
from cases.states import State
from institutions import clock
from institutions.clock import local_date
from institutions.models import Practitioner, RecordAccess
from tests.factories.attribution import REASONING, Procedure, officers, procedure
from tests.factories.case_file import CaseFileFactory, FindingFactory
from tests.factories.evidence import EvidenceFactory
from tests.factories.practitioner import PractitionerFactory
from tests.factories.registration import RegistrationFactory
from tests.factories.user import officer

pytestmark = pytest.mark.django_db
SHORT = "太短的理由"


@dataclass
class Desk:
    """A browser of an officer at the workspace of one case."""

    client: Client
    walk: Procedure

    @property
    def case(self):
        return self.walk.attribution.case

    @property
    def row(self):
        return Attribution.objects.get(pk=self.walk.attribution.pk)

    def at(self, door):
        return reverse(f"admin:casefile-{door}", args=[self.case.pk])

    def show(self, query=""):
        return self.client.get(self.at("workspace") + query)

    def act(self, move, *, about=True, **sent):
        named = {"attribution": str(self.row.pk)} if about else {}
        return self.client.post(self.at("act"), {"move": move, **named, **sent})

    def form(self, **changes):
        """The form as the page shows it, with changes."""
        page = self.show(f"?person={self.row.pk}").content.decode()
        seen = re.search(r'name="seen" value="([0-9a-f]+)"', page)
        line = self.row.lines.get()
        sent = {
            "attribution": str(self.row.pk),
            "seen": seen[1] if seen else "",
            "lines": "1",
            "line-0-finding": line.finding.key,
            "line-0-clause": line.clause,
            "line-0-degree": line.degree,
            "line-0-points": str(line.points),
            "line-0-reasoning": line.reasoning,
            "line-0-evidence": [piece.key for piece in line.evidence.all()],
        }
        return sent | changes


def text(answer):
    return html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode()))


@pytest.fixture
def desk(client, now):
    return open_desk(client, now)


def open_desk(client, now, state="draft", **draft):
    walk = procedure(state, now=now, line__points=12, line__degree="principal", **draft)
    clock.move_to(walk.now)
    client.force_login(walk.team.inspector)
    return Desk(client, walk)


class TestShown:
    def test_head_matrix_preview_and_course_of_the_case(self, desk):
        shown = text(desk.show())
        case = desk.case
        for expected in (case.number, case.basis.document, case.basis.authority, desk.row.practitioner.name, "D1"):
            assert expected in shown
        assert "0 → 12" in re.sub(r"\s+", " ", shown)
        assert 'name="seen-' in desk.show().content.decode()

    def test_whoever_is_looked_at_may_know_it(self, desk):
        desk.show()
        assert RecordAccess.objects.get(practitioner=desk.row.practitioner).by == desk.walk.team.inspector

    def test_a_case_without_persons_says_what_to_do(self, client, now):
        case = CaseFileFactory()
        client.force_login(officer("inspector"))
        answer = client.get(reverse("admin:casefile-workspace", args=[case.pk]))
        assert answer.status_code == 200
        assert 'id="add-person"' in answer.content.decode()

    def test_moves_that_are_not_possible_say_why(self, desk):
        shown = desk.show(f"?person={desk.row.pk}").content.decode()
        assert 'value="propose"' in shown
        assert 'class="ws-blocked"' in shown
        assert desk.show(f"?person={PractitionerFactory().pk}").status_code == 404

    def test_eight_persons_and_three_findings_open_in_few_queries(self, client, now, django_assert_max_num_queries):
        case, team = CaseFileFactory(), officers()
        findings = [FindingFactory(case=case) for _ in range(3)]
        for number in range(8):
            procedure("proposed", now=now, case=case, team=team, line__finding=findings[number % 3])
        client.force_login(team.inspector)
        page = reverse("admin:casefile-workspace", args=[case.pk])
        client.get(page)
        with django_assert_max_num_queries(33):
            assert client.get(page).status_code == 200


class TestWho:
    def test_foreign_regions_are_not_there_by_any_door(self, client, desk):
        client.force_login(officer("inspector", region="43"))
        for door in ("workspace", "people"):
            assert client.get(desk.at(door)).status_code == 404
        for door in ("preview", "lines", "person", "act"):
            assert client.post(desk.at(door), {"move": "propose"}).status_code == 404
        opening = reverse("admin:casefile-evidence", args=[desk.case.pk, "e1"])
        assert client.post(opening, {"purpose": "x"}).status_code == 404

    def test_who_sees_no_cases_is_refused(self, client, desk):
        client.force_login(officer("publisher"))
        assert client.get(desk.at("workspace")).status_code == 403

    def test_an_auditor_sees_everything_and_changes_nothing(self, client, desk):
        sent = desk.form()
        client.force_login(officer("auditor"))
        assert desk.show(f"?person={desk.row.pk}").status_code == 200
        assert client.post(desk.at("person"), sent).status_code == 403
        assert desk.act("propose").status_code == 403
        assert desk.act("withdraw", **{"withdraw-reason": "x"}).status_code == 403
        assert desk.row.state == State.DRAFT


class TestEditing:
    def test_a_line_is_saved_and_proposed_in_one_go(self, client, desk):
        sent = desk.form(**{"line-0-points": "11", "line-0-degree": "important", "line-0-factors": "self_report"})
        answer = client.post(desk.at("person"), sent | {"then": "propose"})
        assert answer.status_code == 302
        line = desk.row.lines.get()
        assert (desk.row.state, line.points, line.factors) == (State.PROPOSED, 11, ["self_report"])

    def test_nothing_typed_is_lost_on_an_error(self, client, desk):
        answer = client.post(desk.at("person"), desk.form(**{"line-0-reasoning": SHORT, "line-0-points": "7"}))
        page = answer.content.decode()
        assert answer.status_code == 422
        assert SHORT in page
        assert 'value="7"' in page
        assert '<a href="#id_line-0-reasoning">' in page
        assert 'id="id_line-0-reasoning-error"' in page
        assert desk.row.lines.get().reasoning == REASONING

    def test_a_form_without_lines_is_refused(self, client, desk):
        assert client.post(desk.at("person"), desk.form(lines="0")).status_code == 422

    def test_the_second_of_two_officers_is_told_what_changed_and_overwrites_nothing(self, client, desk):
        mine = desk.form(**{"line-0-points": "11"})
        theirs = desk.form(**{"line-0-points": "10", "line-0-degree": "general"})
        client.force_login(officer("inspector"))
        assert client.post(desk.at("person"), theirs).status_code == 302
        client.force_login(desk.walk.team.inspector)
        answer = client.post(desk.at("person"), mine)
        page = answer.content.decode()
        assert answer.status_code == 409
        assert 'class="ws-conflict"' in page
        assert str(answer.context["changed_by"].by) in text(answer)
        assert 'value="11"' in page
        assert desk.row.lines.get().points == 10
        seen = re.search(r'name="seen" value="([0-9a-f]+)"', page)
        assert seen
        assert client.post(desk.at("person"), mine | {"seen": seen[1]}).status_code == 302
        assert desk.row.lines.get().points == 11

    def test_lines_are_added_and_removed_with_what_was_typed_kept(self, client, desk):
        other = FindingFactory(case=desk.case)
        sent = desk.form(**{"line-0-reasoning": SHORT, "add": other.key})
        page = client.post(desk.at("lines"), sent, headers={"HX-Request": "true"})
        assert page["HX-Trigger-After-Swap"] == "redrawn"
        assert f'value="{other.key}"' in page.content.decode()
        assert SHORT in page.content.decode()
        fewer = client.post(desk.at("lines"), desk.form(remove="0")).content.decode()
        assert 'name="lines" value="0"' in fewer
        assert desk.row.lines.count() == 1

    def test_only_clauses_that_the_basis_accepts_are_offered(self, client, now):
        case = CaseFileFactory(basis__kind="agreement_handling", basis__articles=[])
        desk = open_desk(client, now, case=case)
        offered = set(re.findall(r'<option value="([A-D]\d)"', desk.show(f"?person={desk.row.pk}").content.decode()))
        assert {"A1"} < offered
        assert "D2" not in offered


class TestAddingPersons:
    def test_the_staff_of_the_institution_come_first_and_pinyin_finds(self, client, desk):
        spell = RegistrationFactory(institution=desk.case.institution, practitioner__name="乌云其木格")
        RegistrationFactory(practitioner__name="乌云高娃")
        staff = client.get(desk.at("people")).content.decode()
        assert "乌云其木格" in staff
        assert "乌云高娃" not in staff
        found = client.get(desk.at("people"), {"q": "乌云"}).content.decode()
        assert found.index("乌云其木格") < found.index("乌云高娃")
        Practitioner.objects.filter(pk=spell.practitioner_id).update(pinyin="wuyunqimuge", initials="wyqmg")
        assert "乌云其木格" in client.get(desk.at("people"), {"q": "wyqmg"}).content.decode()
        assert spell.practitioner.slug in staff

    def test_a_person_is_added_with_a_first_line(self, client, desk):
        person = RegistrationFactory(institution=desk.case.institution).practitioner
        assert desk.show(f"?new={person.slug}").status_code == 200
        sent = desk.form() | {"practitioner": person.slug, "attribution": "", "seen": ""}
        assert client.post(desk.at("person"), sent).status_code == 302
        assert Attribution.objects.get(practitioner=person).state == State.DRAFT
        assert client.post(desk.at("person"), sent).status_code == 409

    def test_somebody_on_no_roster_is_entered_provisionally_with_the_draft(self, client, desk):
        assert desk.show("?provisional=1").status_code == 200
        sent = desk.form() | {"attribution": "", "seen": "", "provisional": "1", "name": "", "category": "nurse"}
        assert client.post(desk.at("person"), sent).status_code == 422
        assert not Practitioner.objects.filter(is_provisional=True).exists()
        assert client.post(desk.at("person"), sent | {"name": "陌某生"}).status_code == 302
        person = Practitioner.objects.get(is_provisional=True)
        assert (person.name, person.attributions.get().state) == ("陌某生", State.DRAFT)


class TestPreview:
    def test_the_form_is_previewed_without_being_saved(self, client, desk):
        sent = desk.form(**{"line-0-points": "", "line-0-degree": "general"})
        page = client.post(desk.at("preview"), sent).content.decode()
        assert 'hx-swap-oob="true"' in page
        assert "<b>10</b>" in page
        assert 'data-suggested="10"' in page
        assert desk.row.lines.get().points == 12

    def test_circumstances_explain_the_suggestion(self, client, desk):
        page = client.post(desk.at("preview"), desk.form(**{"line-0-factors": "self_report"})).content.decode()
        assert "12 → 11" in page
        assert 'data-suggested="11"' in page

    def test_a_new_person_is_previewed_too(self, client, desk):
        person = PractitionerFactory(name="新某人")
        sent = desk.form() | {"practitioner": person.slug, "attribution": ""}
        assert "新某人" in client.post(desk.at("preview"), sent).content.decode()
        unknown = desk.form() | {"attribution": "", "provisional": "1", "name": "陌某生", "category": "nurse"}
        assert "陌某生" in client.post(desk.at("preview"), unknown).content.decode()

    def test_another_day_moves_the_dates(self, client, desk):
        assert "2025-09-02" in client.post(desk.at("preview"), {"on": "2025-09-01"}).content.decode()
        assert client.post(desk.at("preview"), {"on": "never"}).status_code == 200


class TestActs:
    def test_several_are_proposed_and_told_at_once(self, client, desk):
        other = procedure("draft", now=desk.walk.now, case=desk.case, team=desk.walk.team).attribution
        chosen = {"chosen": [str(desk.row.pk), str(other.pk)]}
        assert desk.act("propose_several", about=False, **chosen).status_code == 302
        how = {"serve_several-method": "post", "serve_several-proof": "EMS 1"}
        how["serve_several-served_on"] = local_date(desk.walk.now).isoformat()
        assert desk.act("serve_several", about=False, **chosen, **how).status_code == 302
        assert {row.state for row in Attribution.objects.all()} == {State.INTENT_SERVED}

    def test_a_refusal_names_the_person_and_keeps_what_was_typed(self, desk):
        how = {"serve_several-method": "post", "serve_several-proof": "EMS 收据 7788"}
        how["serve_several-served_on"] = local_date(desk.walk.now).isoformat()
        answer = desk.act("serve_several", about=False, chosen=[str(desk.row.pk)], **how)
        page = answer.content.decode()
        assert answer.status_code == 409
        assert "EMS 收据 7788" in page
        assert desk.row.practitioner.name in page

    def test_a_mistake_is_withdrawn_and_taken_up_again(self, desk):
        assert desk.act("withdraw").status_code == 422
        assert desk.act("withdraw", **{"withdraw-reason": "认错了人。"}).status_code == 302
        assert desk.row.state == State.SET_ASIDE
        assert desk.act("withdraw", **{"withdraw-reason": "认错了人。"}).status_code == 409
        assert desk.act("resume").status_code == 302
        assert desk.row.state == State.DRAFT

    def test_a_statement_is_recorded_and_answered(self, client, now):
        desk = open_desk(client, now, State.INTENT_SERVED)
        said = {"record_statement-text": "本人不在岗。"}
        said["record_statement-received_on"] = local_date(desk.walk.now).isoformat()
        assert desk.act("record_statement", **said).status_code == 302
        client.force_login(desk.walk.team.approver)
        statement = Statement.objects.get()
        answer = {"answer_statement-statement": statement.pk, "answer_statement-answer": "考勤显示在岗。"}
        assert desk.act("answer_statement", **answer).status_code == 302
        assert desk.act("answer_statement", **answer | {"answer_statement-statement": 99}).status_code == 404
        statement.refresh_from_db()
        assert statement.answer == "考勤显示在岗。"

    def test_what_was_told_is_returned_for_changes(self, client, now):
        desk = open_desk(client, now, State.INTENT_SERVED)
        assert desk.act("return", **{"return-reason": "补充证据。"}).status_code == 302
        assert desk.row.state == State.PROPOSED

    def test_cases_of_one_institution_are_linked_from_either_side(self, client, desk):
        other = CaseFileFactory(institution=desk.case.institution)
        foreign = CaseFileFactory()
        sent = {"link-other": foreign.number, "link-reason": "同一行为。"}
        assert desk.act("link", about=False, **sent).status_code == 422
        assert desk.act("link", about=False, **sent | {"link-other": other.number}).status_code == 302
        assert other.number in text(desk.show())
        assert desk.case.number in text(client.get(reverse("admin:casefile-workspace", args=[other.pk])))

    def test_an_unknown_act_or_somebody_of_another_case_is_not_there(self, client, desk, now):
        assert desk.act("promote").status_code == 404
        foreign = procedure("draft", now=now).attribution
        assert client.post(desk.at("act"), {"move": "propose", "attribution": str(foreign.pk)}).status_code == 404
        assert client.post(desk.at("person"), desk.form() | {"attribution": str(foreign.pk)}).status_code == 404


class TestEvidence:
    def door(self, desk, piece):
        return reverse("admin:casefile-evidence", args=[desk.case.pk, piece.key])

    def test_nothing_is_shown_before_the_opening_is_written_down(self, client, desk):
        piece = EvidenceFactory(case=desk.case)
        assert client.post(self.door(desk, piece), {"purpose": " "}).status_code == 422
        assert not EvidenceAccess.objects.exists()
        answer = client.post(self.door(desk, piece), {"purpose": "责任认定"})
        assert answer.status_code == 200
        opened = EvidenceAccess.objects.get()
        assert (opened.purpose, opened.opened_by, opened.hash_matched) == ("责任认定", desk.walk.team.inspector, True)
        assert "sandbox" in answer["Content-Security-Policy"]
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "no-store" in answer["Cache-Control"]
        assert client.get(self.door(desk, piece)).status_code == 405
        assert "责任认定" in text(desk.show())

    def test_a_changed_file_is_not_shown_and_the_attempt_is_on_record(self, client, desk, media):
        piece = EvidenceFactory(case=desk.case)
        (media / piece.file.name).chmod(0o600)
        (media / piece.file.name).write_bytes(b"x")
        assert client.post(self.door(desk, piece), {"purpose": "核对"}).status_code == 409
        assert not EvidenceAccess.objects.get().hash_matched

    def test_a_redacted_copy_is_opened_with_its_own_line(self, client, desk):
        piece = EvidenceFactory(case=desk.case)
        copy = redactions.add_redacted_copy(
            evidence=piece, file_name="脱敏.txt", content="仅本人部分。".encode(), taken_out="患者姓名。",
            by=desk.walk.team.inspector, now=desk.walk.now,
        )  # fmt: skip
        answer = client.post(self.door(desk, piece), {"copy": str(copy.pk)})
        assert answer.content.decode() == "仅本人部分。"
        assert copy.openings.count() == 1
        assert client.post(self.door(desk, piece), {"copy": "1"}).status_code == 404

    def test_who_may_not_see_evidence_is_refused(self, client, desk):
        piece = EvidenceFactory(case=desk.case)
        client.force_login(officer("publisher"))
        assert client.post(self.door(desk, piece), {"purpose": "x"}).status_code == 403
