"""F53, F57 and experts: whoever had a hand in a decision does not hear the appeal; questions stop the clock."""

import pytest
from django.db import IntegrityError, transaction

from cases.errors import OfficerInvolved, OfficerNeeded
from cases.models import Appeal, AppealMessage, ConflictDeclaration, ExpertOpinion
from cases.selectors.involvement import people_involved
from cases.services import appeals, attributions
from cases.states import State as DecisionState
from cases.states.appeal import State
from institutions.clock import local_date
from institutions.errors import Forbidden, RuleRefused, WrongState
from institutions.models import AuditEvent, Notice, NoticeKind
from institutions.selectors import calendar
from scoring.models import AccountEvent
from tests.cases.last_write import LastWriteError, fail_on
from tests.factories.appeal import hearing
from tests.factories.attribution import officers, procedure
from tests.factories.user import assign, officer

pytestmark = pytest.mark.django_db


def as_appeal_officer(user):
    return assign(user, "appeal_officer")


def with_everybody(now):
    """A decision in which a different officer did each thing; return the procedure and them by what they did."""
    walk = procedure(
        DecisionState.PROPOSED, now=now, team=officers(), line__points=4, countersign_reason="按当地清单。"
    )
    people = {name: officer(role) for name, role in HANDS.items()}
    it, day = walk.attribution, local_date(now)
    attributions.countersign(attribution=it, reason="同意。", by=people["countersigned"], now=now)
    attributions.serve_intent(attribution=it, served_on=day, method="post", proof="1", by=people["told"], now=now)
    statement = attributions.record_statement(
        attribution=it, text="我有异议。", received_at=now, by=people["put the statement down"], now=now
    )
    attributions.answer_statement(statement=statement, answer="不予采纳。", by=people["answered"], now=now)
    attributions.decide(attribution=it, outcome="decided", reasons="属实。", by=people["decided"], now=now)
    attributions.serve_decision(attribution=it, served_on=day, method="post", proof="2", by=people["served"], now=now)
    attributions.make_effective(attribution=it, now=now)
    walk.attribution.refresh_from_db()
    return walk, people | {"proposed": walk.team.inspector}


HANDS = {
    "countersigned": "approver",
    "told": "inspector",
    "put the statement down": "inspector",
    "answered": "approver",
    "decided": "approver",
    "served": "inspector",
}


class TestAssignment:
    def test_everybody_who_had_a_hand_in_it_is_refused_by_the_service_and_by_the_database(self, now):
        walk, people = with_everybody(now)
        heard = hearing(State.FILED, now=now, walk=walk)
        assert set(people_involved(walk.attribution)) == {user.pk for user in people.values()}
        for hand, user in people.items():
            with pytest.raises(OfficerInvolved) as refused:
                appeals.assign(appeal=heard.appeal, to=as_appeal_officer(user), by=heard.officer, now=now)
            assert refused.value.status == 403, hand
            with pytest.raises(IntegrityError, match="appeal_officer_touched_nothing_before"), transaction.atomic():
                Appeal.objects.filter(pk=heard.appeal.pk).update(assigned_to=user, assigned_at=now)
            assert heard.appeal.assigned_to is None

    def test_one_who_only_changed_the_lines_is_refused_too(self, now):
        walk = procedure(DecisionState.PROPOSED, now=now)
        reviewer = officer("approver")
        attributions.serve_intent(
            attribution=walk.attribution, served_on=local_date(now), method="post", proof="1",
            by=walk.team.inspector, now=now,
        )  # fmt: skip
        attributions.return_for_changes(attribution=walk.attribution, reason="补充证据。", by=reviewer, now=now)
        walk.attribution.refresh_from_db()
        walk.serve_intent().wait().decide().serve().make_effective()
        heard = hearing(State.FILED, now=now, walk=walk)
        with pytest.raises(OfficerInvolved):
            appeals.assign(appeal=heard.appeal, to=as_appeal_officer(reviewer), by=heard.officer, now=now)
        with pytest.raises(IntegrityError, match="appeal_officer_touched_nothing_before"), transaction.atomic():
            Appeal.objects.filter(pk=heard.appeal.pk).update(assigned_to=reviewer, assigned_at=now)

    def test_the_officer_must_be_one_who_may_decide_in_the_region(self, now):
        heard = hearing(State.FILED, now=now)
        for other in (officer("appeal_officer", region="99"), officer("inspector")):
            with pytest.raises(RuleRefused):
                appeals.assign(appeal=heard.appeal, to=other, by=heard.officer, now=now)

    def test_whoever_assigns_needs_the_right_to(self, now):
        heard = hearing(State.FILED, now=now)
        for other in (officer("appeal_officer", region="99"), officer("approver")):
            with pytest.raises(Forbidden):
                appeals.assign(appeal=heard.appeal, to=heard.officer, by=other, now=now)

    def test_it_can_be_given_to_another_and_the_same_again_changes_nothing(self, now):
        heard = hearing(State.ACCEPTED, now=now)
        heard.assign()
        other = officer("appeal_officer")
        appeals.assign(appeal=heard.appeal, to=other, by=heard.officer, now=now)
        assert heard.appeal.assigned_to == other
        assert AuditEvent.objects.filter(action="appeal.assigned").count() == 2
        with pytest.raises(OfficerInvolved):
            heard.decide()

    def test_when_the_last_write_fails_nothing_remains(self, now, monkeypatch):
        heard = hearing(State.FILED, now=now)
        fail_on(monkeypatch, "cases.services.appeal_moves.audit.record_event")
        with pytest.raises(LastWriteError):
            heard.assign()
        assert heard.appeal.assigned_to is None


class TestAcceptance:
    def test_only_the_assigned_officer_accepts(self, now):
        heard = hearing(State.FILED, now=now)
        with pytest.raises(WrongState) as refused:
            heard.accept()
        assert (refused.value.status, refused.value.state) == (409, State.FILED)
        heard.assign()
        with pytest.raises(OfficerInvolved):
            appeals.accept(appeal=heard.appeal, by=officer("appeal_officer"), now=now)
        with pytest.raises(Forbidden):
            appeals.accept(appeal=heard.appeal, by=officer("approver"), now=now)
        with pytest.raises(OfficerNeeded):
            appeals.accept(appeal=heard.appeal, by=None, now=now)
        heard.accept().accept()
        assert AccountEvent.objects.filter(kind="stay").count() == 1
        told = Notice.objects.filter(kind=NoticeKind.APPEAL, payload__step="accepted")
        assert [notice.practitioner for notice in told] == [heard.walk.attribution.practitioner]

    def test_when_the_last_write_fails_nothing_remains(self, now, monkeypatch):
        heard = hearing(State.FILED, now=now).assign()
        fail_on(monkeypatch, "cases.services.appeal_notices.notices.queue_notice")
        with pytest.raises(LastWriteError):
            heard.accept()
        assert heard.appeal.state == State.FILED
        assert not AccountEvent.objects.filter(kind="stay").exists()


class TestQuestions:
    def test_the_person_is_told_the_question_and_the_day(self, now):
        heard = hearing(State.AWAITING_ANSWER, now=now)
        due = calendar.deadline(local_date(heard.now), 5).on
        told = Notice.objects.get(kind=NoticeKind.APPEAL, payload__step="question")
        assert told.payload["question"] == "当日考勤由谁记录?"
        assert told.payload["answer_due_on"] == due.isoformat()
        assert told.payload["decision_due_on"] == ""
        assert told.institution is None

    def test_only_the_assigned_officer_asks_and_something(self, now):
        heard = hearing(State.ACCEPTED, now=now)
        with pytest.raises(OfficerInvolved):
            appeals.ask(appeal=heard.appeal, text="?", by=officer("appeal_officer"), now=now)
        with pytest.raises(RuleRefused):
            heard.ask("  ")
        assert heard.appeal.state == State.ACCEPTED

    def test_the_officer_may_go_on_without_an_answer(self, now):
        heard = hearing(State.AWAITING_ANSWER, now=now)
        left = heard.appeal.decide_days_left
        heard.later(2)
        with pytest.raises(OfficerInvolved):
            appeals.resume(appeal=heard.appeal, by=officer("appeal_officer"), now=heard.now)
        appeals.resume(appeal=heard.appeal, by=heard.officer, now=heard.now)
        assert heard.appeal.state == State.ACCEPTED
        assert heard.appeal.decision_due_on == calendar.deadline(local_date(heard.now), left).on

    def test_when_the_last_write_fails_nothing_remains(self, now, monkeypatch):
        heard = hearing(State.ACCEPTED, now=now)
        before = heard.appeal.decision_due_on
        fail_on(monkeypatch, "cases.services.appeal_notices.notices.queue_notice")
        with pytest.raises(LastWriteError):
            heard.ask()
        assert (heard.appeal.state, heard.appeal.decision_due_on) == (State.ACCEPTED, before)
        assert not AppealMessage.objects.exists()


class TestExperts:
    def test_an_opinion_follows_a_declaration_without_conflict(self, now):
        heard = hearing(State.ACCEPTED, now=now)
        declared = heard.declare()
        assert heard.declare() == declared
        opinion = heard.opine()
        assert heard.opine() == opinion
        assert list(heard.appeal.opinions.all()) == [opinion]

    def test_no_opinion_without_one_nor_with_a_conflict(self, now):
        heard = hearing(State.ACCEPTED, now=now)
        with pytest.raises(WrongState) as refused:
            heard.opine()
        assert refused.value.state == "undeclared"
        declared = heard.declare(has_conflict=True)
        with pytest.raises(WrongState) as refused:
            heard.opine()
        assert refused.value.state == "conflict"
        with pytest.raises(IntegrityError, match="opinion_needs_a_declaration"), transaction.atomic():
            ExpertOpinion.objects.create(
                appeal=heard.appeal, declaration=declared, text="x", given_at=now, recorded_by=heard.expert
            )
        assert not ExpertOpinion.objects.exists()

    def test_neither_is_ever_edited(self, now):
        heard = hearing(State.ACCEPTED, now=now)
        heard.declare()
        with pytest.raises(WrongState):
            heard.declare(has_conflict=True)
        heard.opine()
        with pytest.raises(WrongState):
            appeals.attach_opinion(appeal=heard.appeal, text="另一种意见。", by=heard.expert, now=now)

    def test_whoever_had_a_hand_in_it_or_hears_it_is_no_expert(self, now):
        heard = hearing(State.ACCEPTED, now=now)
        for other in (heard.walk.team.inspector, heard.walk.team.approver, heard.officer):
            heard.expert = assign(other, "expert")
            with pytest.raises(OfficerInvolved):
                heard.declare()
            with pytest.raises(IntegrityError, match="expert_has_no_other_part"), transaction.atomic():
                ConflictDeclaration.objects.create(
                    appeal=heard.appeal, expert=other, has_conflict=False, text="x", declared_at=now
                )

    def test_an_expert_does_not_decide_the_appeal_later(self, now):
        heard = hearing(State.ACCEPTED, now=now)
        heard.declare()
        with pytest.raises(OfficerInvolved):
            appeals.assign(appeal=heard.appeal, to=as_appeal_officer(heard.expert), by=heard.officer, now=now)

    def test_only_experts_speak_as_experts(self, now):
        heard = hearing(State.ACCEPTED, now=now)
        heard.expert = officer("appeal_officer")
        with pytest.raises(Forbidden):
            heard.declare()
        with pytest.raises(Forbidden):
            heard.opine()

    @pytest.mark.parametrize("act", ["declare", "opine"])
    def test_when_the_last_write_fails_nothing_remains(self, now, monkeypatch, act):
        heard = hearing(State.ACCEPTED, now=now)
        if act == "opine":
            heard.declare()
        before = ConflictDeclaration.objects.count(), ExpertOpinion.objects.count()
        fail_on(monkeypatch, "cases.services.appeal_moves.audit.record_event")
        with pytest.raises(LastWriteError):
            getattr(heard, act)()
        assert (ConflictDeclaration.objects.count(), ExpertOpinion.objects.count()) == before
