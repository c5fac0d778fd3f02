"""What a table of states and actions can be asked, whatever it is about. Pure; no Django."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

StateT = TypeVar("StateT", bound=StrEnum)
ActionT = TypeVar("ActionT", bound=StrEnum)


class IllegalMove(Exception):
    """An action that the table does not admit in the present state."""

    def __init__(self, action: StrEnum, state: StrEnum) -> None:
        """Carry the action and the state that refuses it."""
        self.action = action
        self.state = state
        super().__init__(f"{action} is not possible in state {state}")


@dataclass(frozen=True)
class Table(Generic[ActionT, StateT]):
    """The one table of what may be done to a thing in which state, and the state that follows."""

    actions: type[ActionT]
    states: type[StateT]
    transitions: Mapping[ActionT, Mapping[StateT, StateT]]

    def can(self, action: ActionT, state: StateT) -> bool:
        """Say whether the action is possible in the state."""
        return state in self.transitions[action]

    def allowed_actions(self, state: StateT) -> list[ActionT]:
        """Return what may be done in a state, in the table's order."""
        return [action for action in self.actions if self.can(action, state)]

    def states_for(self, action: ActionT) -> list[StateT]:
        """Return the states in which an action is possible, in the order of the workflow."""
        return [state for state in self.states if self.can(action, state)]

    def next_state(self, action: ActionT, state: StateT) -> StateT:
        """Return the state after the action; raise `IllegalMove` where the table has no such move."""
        try:
            return self.transitions[action][state]
        except KeyError as absent:
            raise IllegalMove(action, state) from absent

    def moves(self) -> list[tuple[StateT, StateT]]:
        """Return every change of state the table admits, for the database trigger."""
        rows = self.transitions.values()
        return sorted({(old, new) for row in rows for old, new in row.items() if old is not new})
