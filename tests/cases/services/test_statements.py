"""What the person says, and the answer."""

from datetime import timedelta

import pytest

from cases.errors import OfficerNeeded
from cases.models import Statement
from cases.services import attributions
from cases.states import State
from institutions.errors import Forbidden, RuleRefused, WrongState
from tests.cases.last_write import LastWriteError, fail_on
from tests.factories.attribution import procedure

pytestmark = pytest.mark.django_db


@pytest.fixture
def walk(now):
    return procedure(State.INTENT_SERVED, now=now)


def record(walk, **changes):
    facts = {"text": "检查由上级医师开具。", "received_at": walk.now, "by": walk.team.inspector}
    return attributions.record_statement(attribution=walk.attribution, now=walk.now, **(facts | changes))


def answer(walk, statement, **changes):
    facts = {"answer": "经查,签名系本人所签,不予采纳。", "by": walk.team.approver}
    return attributions.answer_statement(statement=statement, now=walk.now, **(facts | changes))


class TestRecord:
    def test_keeps_the_text_of_this_window(self, walk):
        statement = record(walk)
        assert (statement.window, statement.answered_at) == (1, None)

    def test_the_same_a_second_time_changes_nothing(self, walk):
        assert record(walk) == record(walk)
        assert Statement.objects.count() == 1

    def test_a_late_one_before_the_decision_is_put_down_too(self, walk):
        record(walk.wait())
        assert Statement.objects.count() == 1

    def test_empty_or_from_the_future_is_refused(self, walk):
        with pytest.raises(RuleRefused):
            record(walk, text=" ")
        with pytest.raises(RuleRefused):
            record(walk, received_at=walk.now + timedelta(minutes=1))
        with pytest.raises(RuleRefused):
            record(walk, received_at=walk.now - timedelta(days=1))

    def test_before_the_intent_there_is_nothing_to_state(self, now):
        with pytest.raises(WrongState):
            record(procedure(State.PROPOSED, now=now))

    def test_an_approver_does_not_record(self, walk):
        with pytest.raises(Forbidden):
            record(walk, by=walk.team.approver)

    def test_nothing_remains_when_the_last_write_fails(self, walk, monkeypatch):
        fail_on(monkeypatch, "cases.services.statements.audit.record_event")
        with pytest.raises(LastWriteError):
            record(walk)
        assert not Statement.objects.exists()


class TestAnswer:
    def test_stands_with_officer_and_instant(self, walk):
        statement = answer(walk, record(walk))
        assert (statement.answered_by, statement.answered_at) == (walk.team.approver, walk.now)

    def test_the_same_a_second_time_changes_nothing_and_another_is_refused(self, walk):
        statement = answer(walk, record(walk))
        assert answer(walk, statement) == statement
        with pytest.raises(WrongState) as refused:
            answer(walk, statement, answer="采纳。")
        assert refused.value.state == "answered"

    def test_empty_is_refused(self, walk):
        with pytest.raises(RuleRefused):
            answer(walk, record(walk), answer="")

    def test_after_the_return_it_is_too_late(self, walk):
        statement = record(walk)
        attributions.return_for_changes(attribution=walk.attribution, reason="x", by=walk.team.approver, now=walk.now)
        with pytest.raises(WrongState):
            answer(walk, statement)

    def test_an_inspector_or_the_system_does_not_answer(self, walk):
        statement = record(walk)
        with pytest.raises(Forbidden):
            answer(walk, statement, by=walk.team.inspector)
        with pytest.raises(OfficerNeeded):
            answer(walk, statement, by=None)

    def test_nothing_remains_when_the_last_write_fails(self, walk, monkeypatch):
        statement = record(walk)
        fail_on(monkeypatch, "cases.services.statements.audit.record_event")
        with pytest.raises(LastWriteError):
            answer(walk, statement)
        assert Statement.objects.get().answered_at is None
