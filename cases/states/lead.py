"""The table of leads: what may happen to a hint from a detector or a tip. Pure. No move leads to points.

A lead is looked into and ends as dismissed, or as joined to a case file, which rests on a decision of its own. A
dismissed one may be taken up again.
"""

from collections.abc import Mapping
from enum import StrEnum

from cases.states.table import Table


class State(StrEnum):
    """Where a lead stands."""

    RECEIVED = "received"
    PROMOTED = "promoted"
    DISMISSED = "dismissed"


class Action(StrEnum):
    """What may be done with a lead."""

    PROMOTE = "promote"
    DISMISS = "dismiss"
    REOPEN = "reopen"


INITIAL = State.RECEIVED

TRANSITIONS: Mapping[Action, Mapping[State, State]] = {
    Action.PROMOTE: {State.RECEIVED: State.PROMOTED},
    Action.DISMISS: {State.RECEIVED: State.DISMISSED},
    Action.REOPEN: {State.DISMISSED: State.RECEIVED},
}

TABLE: Table[Action, State] = Table(Action, State, TRANSITIONS)
