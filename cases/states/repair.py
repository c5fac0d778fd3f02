"""The tables of repairs and of new registrations: what may happen to an application, and in which state. Pure.

A repair is started, then done (course passed, or activity shown), submitted, and approved or refused by an officer. A
new registration is entered with its commitment, and approved or refused by another officer. Either may be withdrawn
until it is decided. Services ask these tables before they write; the triggers on both tables are built from them.
"""

from collections.abc import Mapping
from enum import StrEnum

from cases.states.table import Table


class State(StrEnum):
    """Where an application to earn points back stands."""

    STARTED = "started"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Action(StrEnum):
    """What may be done to an application to earn points back."""

    TAKE_QUIZ = "take_quiz"
    ADD_FILES = "add_files"
    SUBMIT = "submit"
    APPROVE = "approve"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"


INITIAL = State.STARTED
OPEN = frozenset({State.STARTED, State.SUBMITTED})
FINAL = frozenset(State) - OPEN

TRANSITIONS: Mapping[Action, Mapping[State, State]] = {
    Action.TAKE_QUIZ: {State.STARTED: State.STARTED},
    Action.ADD_FILES: {State.STARTED: State.STARTED, State.SUBMITTED: State.SUBMITTED},
    Action.SUBMIT: {State.STARTED: State.SUBMITTED},
    Action.APPROVE: {State.SUBMITTED: State.APPROVED},
    Action.REFUSE: {State.SUBMITTED: State.REFUSED},
    Action.WITHDRAW: {State.STARTED: State.WITHDRAWN, State.SUBMITTED: State.WITHDRAWN},
}

TABLE: Table[Action, State] = Table(Action, State, TRANSITIONS)


class EntryState(StrEnum):
    """Where an application to be registered anew stands."""

    ENTERED = "entered"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class EntryAction(StrEnum):
    """What may be done to an application to be registered anew."""

    ADD_FILES = "add_files"
    APPROVE = "approve"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"


ENTRY_INITIAL = EntryState.ENTERED

ENTRY_TRANSITIONS: Mapping[EntryAction, Mapping[EntryState, EntryState]] = {
    EntryAction.ADD_FILES: {EntryState.ENTERED: EntryState.ENTERED},
    EntryAction.APPROVE: {EntryState.ENTERED: EntryState.APPROVED},
    EntryAction.REFUSE: {EntryState.ENTERED: EntryState.REFUSED},
    EntryAction.WITHDRAW: {EntryState.ENTERED: EntryState.WITHDRAWN},
}

ENTRY_TABLE: Table[EntryAction, EntryState] = Table(EntryAction, EntryState, ENTRY_TRANSITIONS)
