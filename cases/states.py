"""The one table of what may happen to an attribution, and in which state. Pure; no Django.

draft → proposed → intent_served → decided → served → effective, or intent_served → rejected. `set_aside` ends an
attribution whose basis was annulled or that lost on appeal. A change to the person's disadvantage returns it from
intent_served to proposed, and a new statement window follows. Services ask this table before they write; the
database trigger on the table `cases_attribution` is built from it.
"""

from collections.abc import Mapping
from enum import StrEnum


class State(StrEnum):
    """Where an attribution stands."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    INTENT_SERVED = "intent_served"
    DECIDED = "decided"
    REJECTED = "rejected"
    SERVED = "served"
    EFFECTIVE = "effective"
    SET_ASIDE = "set_aside"


class Action(StrEnum):
    """What may be done to an attribution."""

    EDIT = "edit"
    PROPOSE = "propose"
    COUNTERSIGN = "countersign"
    SERVE_INTENT = "serve_intent"
    RECORD_STATEMENT = "record_statement"
    ANSWER_STATEMENT = "answer_statement"
    RETURN = "return"
    DECIDE = "decide"
    REJECT = "reject"
    SERVE = "serve"
    MAKE_EFFECTIVE = "make_effective"
    SET_ASIDE = "set_aside"


INITIAL = State.DRAFT
FINAL = frozenset({State.REJECTED, State.SET_ASIDE})

TRANSITIONS: Mapping[Action, Mapping[State, State]] = {
    Action.EDIT: {
        State.DRAFT: State.DRAFT,
        State.PROPOSED: State.PROPOSED,
        State.INTENT_SERVED: State.INTENT_SERVED,  # to the person's advantage only; else it is a RETURN
    },
    Action.PROPOSE: {State.DRAFT: State.PROPOSED},
    Action.COUNTERSIGN: {
        State.PROPOSED: State.PROPOSED,
        State.INTENT_SERVED: State.INTENT_SERVED,
    },
    Action.SERVE_INTENT: {State.PROPOSED: State.INTENT_SERVED},
    Action.RECORD_STATEMENT: {State.INTENT_SERVED: State.INTENT_SERVED},
    Action.ANSWER_STATEMENT: {State.INTENT_SERVED: State.INTENT_SERVED},
    Action.RETURN: {State.INTENT_SERVED: State.PROPOSED},
    Action.DECIDE: {State.INTENT_SERVED: State.DECIDED},
    Action.REJECT: {State.INTENT_SERVED: State.REJECTED},
    Action.SERVE: {State.DECIDED: State.SERVED},
    Action.MAKE_EFFECTIVE: {State.SERVED: State.EFFECTIVE},
    Action.SET_ASIDE: {
        State.DRAFT: State.SET_ASIDE,
        State.PROPOSED: State.SET_ASIDE,
        State.INTENT_SERVED: State.SET_ASIDE,
        State.DECIDED: State.SET_ASIDE,
        State.SERVED: State.SET_ASIDE,
        State.EFFECTIVE: State.SET_ASIDE,
    },
}


class IllegalMove(Exception):
    """An action that the table does not admit in the present state."""

    def __init__(self, action: Action, state: State) -> None:
        """Carry the action and the state that refuses it."""
        self.action = action
        self.state = state
        super().__init__(f"{action} is not possible in state {state}")


def can(action: Action, state: State) -> bool:
    """Say whether the action is possible in the state."""
    return state in TRANSITIONS[action]


def allowed_actions(state: State) -> list[Action]:
    """Return what may be done in a state, in the table's order."""
    return [action for action in Action if can(action, state)]


def states_for(action: Action) -> list[State]:
    """Return the states in which an action is possible, in the order of the workflow."""
    return [state for state in State if can(action, state)]


def next_state(action: Action, state: State) -> State:
    """Return the state after the action; raise `IllegalMove` where the table has no such move."""
    try:
        return TRANSITIONS[action][state]
    except KeyError as absent:
        raise IllegalMove(action, state) from absent


def moves() -> list[tuple[State, State]]:
    """Return every change of state the table admits, for the database trigger."""
    return sorted({(old, new) for table in TRANSITIONS.values() for old, new in table.items() if old is not new})
