"""One table per aggregate: what may happen to it, and in which state. Pure; no Django.

The names of this page are those of the attribution (`cases.states.attribution`). Others are asked for by their file:
`cases.states.appeal`, `cases.states.repair`. What every table can be asked is in `cases.states.table`.
"""

from cases.states.attribution import FINAL, INITIAL, TABLE, TRANSITIONS, Action, State
from cases.states.table import IllegalMove, Table

__all__ = [
    "FINAL",
    "INITIAL",
    "TABLE",
    "TRANSITIONS",
    "Action",
    "IllegalMove",
    "State",
    "Table",
    "allowed_actions",
    "can",
    "moves",
    "next_state",
    "states_for",
]

allowed_actions = TABLE.allowed_actions
can = TABLE.can
moves = TABLE.moves
next_state = TABLE.next_state
states_for = TABLE.states_for
