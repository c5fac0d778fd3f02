"""The second officer's page: everything in front of them, every move possible now or saying why; several at once."""

import pytest
from django.test import Client

from cases.models import Attribution, PreviewOpening
from cases.selectors.openings import shown_digest
from cases.selectors.previews import preview
from cases.services import attributions, bulk_decisions
from cases.services.lines import LineInput
from cases.states import State
from institutions import clock
from institutions.clock import local_date
from institutions.errors import Invalid, NotThere
from institutions.models import Notice
from tests.cases.planted import only_nurses
from tests.factories.attribution import REASONING, days_later, procedure
from tests.factories.user import assign, officer

pytestmark = pytest.mark.django_db
SEVERAL = "/admin/cases/attribution/decide-several/"


def client_of(user, language="en") -> Client:
    client = Client(headers={"Accept-Language": language})
    client.force_login(user)
    return client


def page_of(walk):
    return f"/admin/cases/attribution/{walk.attribution.pk}/decide/"


def look(walk, by=None):
    return client_of(by or walk.team.approver).get(page_of(walk))


def send(walk, move, by=None, **fields):
    sent = {"move": move, **{f"{move.removeprefix('letter-')}-{name}": value for name, value in fields.items()}}
    return client_of(by or walk.team.approver).post(page_of(walk), sent)


def state_of(walk):
    return Attribution.objects.get(pk=walk.attribution.pk).state


@pytest.fixture
def heard(now):
    walk = procedure(State.INTENT_SERVED, now=now, line__points=12, line__degree="principal").wait()
    clock.move_to(walk.now)
    return walk


class TestPage:
    def test_shows_effect_lines_evidence_proposals_and_statement(self, heard):
        page = look(heard).content.decode()
        line = heard.attribution.lines.get()
        for text in ("12 points", "Termination", line.finding.title, "Proposal 1: 12 points", "Nothing was said"):
            assert text in page
        assert line.evidence.get().title in page

    def test_shows_what_an_edit_changed_and_which_signature_it_voided(self, now):
        walk = procedure(State.PROPOSED, now=now, line__clause="D1", line__points=9)
        attributions.countersign(attribution=walk.attribution, reason="按当地清单。", by=walk.team.approver, now=now)
        line = walk.attribution.lines.get()
        keys = tuple(line.evidence.values_list("key", flat=True))
        changed = [LineInput(line.finding.key, "D1", "important", 11, REASONING, None, keys)]
        attributions.edit_lines(attribution=walk.attribution, lines=changed, months=6, by=walk.team.inspector, now=now)
        page = look(walk).content.decode()
        assert "<del>9</del> → <ins>11</ins>" in page
        assert "void since proposal 2" in page
        assert "<s>–</s> → <strong>6</strong>" in page

    def test_the_letter_is_read_before_deciding_and_nothing_is_written(self, heard):
        before = Notice.objects.count()
        for language, text in (("en", "Read in full"), ("zh-hans", "逐份雷同的证据属实")):
            answer = client_of(heard.team.approver).post(
                page_of(heard) + f"?language={language}",
                {"move": "letter-decide", "decide-reasons": text},
                headers={"HX-Request": "true"},
            )
            assert answer.status_code == 200
            assert text in answer.content.decode()
        assert (Notice.objects.count(), state_of(heard)) == (before, "intent_served")
        assert send(heard, "letter-reject", reasons="x").status_code == 200

    def test_another_region_finds_nothing(self, heard):
        assert look(heard, officer("approver", region="43")).status_code == 404

    def test_an_auditor_reads_and_can_do_nothing(self, heard):
        page = look(heard, officer("auditor")).content.decode()
        assert page.count("Not now:") == 4
        assert send(heard, "decide", by=officer("auditor"), reasons="x").status_code == 403


class TestMoves:
    def test_decide_with_reasons(self, heard):
        assert send(heard, "decide", reasons="").status_code == 422
        assert send(heard, "decide", reasons="属实。").status_code == 302
        assert state_of(heard) == "decided"

    def test_reject_with_reasons(self, heard):
        assert send(heard, "reject", reasons="证据不足。").status_code == 302
        assert state_of(heard) == "rejected"

    def test_return_with_reasons(self, heard):
        assert send(heard, "return", reason="请补充证据。").status_code == 302
        assert state_of(heard) == "proposed"

    def test_countersign_what_is_outside_the_range(self, now):
        walk = procedure(State.INTENT_SERVED, now=now, line__clause="D1", line__points=9).wait()
        clock.move_to(walk.now)
        assert "Countersignature: why" in look(walk).content.decode()
        assert send(walk, "countersign", reason="按当地清单。").status_code == 302
        assert "Countersignature: why" not in look(walk).content.decode()
        assert send(walk, "decide", reasons="属实。").status_code == 302

    def test_the_proposer_never_decides(self, heard):
        assign(heard.team.inspector, "approver")
        assert "You proposed this attribution" in look(heard, heard.team.inspector).content.decode()
        assert send(heard, "decide", by=heard.team.inspector, reasons="x").status_code == 403
        assert state_of(heard) == "intent_served"

    @pytest.mark.parametrize("move", ["decide", "reject", "return"])
    def test_the_wrong_state_is_a_conflict(self, heard, move):
        heard.decide()
        field = "reason" if move == "return" else "reasons"
        assert send(heard, move, **{field: "x"}).status_code == 409
        assert state_of(heard) == "decided"

    def test_before_the_window_ends_the_page_says_until_when(self, now):
        walk = procedure(State.INTENT_SERVED, now=now)
        clock.move_to(walk.now)
        assert "The person may state their side until" in look(walk).content.decode()

    def test_a_question_is_answered_on_the_page_and_then_it_can_be_decided(self, now):
        walk = only_nurses(now)
        clock.move_to(walk.now)
        page = look(walk).content.decode()
        assert "2 questions wait for an answer" in page
        assert send(walk, "decide", reasons="属实。").status_code == 422
        for _ in range(2):
            shown = look(walk).context["concerns"]
            item = next(one for one in shown if one.waits)
            sent = {"key": item.key, "digest": item.digest, "text": "已查明,由医院财务科一人指使,另案处理。"}
            address = f"/admin/cases/casefile/{walk.attribution.case_id}/questions/"
            part = client_of(walk.team.approver).post(address, sent, headers={"HX-Request": "true"})
            assert part.content.decode().lstrip().startswith('<section id="questions"')
        assert send(walk, "decide", reasons="属实。").status_code == 302


class TestSeveral:
    def several(self, by, chosen, reasons="属实。"):
        return client_of(by).post(
            SEVERAL, {"chosen": [str(walk.attribution.pk) for walk in chosen], "reasons": reasons}
        )

    def test_only_what_was_opened_is_decided_and_the_rest_is_named(self, heard, now):
        other = procedure(State.INTENT_SERVED, now=now, team=heard.team).wait()
        look(heard)
        page = self.several(heard.team.approver, [heard, other]).content.decode()
        assert (state_of(heard), state_of(other)) == ("decided", "intent_served")
        assert f"You have not opened the preview of {other.attribution.case.number}" in page

    def test_an_opening_counts_for_the_version_that_was_shown(self, heard):
        look(heard)
        look(heard)
        assert PreviewOpening.objects.count() == 1
        line = heard.attribution.lines.get()
        keys = tuple(line.evidence.values_list("key", flat=True))
        softer = [LineInput(line.finding.key, "D1", "important", 11, REASONING, None, keys)]
        attributions.edit_lines(
            attribution=heard.attribution, lines=softer, months=None, by=heard.team.inspector, now=heard.now
        )
        page = client_of(heard.team.approver).get(SEVERAL).content.decode()
        assert "Open it first" in page
        self.several(heard.team.approver, [heard])
        assert state_of(heard) == "intent_served"

    def test_an_opening_is_void_when_the_effect_changes_though_the_proposal_does_not(self, now):
        walk = procedure(State.INTENT_SERVED, now=now).wait()
        person, on = walk.attribution.practitioner, local_date(walk.now)
        before = shown_digest(walk.attribution, preview(walk.attribution, on=on))
        procedure(State.EFFECTIVE, now=now, practitioner=person, line__points=10)
        assert shown_digest(walk.attribution, preview(walk.attribution, on=on)) != before

    def test_an_opening_by_somebody_else_does_not_count(self, heard):
        look(heard, officer("approver"))
        self.several(heard.team.approver, [heard])
        assert state_of(heard) == "intent_served"

    def test_what_does_not_wait_for_this_officer_is_not_listed(self, heard, now):
        early = procedure(State.INTENT_SERVED, now=days_later(heard.now, 0))
        assign(heard.team.inspector, "approver")
        rows = client_of(heard.team.approver).get(SEVERAL).context["rows"]
        assert [row.attribution for row in rows] == [heard.attribution]
        assert early.attribution not in [row.attribution for row in rows]
        assert client_of(heard.team.inspector).get(SEVERAL).context["rows"] == []

    def test_who_does_not_decide_has_no_such_page(self, heard):
        assert client_of(heard.team.inspector).get(SEVERAL).status_code == 403

    def test_an_auditor_sees_what_waits_and_decides_nothing(self, heard):
        client = client_of(officer("auditor"))
        page = client.get(SEVERAL)
        assert [row.attribution for row in page.context["rows"]] == [heard.attribution]
        assert "Your roles let you look, not work here." in page.content.decode()
        assert client.post(SEVERAL, {"chosen": [str(heard.attribution.pk)], "reasons": "x"}).status_code == 403

    def test_an_empty_choice_and_a_foreign_one_are_refused_whole(self, heard):
        def decide(by, chosen):
            bulk_decisions.decide_several(chosen=chosen, reasons="属实。", by=by, now=heard.now)

        with pytest.raises(Invalid):
            decide(heard.team.approver, [])
        with pytest.raises(NotThere):
            decide(officer("approver", region="43"), [heard.attribution.pk])
        assert self.several(heard.team.approver, []).status_code == 422
