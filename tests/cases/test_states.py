"""The table of moves: its shape, and that nothing leaves a final state."""

import pytest

from cases.states import (
    FINAL,
    INITIAL,
    TRANSITIONS,
    Action,
    IllegalMove,
    State,
    allowed_actions,
    can,
    moves,
    next_state,
    states_for,
)

BY_A_COURT = {
    *(Action.REINSTATE, Action.REINSTATE_SERVED, Action.REINSTATE_DECIDED, Action.REINSTATE_HELD),
    Action.REOPEN,
}


def test_every_action_is_in_the_table():
    assert set(TRANSITIONS) == set(Action)


def test_an_attribution_begins_as_a_draft():
    assert INITIAL is State.DRAFT


@pytest.mark.parametrize("state", sorted(FINAL))
def test_nothing_but_a_court_or_taking_up_what_was_withdrawn_leaves_a_final_state(state):
    assert set(allowed_actions(state)) == (BY_A_COURT | {Action.RESUME} if state is State.SET_ASIDE else set())


@pytest.mark.parametrize("action", sorted(BY_A_COURT))
def test_a_court_moves_only_what_was_set_aside(action):
    assert states_for(action) == [State.SET_ASIDE]


def test_every_state_is_reached_and_the_first_only_from_set_aside():
    assert {new for _, new in moves()} == set(State)
    assert {old for old, new in moves() if new is INITIAL} == {State.SET_ASIDE}


def test_the_way_of_a_decision():
    state = State.DRAFT
    for action in (Action.PROPOSE, Action.SERVE_INTENT, Action.DECIDE, Action.SERVE, Action.MAKE_EFFECTIVE):
        state = next_state(action, state)
    assert state is State.EFFECTIVE


def test_no_way_leads_around_the_notice_of_intent():
    """Design §6: nothing is decided before the person was told."""
    assert states_for(Action.DECIDE) == [State.INTENT_SERVED]
    assert states_for(Action.REJECT) == [State.INTENT_SERVED]


def test_what_is_held_is_served_only_by_way_of_its_release():
    assert set(TRANSITIONS[Action.SERVE]) == {State.DECIDED}
    assert {new for old, new in moves() if old is State.HELD} == {State.DECIDED, State.INTENT_SERVED, State.SET_ASIDE}


def test_only_what_nobody_was_told_of_is_withdrawn():
    assert states_for(Action.WITHDRAW) == [State.DRAFT, State.PROPOSED]


def test_a_change_to_disadvantage_goes_back_to_proposed():
    assert next_state(Action.RETURN, State.INTENT_SERVED) is State.PROPOSED


@pytest.mark.parametrize("action", list(Action))
@pytest.mark.parametrize("state", list(State))
def test_moves_outside_the_table_raise(state, action):
    if can(action, state):
        assert next_state(action, state) is TRANSITIONS[action][state]
    else:
        with pytest.raises(IllegalMove) as refused:
            next_state(action, state)
        assert (refused.value.action, refused.value.state) == (action, state)
