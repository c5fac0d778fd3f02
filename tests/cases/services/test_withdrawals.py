"""Withdrawing a mistake before anybody was told of it, and taking it up again."""

import pytest
from django.db import DatabaseError, transaction

from cases.models import Attribution
from cases.services import attributions, letters
from cases.states import State
from institutions.errors import Forbidden, RuleRefused, WrongState
from institutions.models import AuditEvent, Notice
from scoring.models import PointsEntry
from tests.cases.last_write import LastWriteError, fail_on
from tests.factories.attribution import procedure

pytestmark = pytest.mark.django_db
REASON = "认错了人,责任人为同名同姓的另一位医师。"


def withdraw(walk, reason=REASON, by=None):
    return attributions.withdraw(
        attribution=walk.attribution, reason=reason, by=by or walk.team.inspector, now=walk.now
    )


def resume(walk, by=None):
    return attributions.resume(attribution=walk.attribution, by=by or walk.team.inspector, now=walk.now)


@pytest.mark.parametrize("state", [State.DRAFT, State.PROPOSED])
def test_a_mistake_is_withdrawn_with_its_reason_and_nobody_is_told(state, now):
    walk = procedure(state, now=now)
    withdrawn = withdraw(walk)
    assert (withdrawn.state, withdrawn.set_aside_reason) == (State.SET_ASIDE, REASON)
    event = AuditEvent.objects.get(action="attribution.withdrawn")
    assert (event.by, event.reason, event.detail["from"]) == (walk.team.inspector, REASON, state)
    assert not Notice.objects.exists()
    assert not PointsEntry.objects.exists()


def test_what_was_withdrawn_is_taken_up_again_as_a_draft(now):
    walk = procedure(State.PROPOSED, now=now)
    withdraw(walk)
    resumed = resume(walk)
    assert (resumed.state, resumed.set_aside_at, resumed.set_aside_reason) == (State.DRAFT, None, "")
    assert AuditEvent.objects.get(action="attribution.resumed").detail["had_been_withdrawn"] == REASON
    again = attributions.propose(attribution=resumed, by=walk.team.inspector, now=now)
    assert again.proposals.count() == 2


def test_who_was_told_is_owed_a_decision(now):
    walk = procedure(State.INTENT_SERVED, now=now)
    with pytest.raises(WrongState):
        withdraw(walk)
    attributions.return_for_changes(attribution=walk.attribution, reason="补充证据。", by=walk.team.inspector, now=now)
    with pytest.raises(WrongState):
        withdraw(walk)
    assert Attribution.objects.get().state == State.PROPOSED


def test_a_letter_on_its_way_cannot_be_left_alone(now):
    walk = procedure(State.PROPOSED, now=now)
    letters.issue_intent(attribution=walk.attribution, by=walk.team.inspector, now=now)
    with pytest.raises(WrongState):
        withdraw(walk)


def test_nothing_effective_is_touched(now):
    walk = procedure(State.EFFECTIVE, now=now)
    with pytest.raises(WrongState):
        withdraw(walk)
    assert Attribution.objects.get().state == State.EFFECTIVE


def test_what_an_annulment_ended_is_not_taken_up_again(now):
    walk = procedure(State.SET_ASIDE, now=now)
    with pytest.raises(WrongState) as refused:
        resume(walk)
    assert refused.value.next_step
    with pytest.raises(DatabaseError, match="only_a_court_revives"), transaction.atomic():
        Attribution.objects.update(state="draft", set_aside_at=None, set_aside_by=None, set_aside_reason="")


def test_a_withdrawn_one_stays_when_the_basis_is_annulled(now):
    walk = procedure(State.DRAFT, now=now)
    withdraw(walk)
    attributions.annul_basis(
        case=walk.attribution.case,
        annulled_on=walk.attribution.case.basis.decided_on,
        reason="复议撤销。",
        by=walk.team.approver,
        now=now,
    )
    with pytest.raises(WrongState):
        resume(walk)


def test_a_reason_is_required(now):
    with pytest.raises(RuleRefused):
        withdraw(procedure(State.DRAFT, now=now), reason="  ")


def test_whoever_may_not_propose_withdraws_and_resumes_nothing(now):
    walk = procedure(State.DRAFT, now=now)
    with pytest.raises(Forbidden):
        withdraw(walk, by=walk.team.approver)
    withdraw(walk)
    with pytest.raises(Forbidden):
        resume(walk, by=walk.team.approver)


def test_nothing_remains_where_the_record_of_the_act_fails(now, monkeypatch):
    walk = procedure(State.DRAFT, now=now)
    fail_on(monkeypatch, "cases.services.withdrawals.audit.record_event")
    with pytest.raises(LastWriteError):
        withdraw(walk)
    assert Attribution.objects.get().state == State.DRAFT
