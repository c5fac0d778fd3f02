"""F45: a held termination has no letter, no service and no effect before a third officer releases it."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from cases.errors import TwoOfficerRule
from cases.models import Attribution, DecisionHold, IssuedLetter, ScoredConduct, ServiceKind
from cases.selectors.holds import holds_waiting
from cases.services import attributions, holds, undoing
from cases.states import State
from institutions import clock
from institutions.clock import local_date
from institutions.errors import Forbidden, RuleRefused, WrongState
from institutions.models import AuditEvent
from scoring.models import PointsEntry
from tests.cases.last_write import LastWriteError, fail_on
from tests.factories.attribution import PROOF, days_later, procedure
from tests.factories.rulebook import hold_in_force
from tests.factories.user import assign, officer

pytestmark = pytest.mark.django_db
WHY = "核对无误,同意送达。"


@pytest.fixture
def held(now):
    """Twelve points, decided under rules that hold terminations."""
    hold_in_force(now)
    walk = procedure(State.INTENT_SERVED, now=now, line__points=12, line__degree="principal").wait()
    return walk.decide()


def third(region="15"):
    return officer("approver", region=region)


def release(walk, by=None, reasons=WHY, act=attributions.release):
    walk.attribution = act(attribution=walk.attribution, reasons=reasons, by=by or third(), now=walk.now)
    return walk


def letters(walk):
    return IssuedLetter.objects.filter(attribution=walk.attribution, kind=ServiceKind.DECISION)


class TestHeld:
    def test_off_by_default(self, now):
        assert procedure(State.DECIDED, now=now, line__points=12).attribution.state == "decided"
        assert not DecisionHold.objects.exists()

    def test_a_decision_that_terminates_is_held_without_letter_or_service(self, held):
        it = held.attribution
        hold = it.holds.get()
        assert (it.state, it.decided_by, hold.is_open) == ("held", held.team.approver, True)
        assert (hold.rulebook, hold.measures) == ("inner-mongolia@2", [{"kind": "terminate", "months": 36}])
        assert hold.due_on == date(2025, 6, 23)  # three working days from Wednesday 18 June
        assert not letters(held).exists()
        with pytest.raises(WrongState):
            held.serve()
        attributions.make_due_attributions_effective(now=days_later(held.now, 30))
        assert not PointsEntry.objects.exists()

    def test_a_decision_that_only_suspends_and_a_rejection_are_not_held(self, now):
        hold_in_force(now)
        assert procedure(State.DECIDED, now=now, line__points=10).attribution.state == "decided"
        assert procedure(State.REJECTED, now=now, line__points=12).attribution.state == "rejected"

    def test_the_rules_of_the_day_of_decision_say_whether_it_is_held(self, now):
        hold_in_force(now, from_on="2025-12-01")
        assert procedure(State.DECIDED, now=now, line__points=12).attribution.state == "decided"


class TestRelease:
    def test_lets_it_go_out_and_the_dates_follow_the_service(self, held):
        held.now = days_later(held.now, 2)
        release(held)
        assert held.attribution.state == "decided"
        assert letters(held).count() == 1
        with pytest.raises(RuleRefused):  # no service dated before the release
            attributions.serve_decision(
                attribution=held.attribution,
                served_on=local_date(held.now) - timedelta(days=1),
                method="post",
                proof=PROOF,
                by=held.team.inspector,
                now=held.now,
            )
        held.serve().make_effective()
        assert held.entry.effective_on == local_date(held.now)

    def test_the_same_release_twice_changes_nothing(self, held):
        by = third()
        release(held, by)
        release(held, by)
        assert AuditEvent.objects.filter(action="attribution.released").count() == 1

    def test_sent_back_it_counts_as_not_taken_and_may_be_decided_anew(self, held):
        release(held, act=attributions.send_back, reasons="量罚过重,请重新研究。")
        it = Attribution.objects.get(pk=held.attribution.pk)
        assert (it.state, it.decision, it.decided_by, it.decided_at) == ("intent_served", "", None, None)
        assert not ScoredConduct.objects.filter(released_at__isnull=True).exists()
        assert not letters(held).exists()
        hold = it.holds.get()
        assert (hold.outcome, hold.decided_by) == ("sent_back", held.team.approver)
        held.now = days_later(held.now, 1)
        assert held.decide().attribution.state == "held"
        assert release(held).attribution.state == "decided"

    def test_whoever_decided_or_proposed_does_not_release(self, held):
        assign(held.team.inspector, "approver")
        for by in (held.team.approver, held.team.inspector):
            for act in (attributions.release, attributions.send_back):
                with pytest.raises(TwoOfficerRule) as refused:
                    release(held, by, act=act)
                assert refused.value.status == 403

    def test_nor_does_another_role_or_region(self, held):
        for by in (officer("inspector"), officer("appeal_officer"), third("43")):
            with pytest.raises(Forbidden):
                release(held, by)

    def test_reasons_are_required_and_nothing_remains_of_a_failed_release(self, held, monkeypatch):
        with pytest.raises(RuleRefused):
            release(held, reasons="  ")
        fail_on(monkeypatch, "cases.services.holds.issuing.letter_of_decision")
        with pytest.raises(LastWriteError):
            release(held)
        assert Attribution.objects.get(pk=held.attribution.pk).state == "held"
        assert DecisionHold.objects.get().is_open


class TestTheDatabase:
    @pytest.mark.parametrize("state", ["decided", "intent_served"])
    def test_nothing_leaves_the_hold_without_an_outcome(self, held, state):
        gone = (
            {}
            if state == "decided"
            else {"decision": "", "decision_reasons": "", "decided_at": None, "decided_by": None}
        )
        with pytest.raises(DatabaseError, match="what_is_held_waits_for_another_officer"), transaction.atomic():
            Attribution.objects.filter(pk=held.attribution.pk).update(state=state, **gone)

    def test_nothing_is_held_without_a_hold(self, now):
        walk = procedure(State.DECIDED, now=now)
        with pytest.raises(DatabaseError, match="what_is_held_waits_for_another_officer"), transaction.atomic():
            Attribution.objects.filter(pk=walk.attribution.pk).update(state="held")

    def test_whoever_decided_or_proposed_never_ends_a_hold(self, held):
        for by, rule in ((held.team.approver, "whoever_decided"), (held.team.inspector, "proposers_never_release")):
            with pytest.raises(DatabaseError, match=rule), transaction.atomic():
                DecisionHold.objects.update(outcome="released", outcome_reasons="x", outcome_by=by, outcome_at=held.now)

    def test_a_hold_is_neither_edited_nor_deleted(self, held):
        with pytest.raises(DatabaseError, match="hold_is_not_edited"), transaction.atomic():
            DecisionHold.objects.update(due_on=date(2030, 1, 1))
        with pytest.raises(DatabaseError, match="hold_is_kept"), transaction.atomic():
            DecisionHold.objects.all().delete()


class TestTimer:
    def test_an_overdue_hold_is_escalated_once_and_stands_first(self, held):
        assert holds.escalate_overdue(now=held.now)["holds_escalated"] == 0
        late = days_later(held.now, 10)
        assert holds.escalate_overdue(now=late)["holds_escalated"] == 1
        assert holds.escalate_overdue(now=late)["holds_escalated"] == 0
        [row] = holds_waiting(third(), local_date(late))
        assert (row.is_overdue, row.is_escalated, row.days_late) == (True, True, 5)
        assert AuditEvent.objects.filter(action="attribution.hold_overdue").count() == 1

    def test_it_waits_for_those_who_may_release_it_only(self, held):
        on = local_date(held.now)
        assert len(holds_waiting(third(), on)) == 1
        assign(held.team.inspector, "approver")
        for by in (held.team.approver, held.team.inspector, third("43"), officer("auditor")):
            assert holds_waiting(by, on) == []
        release(held)
        assert holds_waiting(third(), on) == []


def test_annulled_while_held_it_falls_and_a_court_puts_it_back_as_held(held):
    case, by, now = held.attribution.case, held.team.approver, held.now
    attributions.annul_basis(case=case, annulled_on=local_date(now), reason="撤销。", by=by, now=now)
    assert Attribution.objects.get().state == "set_aside"
    attributions.reinstate_basis(case=case, reinstated_on=local_date(now), reason="再审。", by=by, now=now)
    held.attribution = Attribution.objects.get()
    assert held.attribution.state == "held"
    assert release(held).attribution.state == "decided"


def test_a_held_decision_may_be_set_aside(held):
    undoing.set_aside_attribution(attribution=held.attribution, reason="撤销", by=held.team.approver, now=held.now)
    assert holds_waiting(third(), local_date(held.now)) == []


def test_on_the_page_a_third_officer_releases_and_nobody_else(held):
    clock.move_to(held.now)
    address = f"/admin/cases/attribution/{held.attribution.pk}/decide/"

    def send(by, move="release"):
        client = Client(headers={"Accept-Language": "en"})
        client.force_login(by)
        return client, client.post(address, {"move": move, f"{move}-reason": WHY}).status_code

    client, status = send(held.team.approver)
    assert status == 403
    page = client.get(address).content.decode()
    assert "To be released by" in page
    assert "another officer has to release it" in page
    assert send(third())[1] == 302
    assert send(third())[1] == 422  # there is no such move any more
    assert letters(held).count() == 1
