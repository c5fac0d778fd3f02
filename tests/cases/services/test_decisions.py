"""The second officer's decision, and its service."""

from datetime import date, timedelta

import pytest

from cases.errors import CountersignatureNeeded, OfficerNeeded, OverrideNeeded, TwoOfficerRule, WindowOpen
from cases.models import Attribution, Countersignature, ScoredConduct, Service
from cases.services import attributions, case_links
from cases.states import State
from institutions.clock import local_date
from institutions.errors import Forbidden, RuleRefused, WrongState
from institutions.models import Notice, NoticeKind
from scoring.models import PointsEntry
from tests.cases.last_write import LastWriteError, fail_on
from tests.factories.attribution import Procedure, officers, procedure
from tests.factories.case_file import BasisFactory, CaseFileFactory
from tests.factories.practitioner import PractitionerFactory
from tests.factories.user import assign

pytestmark = pytest.mark.django_db


@pytest.fixture
def heard(now) -> Procedure:
    """Told, and the window has ended."""
    return procedure(State.INTENT_SERVED, now=now).wait()


class TestDecide:
    def test_stands_with_officer_instant_and_reasons_and_gives_no_points_yet(self, heard):
        """Decide is not take effect."""
        it = heard.decide().attribution
        assert (it.state, it.decision, it.decided_by, it.decided_at) == (
            "decided",
            "decided",
            heard.team.approver,
            heard.now,
        )
        assert it.decision_reasons
        assert not PointsEntry.objects.exists()
        assert Notice.objects.get(kind=NoticeKind.DECISION).practitioner == it.practitioner
        asked = Notice.objects.get(kind=NoticeKind.HANDOVER, payload__letter_kind="decision")
        assert asked.institution == it.case.institution

    def test_rejected_gives_nothing_and_ends_it(self, heard):
        it = heard.decide("rejected").attribution
        assert it.state == State.REJECTED
        assert not ScoredConduct.objects.exists()

    def test_the_proposer_does_not_decide(self, heard):
        """F12: same user approving own proposal gets 403."""
        assign(heard.team.inspector, "approver")
        with pytest.raises(TwoOfficerRule) as refused:
            attributions.decide(
                attribution=heard.attribution, outcome="decided", reasons="x", by=heard.team.inspector, now=heard.now
            )
        assert (refused.value.status, refused.value.rule) == (403, "design: two-officer rule")

    def test_an_inspector_or_the_system_does_not_decide(self, heard):
        for by, error in ((officers().inspector, Forbidden), (None, OfficerNeeded)):
            with pytest.raises(error):
                attributions.decide(attribution=heard.attribution, outcome="decided", reasons="x", by=by, now=heard.now)

    def test_not_on_the_last_day_of_the_window_but_on_the_day_after(self, now):
        walk = procedure(State.INTENT_SERVED, now=now).wait()
        walk.now -= timedelta(days=1)
        with pytest.raises(WindowOpen) as refused:
            walk.decide()
        assert "2025-06-17" in str(refused.value.detail)
        walk.now += timedelta(days=1)
        assert walk.decide().attribution.state == State.DECIDED

    def test_within_the_window_once_the_statement_is_answered(self, now):
        walk = procedure(State.INTENT_SERVED, now=now)
        statement = attributions.record_statement(
            attribution=walk.attribution, text="异议。", received_at=now, by=walk.team.inspector, now=now
        )
        with pytest.raises(WindowOpen):
            walk.decide()
        attributions.answer_statement(statement=statement, answer="不采纳。", by=walk.team.approver, now=now)
        assert walk.decide().attribution.state == State.DECIDED

    def test_an_answer_of_an_earlier_window_does_not_open_the_next(self, now):
        walk = procedure(State.INTENT_SERVED, now=now)
        statement = attributions.record_statement(
            attribution=walk.attribution, text="异议。", received_at=now, by=walk.team.inspector, now=now
        )
        attributions.answer_statement(statement=statement, answer="采纳一部分。", by=walk.team.approver, now=now)
        attributions.return_for_changes(attribution=walk.attribution, reason="x", by=walk.team.approver, now=now)
        walk.serve_intent()
        with pytest.raises(WindowOpen):
            walk.decide()

    def test_after_the_window_an_unanswered_statement_still_waits_for_its_answer(self, heard):
        attributions.record_statement(
            attribution=heard.attribution, text="异议。", received_at=heard.now, by=heard.team.inspector, now=heard.now
        )
        with pytest.raises(WindowOpen):
            heard.decide()

    def test_needs_reasons_and_a_known_outcome(self, heard):
        for outcome, reasons in (("decided", "  "), ("maybe", "x")):
            with pytest.raises(RuleRefused):
                attributions.decide(
                    attribution=heard.attribution,
                    outcome=outcome,
                    reasons=reasons,
                    by=heard.team.approver,
                    now=heard.now,
                )

    def test_nothing_remains_when_the_last_write_fails(self, heard, monkeypatch):
        fail_on(monkeypatch, "cases.services.issuing.attribution_notices.tell_decision")
        with pytest.raises(LastWriteError):
            heard.decide()
        assert Attribution.objects.get().state == State.INTENT_SERVED
        assert not ScoredConduct.objects.exists()


class TestOutsideTheRange:
    def test_dongan_seven_points_need_the_second_officer_with_a_reason(self, now):
        """Dong'an 2025: B1, general responsibility, 7 points; the band is 4–6."""
        walk = procedure(State.INTENT_SERVED, now=now, line__clause="B1", line__points=7).wait()
        with pytest.raises(CountersignatureNeeded) as refused:
            walk.decide()
        assert refused.value.rule == "points_out_of_band"
        walk.decide(countersign_reason="按当地负面清单记分,超出建议区间。")
        signature = Countersignature.objects.get()
        assert (signature.signed_by, signature.is_valid) == (walk.team.approver, True)
        assert walk.attribution.countersign_reason == signature.reason

    def test_a_term_outside_the_range_needs_it_too(self, now):
        walk = procedure(State.INTENT_SERVED, now=now, months=7).wait()
        with pytest.raises(CountersignatureNeeded) as refused:
            walk.decide()
        assert refused.value.rule == "months_out_of_range"
        assert walk.decide(countersign_reason="情节特别恶劣。").attribution.months == 7

    def test_a_rejection_needs_none(self, now):
        walk = procedure(State.INTENT_SERVED, now=now, line__clause="B1", line__points=7).wait()
        assert walk.decide("rejected").attribution.state == State.REJECTED


class TestOneActOnce:
    """F07: one act of one person is scored once among linked cases."""

    def linked(self, now, *, link=True):
        person, team = PractitionerFactory(), officers()
        first = CaseFileFactory()
        second = CaseFileFactory(basis=BasisFactory(institution=first.institution), institution=first.institution)
        if link:
            case_links.link_cases(first=first, second=second, reason="同一行为", by=team.inspector, now=now)
        for case in (first, second):
            case.refresh_from_db()
        one = procedure(State.DECIDED, now=now, case=first, practitioner=person, team=team)
        return one, procedure(State.INTENT_SERVED, now=now, case=second, practitioner=person, team=team).wait()

    def test_is_blocked_until_the_second_officer_overrides_with_a_reason(self, now):
        _, two = self.linked(now)
        with pytest.raises(OverrideNeeded) as refused:
            two.decide()
        assert "forged-records" in str(refused.value.detail)
        two.decide(override_reason="两次处罚针对不同时段。")
        assert ScoredConduct.objects.get(attribution=two.attribution).override_reason == "两次处罚针对不同时段。"

    def test_the_unique_constraint_has_the_last_word(self, now, monkeypatch):
        """Another claim may come in after the assessment was made."""
        _, two = self.linked(now)
        monkeypatch.setattr("cases.selectors.assessments.conducts_scored_elsewhere", lambda attribution: set())
        with pytest.raises(OverrideNeeded):
            two.decide()
        assert two.attribution.scored_conducts.count() == 0

    def test_is_free_again_when_the_first_decision_is_set_aside(self, now):
        one, two = self.linked(now)
        attributions.annul_basis(
            case=one.attribution.case, annulled_on=local_date(two.now), reason="撤销", by=one.team.approver, now=two.now
        )
        assert two.decide().attribution.state == State.DECIDED

    def test_cases_that_are_not_linked_do_not_know_of_each_other(self, now):
        _, two = self.linked(now, link=False)
        assert two.decide().attribution.state == State.DECIDED


class TestServe:
    def serve(self, walk, **changes):
        facts = {
            "served_on": local_date(walk.now),
            "method": "post",
            "proof": "EMS 1",
            "by": walk.team.inspector,
        }
        return attributions.serve_decision(attribution=walk.attribution, now=walk.now, **(facts | changes))

    def test_stands_with_day_and_proof_and_gives_no_points_yet(self, now):
        walk = procedure(State.DECIDED, now=now)
        it = self.serve(walk)
        assert (it.state, it.served_on, it.service_proof) == ("served", local_date(walk.now), "EMS 1")
        assert Service.objects.filter(kind="decision").count() == 1
        assert not PointsEntry.objects.exists()

    def test_the_same_a_second_time_changes_nothing(self, now):
        walk = procedure(State.DECIDED, now=now)
        self.serve(walk)
        assert self.serve(walk).state == State.SERVED
        assert Service.objects.filter(kind="decision").count() == 1
        with pytest.raises(WrongState):
            self.serve(walk, proof="EMS 2")

    def test_a_day_in_the_future_or_before_the_decision_is_refused(self, now):
        walk = procedure(State.DECIDED, now=now)
        for days in (1, -1):
            with pytest.raises(RuleRefused):
                self.serve(walk, served_on=local_date(walk.now) + timedelta(days=days))

    def test_a_rejected_one_is_not_served(self, now):
        with pytest.raises(WrongState):
            self.serve(procedure(State.REJECTED, now=now))

    def test_an_approver_does_not_serve(self, now):
        walk = procedure(State.DECIDED, now=now)
        with pytest.raises(Forbidden):
            self.serve(walk, by=walk.team.approver)

    def test_nothing_remains_when_the_last_write_fails(self, now, monkeypatch):
        walk = procedure(State.DECIDED, now=now)
        fail_on(monkeypatch, "cases.services.decisions.audit.record_event")
        with pytest.raises(LastWriteError):
            self.serve(walk)
        assert Attribution.objects.get().served_on is None
        assert not Service.objects.filter(kind="decision").exists()

    def test_a_broker_that_is_away_breaks_nothing(self, now, monkeypatch, django_capture_on_commit_callbacks):
        fail_on(monkeypatch, "institutions.services.wake_up.current_app.send_task")
        walk = procedure(State.DECIDED, now=now)
        with django_capture_on_commit_callbacks(execute=True):
            assert self.serve(walk).state == State.SERVED

    def test_the_worker_is_woken_after_commit(self, now, monkeypatch, django_capture_on_commit_callbacks):
        woken: list[str] = []
        monkeypatch.setattr("institutions.services.wake_up.current_app.send_task", woken.append)
        walk = procedure(State.DECIDED, now=now)
        with django_capture_on_commit_callbacks(execute=True):
            self.serve(walk, served_on=date(2025, 6, 18))
        assert woken == ["cases.make_due_attributions_effective"]
