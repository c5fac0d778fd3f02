"""The one table of what may happen to an appeal, and in which state. Pure; no Django.

filed → accepted → decided, with questions on the way (accepted ↔ awaiting_answer), which stop the clock. What cannot
be heard is decided as inadmissible before it is accepted. The person may withdraw until it is decided, and take it to
the second level when the first stays silent (`elevated`). It becomes `moot` where the decision falls for another
reason meanwhile. Services ask this table before they write; the trigger on `cases_appeal` is built from it.
"""

from collections.abc import Mapping
from enum import StrEnum

from cases.states.table import Table


class State(StrEnum):
    """Where an appeal stands."""

    FILED = "filed"
    ACCEPTED = "accepted"
    AWAITING_ANSWER = "awaiting_answer"
    DECIDED = "decided"
    WITHDRAWN = "withdrawn"
    ELEVATED = "elevated"
    MOOT = "moot"


class Action(StrEnum):
    """What may be done to an appeal."""

    ASSIGN = "assign"
    ACCEPT = "accept"
    FIND_INADMISSIBLE = "find_inadmissible"
    ASK = "ask"
    ANSWER = "answer"
    RESUME = "resume"
    DECLARE_CONFLICT = "declare_conflict"
    ATTACH_OPINION = "attach_opinion"
    DECIDE = "decide"
    WITHDRAW = "withdraw"
    ELEVATE = "elevate"
    CLOSE_AS_MOOT = "close_as_moot"


INITIAL = State.FILED
OPEN = frozenset({State.FILED, State.ACCEPTED, State.AWAITING_ANSWER})
FINAL = frozenset(State) - OPEN
_BEING_HEARD = (State.ACCEPTED, State.AWAITING_ANSWER)

TRANSITIONS: Mapping[Action, Mapping[State, State]] = {
    Action.ASSIGN: {state: state for state in State if state in OPEN},
    Action.ACCEPT: {State.FILED: State.ACCEPTED},
    Action.FIND_INADMISSIBLE: {State.FILED: State.DECIDED},
    Action.ASK: {State.ACCEPTED: State.AWAITING_ANSWER},
    Action.ANSWER: {State.AWAITING_ANSWER: State.ACCEPTED},
    Action.RESUME: {State.AWAITING_ANSWER: State.ACCEPTED},
    Action.DECLARE_CONFLICT: {state: state for state in _BEING_HEARD},
    Action.ATTACH_OPINION: {state: state for state in _BEING_HEARD},
    Action.DECIDE: {State.ACCEPTED: State.DECIDED},
    Action.WITHDRAW: {state: State.WITHDRAWN for state in State if state in OPEN},
    Action.ELEVATE: {State.FILED: State.ELEVATED, State.ACCEPTED: State.ELEVATED},
    Action.CLOSE_AS_MOOT: {state: State.MOOT for state in State if state in OPEN},
}

TABLE: Table[Action, State] = Table(Action, State, TRANSITIONS)
