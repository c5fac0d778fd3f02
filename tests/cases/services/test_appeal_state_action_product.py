"""F04 for appeals: every action in every state. What the table does not admit answers 409 and changes nothing."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.forms.models import model_to_dict

from cases.models import Appeal, AppealMessage, ConflictDeclaration, ExpertOpinion
from cases.services import appeals
from cases.states.appeal import TRANSITIONS, Action, State
from institutions.errors import WrongState
from scoring.models import AccountEvent, PointsEntry
from tests.factories.appeal import REASONS, Hearing, hearing
from tests.factories.attribution import days_later
from tests.factories.user import officer

pytestmark = pytest.mark.django_db


class _UndoError(Exception):
    """Rolls an attempt back."""


def _attempt(action: Action, heard: Hearing) -> None:
    """Take one action in the way of whoever may, with everything it asks for and other words than before."""
    appeal, by, now = heard.appeal, heard.officer, heard.now
    assigned = appeal.assigned_to_id is not None
    if action is Action.ASSIGN:
        appeals.assign(appeal=appeal, to=officer("appeal_officer"), by=by, now=now)
    elif action is Action.ACCEPT:
        if appeal.state == State.FILED and not assigned:
            heard.assign()
        appeals.accept(appeal=heard.appeal, by=heard.officer if appeal.state != State.ACCEPTED else _other(), now=now)
    elif action is Action.FIND_INADMISSIBLE:
        if appeal.state == State.FILED and not assigned:
            heard.assign()
        heard.decide("inadmissible", reasons="不属于申诉范围。")
    elif action is Action.ASK:
        heard.ask("还有谁在场?")
    elif action is Action.ANSWER:
        appeals.answer(appeal=appeal, text="由科室秘书记录。", by=None, now=now)
    elif action is Action.RESUME:
        appeals.resume(appeal=appeal, by=by, now=now)
    elif action is Action.DECLARE_CONFLICT:
        heard.declare()
    elif action is Action.ATTACH_OPINION:
        if appeal.state in (State.ACCEPTED, State.AWAITING_ANSWER):
            heard.declare()
        heard.opine()
    elif action is Action.DECIDE:
        heard.decide("upheld", reasons="理由不成立,维持原决定。")
    elif action is Action.WITHDRAW:
        appeals.withdraw(appeal=appeal, reason="不再申诉。", by=None, now=now)
    elif action is Action.ELEVATE:
        silent = days_later(now, 60)
        appeals.elevate(appeal=appeal, grounds="一直没有答复。", by=None, now=silent)
    else:
        closed = appeals.close_as_moot(attribution=heard.walk.attribution, reason="撤销。", by=None, now=now)
        if closed is None:  # nothing is open: the service has nothing to refuse, and writes nothing
            raise WrongState(state=appeal.state, next_step="–")


def _other():
    return officer("appeal_officer")


def _attempt_and_undo(action: Action, heard: Hearing) -> None:
    with transaction.atomic():
        _attempt(action, heard)
        raise _UndoError


def _rows(heard: Hearing) -> list[object]:
    tables = (AppealMessage, ConflictDeclaration, ExpertOpinion, AccountEvent, PointsEntry, Appeal)
    return [model_to_dict(Appeal.objects.get(pk=heard.appeal.pk)), *(table.objects.count() for table in tables)]


# Seen before: these return what is there, in the state that they lead to.
REPEATS = {(Action.WITHDRAW, State.WITHDRAWN), (Action.ELEVATE, State.ELEVATED)}
# After a refusal the second level opens: not a move of this appeal, but a new one.
NEW_APPEAL = {(Action.ELEVATE, State.DECIDED)}
# Whatever is open against the decision is closed: here that is the appeal at the second level.
ANOTHER_APPEAL = {(Action.CLOSE_AS_MOOT, State.ELEVATED)}


@pytest.mark.parametrize("state", list(State))
def test_every_action_in_this_state(state, now):
    heard = hearing(state, now=now)
    for action in Action:
        if (action, state) in REPEATS | NEW_APPEAL | ANOTHER_APPEAL:
            continue
        before = _rows(heard)
        if state in TRANSITIONS[action]:
            with pytest.raises(_UndoError):
                _attempt_and_undo(action, heard)
        else:
            with pytest.raises(WrongState) as refused:
                _attempt(action, heard)
            assert refused.value.status == 409, action
            assert str(refused.value.detail), action
        assert _rows(heard) == before, action


@pytest.mark.parametrize(("action", "state"), sorted(REPEATS))
def test_the_same_act_again_changes_nothing(action, state, now):
    heard = hearing(state, now=now)
    before = _rows(heard)
    _attempt(action, heard)
    assert _rows(heard) == before


def test_a_question_asked_again_is_the_same_question(now):
    heard = hearing(State.AWAITING_ANSWER, now=now)
    first = heard.appeal.messages.get()
    assert appeals.ask(appeal=heard.appeal, text=first.text, by=heard.officer, now=heard.now) == first


def test_a_decision_again_with_the_same_reasons_changes_nothing(now):
    heard = hearing(State.DECIDED, now=now)
    before = _rows(heard)
    heard.now += timedelta(hours=1)
    heard.decide("upheld", reasons=REASONS)
    assert _rows(heard) == before
