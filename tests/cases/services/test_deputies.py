"""Two officers, also during leave: a deputy and whom they stand in for count as one person (ADR 0051)."""

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F

from cases.errors import OfficerInvolved, TwoOfficerRule
from cases.models import (
    Appeal,
    Attribution,
    ConcernAnswer,
    Countersignature,
    DecisionHold,
    RepairApplication,
    ReregistrationApplication,
    TypicalCase,
)
from cases.selectors import appeals as appeal_rows
from cases.selectors.waiting_decisions import waiting_decisions
from cases.services import appeals, attributions, legal_moves, repair_decisions, reregistrations, typical_cases
from cases.states import Action, State
from institutions import clock
from institutions.models import AuditEvent, PractitionerMerge
from institutions.services import delegations
from scoring.models import DraftState, RulebookDraft
from scoring.services import merging
from scoring.services.merging import SecondOfficerNeeded
from tests.cases.planted import only_nurses
from tests.factories.attribution import Officers, answer_questions, officers, procedure
from tests.factories.delegation import stand_in
from tests.factories.practitioner import PractitionerFactory
from tests.factories.repair import registering, repairing
from tests.factories.typical_case import DraftedCaseFactory
from tests.factories.user import assign, officer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def decide(walk, by):
    attributions.decide(attribution=walk.attribution, outcome="decided", reasons="事实清楚", by=by, now=walk.now)


@contextmanager
def refused_by(rule):
    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        yield


@pytest.fixture
def told(now):
    """Proposed by the inspector, told, and the window is over; the clock stands there."""
    walk = procedure(State.INTENT_SERVED, now=now).wait()
    clock.move_to(walk.now)
    return walk


class TestAttributions:
    def test_a_deputy_does_not_decide_what_whom_they_stand_in_for_proposed(self, told):
        """Not by the roles handed on, and not by a role of their own."""
        away = assign(told.team.inspector, "approver")
        for deputy in (officer("publisher"), officer("approver")):
            made = stand_in(deputy, away, now=told.now)
            with pytest.raises(TwoOfficerRule, match=f"You stand in for {away.username}") as refused:
                decide(told, deputy)
            assert refused.value.status == 403
            assert "count as one person" in legal_moves.reason_against(
                Action.DECIDE, told.attribution, by=deputy, now=told.now
            )
            assert told.attribution not in [item.attribution for item in waiting_decisions(deputy, now=told.now)]
            delegations.withdraw(delegation=made, reason="提前返岗", by=away, now=told.now)

    def test_once_it_is_over_they_decide_by_a_role_of_their_own(self, told):
        deputy = told.team.approver
        made = stand_in(deputy, told.team.inspector, now=told.now)
        delegations.withdraw(delegation=made, reason="提前返岗", by=deputy, now=told.now)
        told.now += timedelta(minutes=1)
        assert told.decide().attribution.decided_by == deputy

    def test_who_is_away_does_not_decide_what_was_proposed_in_their_name(self, now):
        """And nobody who stands in for them by then either; afterwards as well as during the leave."""
        away = assign(officer("inspector"), "approver")
        deputy = officer("publisher")
        stand_in(deputy, away, now=now)
        walk = procedure(State.INTENT_SERVED, now=now, team=Officers(deputy, officer("approver"))).wait()
        clock.move_to(walk.now)
        proposed = AuditEvent.objects.get(action="attribution.proposed", subject_id=str(walk.attribution.pk))
        assert (proposed.by, proposed.acted_for) == (deputy, away)
        assert walk.attribution not in [item.attribution for item in waiting_decisions(away, now=walk.now)]
        with pytest.raises(TwoOfficerRule, match=f"{deputy.username} for {away.username}"):
            decide(walk, away)
        other = officer("publisher")
        stand_in(other, away, now=walk.now + timedelta(days=20))
        walk.now += timedelta(days=20)
        with pytest.raises(TwoOfficerRule):
            decide(walk, other)
        assert walk.decide().attribution.decided_by == walk.team.approver

    def test_a_deputy_decides_for_an_approver_what_somebody_else_proposed(self, told):
        deputy = officer("publisher")
        stand_in(deputy, told.team.approver, now=told.now)
        away = told.team.approver
        told.team = Officers(told.team.inspector, deputy)
        assert told.decide().attribution.decided_by == deputy
        decided = AuditEvent.objects.get(action="attribution.decided", subject_id=str(told.attribution.pk))
        assert (decided.by, decided.acted_for) == (deputy, away)

    def test_a_deputy_never_decides_what_they_proposed_themselves(self, told):
        inspector = told.team.inspector
        stand_in(inspector, told.team.approver, now=told.now)
        with pytest.raises(TwoOfficerRule, match="You proposed this"):
            decide(told, inspector)

    def test_the_database_refuses_as_well(self, told):
        deputy = officer("approver")
        stand_in(deputy, told.team.inspector, now=told.now)
        with refused_by("deputies_count_as_the_proposer"):
            Attribution.objects.filter(pk=told.attribution.pk).update(
                state="decided", decision="decided", decided_by=deputy, decided_at=told.now, decision_reasons="x"
            )

    def test_the_database_refuses_whoever_it_was_proposed_for(self, now):
        away, deputy = assign(officer("inspector"), "approver"), officer("publisher")
        stand_in(deputy, away, now=now)
        walk = procedure(State.INTENT_SERVED, now=now, team=Officers(deputy, away)).wait()
        with refused_by("deputies_count_as_the_proposer"):
            Attribution.objects.filter(pk=walk.attribution.pk).update(
                state="decided", decision="decided", decided_by=away, decided_at=walk.now, decision_reasons="x"
            )

    def test_later_moves_are_not_asked_again(self, told):
        """Who decided becomes the proposer's deputy afterwards: the decision is served all the same."""
        told.decide()
        stand_in(told.team.approver, told.team.inspector, now=told.now)
        assert told.serve().attribution.state in (State.SERVED, State.EFFECTIVE)

    def test_signatures_and_answers_are_refused_by_the_database(self, told):
        deputy = officer("approver")
        stand_in(deputy, told.team.inspector, now=told.now)
        proposal = told.attribution.proposals.get()
        with refused_by("deputies_count_as_the_proposer_signed"):
            Countersignature.objects.create(
                proposal=proposal, reason="x", concerns=[], signed_by=deputy, signed_at=told.now
            )
        with refused_by("deputies_count_as_the_proposer_answering"):
            ConcernAnswer.objects.create(
                case=told.attribution.case, kind="consistency", rule="x", key="x", digest="0" * 64, facts={}, text="x",
                answered_by=deputy, answered_at=told.now,
            )  # fmt: skip

    def test_questions_are_not_answered_by_the_proposers_deputy(self, now):
        walk, deputy = only_nurses(now), officer("approver")
        stand_in(deputy, walk.team.inspector, now=walk.now)
        with pytest.raises(TwoOfficerRule, match="count as one person"):
            answer_questions(walk.attribution, by=deputy, now=walk.now)

    def test_a_hold_is_not_ended_by_the_deciders_deputy(self, told):
        deputy = officer("approver")
        stand_in(deputy, told.team.approver, now=told.now)
        hold = DecisionHold.objects.create(
            attribution=told.attribution, decided_by=told.team.approver, decided_at=told.now, decision_reasons="x",
            rulebook="x", measures=[], due_on=told.now.date(),
        )  # fmt: skip
        with refused_by("deputies_count_as_proposer_and_decider"):
            DecisionHold.objects.filter(pk=hold.pk).update(
                outcome="released", outcome_by=deputy, outcome_at=told.now, outcome_reasons="x"
            )


class TestAppeals:
    def test_the_deputy_of_whoever_decided_does_not_handle_the_appeal(self, now):
        from tests.factories.appeal import Hearing

        walk = procedure(State.EFFECTIVE, now=now)
        clock.move_to(walk.now)
        deputy = officer("appeal_officer")
        hearing = Hearing(walk, deputy, walk.now)
        hearing.file()
        appeal = Appeal.objects.get()
        assert deputy in appeal_rows.officers_for(appeal)
        stand_in(deputy, walk.team.approver, now=walk.now)
        assert deputy not in appeal_rows.officers_for(appeal)
        with pytest.raises(OfficerInvolved):
            appeals.assign(appeal=appeal, to=deputy, by=officer("appeal_officer"), now=walk.now)
        with refused_by("appeal_officer_touched_nothing_before"):
            Appeal.objects.filter(pk=appeal.pk).update(assigned_to=deputy, assigned_at=walk.now)


class TestOtherMatters:
    def test_repairs(self, now):
        clock.move_to(now)
        walk, deputy = repairing("submitted", now=now, by_officer=True), officer("approver")
        application = walk.application
        stand_in(deputy, walk.clerk, now=now)
        with pytest.raises(TwoOfficerRule, match="count as one person"):
            repair_decisions.approve(application=application, reasons="材料齐全", by=deputy, now=now)
        with refused_by("deputies_count_as_who_entered"):
            RepairApplication.objects.filter(pk=application.pk).update(decided_by=deputy, decided_at=now)

    def test_new_registrations(self):
        now = datetime(2026, 6, 10, 4, 0, tzinfo=UTC)
        clock.move_to(now)
        walk, deputy = registering(now=now), officer("approver")
        application = walk.application
        stand_in(deputy, walk.clerk, now=now)
        with pytest.raises(TwoOfficerRule, match="count as one person"):
            reregistrations.refuse(application=application, reasons="材料不齐", by=deputy, now=now)
        with refused_by("deputies_count_as_who_entered"):
            ReregistrationApplication.objects.filter(pk=application.pk).update(decided_by=deputy, decided_at=now)

    def test_typical_cases(self, now):
        author = officer("inspector")
        typical = DraftedCaseFactory.create(drafted_by=author)
        deputy = officer("approver")
        stand_in(deputy, author, now=now)
        with pytest.raises(TwoOfficerRule, match="count as one person"):
            typical_cases.approve(typical=typical, by=deputy, now=now)
        with refused_by("deputies_count_as_the_author"):
            TypicalCase.objects.filter(pk=typical.pk).update(approved_by=deputy, approved_at=now)

    def test_merges_and_their_undoing(self, now):
        team = officers()
        kept, gone = PractitionerFactory.create(), PractitionerFactory.create()
        clock.move_to(now)
        merge = merging.propose_merge(kept=kept, gone=gone, reason="同一执业证书,两次登记", by=team.inspector, now=now)
        deputy = officer("approver")
        stand_in(deputy, team.inspector, now=now)
        with pytest.raises(SecondOfficerNeeded, match="count as one person"):
            merging.refuse_merge(merge=merge, reason="不是同一个人,证件不同", by=deputy, now=now)
        rows = PractitionerMerge.objects.filter(pk=merge.pk)
        with refused_by("deputies_count_as_proposed"):
            rows.update(decision="refused", decided_by=deputy, decided_at=now)
        rows.update(
            decision="approved", decided_by=team.approver, decided_at=now, effective_on=now.date(), recorded_at=now,
            undo_proposed_by=F("proposed_by"), undo_proposed_at=now, undo_reason="x",
        )  # fmt: skip
        with refused_by("deputies_count_as_undo_proposed"):
            rows.update(undone_by=deputy, undone_at=now, undo_recorded_at=now)

    def test_rulebooks(self, now):
        uploader, deputy = officer("inspector"), officer("approver")
        draft = RulebookDraft.objects.create(
            rulebook="x", version=1, effective_from=now.date(), title="x", text="x", pack={}, digest="0" * 64,
            uploaded_at=now, uploaded_by=uploader, state=DraftState.WAITING, effect_digest="1",
        )  # fmt: skip
        stand_in(deputy, uploader, now=now)
        with refused_by("deputies_count_as_the_uploader"):
            RulebookDraft.objects.filter(pk=draft.pk).update(state="activated", decided_by=deputy, decided_at=now)
