"""The table of appeals says what the design says."""

import pytest

from cases.states import IllegalMove
from cases.states.appeal import FINAL, INITIAL, OPEN, TABLE, TRANSITIONS, Action, State

MOVES = [
    ("accepted", "awaiting_answer"),
    ("accepted", "decided"),
    ("accepted", "elevated"),
    ("accepted", "moot"),
    ("accepted", "withdrawn"),
    ("awaiting_answer", "accepted"),
    ("awaiting_answer", "moot"),
    ("awaiting_answer", "withdrawn"),
    ("filed", "accepted"),
    ("filed", "decided"),
    ("filed", "elevated"),
    ("filed", "moot"),
    ("filed", "withdrawn"),
]


def test_the_moves_are_these_and_no_others():
    assert [(old.value, new.value) for old, new in TABLE.moves()] == MOVES


def test_every_action_has_its_row():
    assert set(TRANSITIONS) == set(Action)


def test_nothing_leaves_a_closed_appeal():
    assert {state for state in State if not TABLE.allowed_actions(state)} == FINAL
    assert set(State) == OPEN | FINAL
    assert INITIAL in OPEN


def test_the_person_may_withdraw_while_it_is_open():
    assert set(TABLE.states_for(Action.WITHDRAW)) == OPEN


def test_points_are_decided_on_only_once_it_is_accepted_and_nothing_is_asked():
    assert TABLE.states_for(Action.DECIDE) == [State.ACCEPTED]
    assert TABLE.states_for(Action.FIND_INADMISSIBLE) == [State.FILED]


def test_an_illegal_move_names_action_and_state():
    with pytest.raises(IllegalMove, match="decide is not possible in state filed"):
        TABLE.next_state(Action.DECIDE, State.FILED)
