"""The one table of what may happen to an attribution, and in which state. Pure; no Django.

draft → proposed → intent_served → decided → served → effective, or intent_served → rejected; a grave decision may be
`held` between decided and served, until another officer releases it. `set_aside` ends an
attribution whose basis was annulled, that lost on appeal, or that was withdrawn before the person was told; only a
higher court that reinstates the basis moves it again, or an officer who takes up what was withdrawn. A change to the
person's disadvantage returns it from intent_served to proposed, and a new statement window follows. Services ask this
table before they write; the database trigger on the table `cases_attribution` is built from it.
"""

from collections.abc import Mapping
from enum import StrEnum

from cases.states.table import Table


class State(StrEnum):
    """Where an attribution stands."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    INTENT_SERVED = "intent_served"
    DECIDED = "decided"
    HELD = "held"
    REJECTED = "rejected"
    SERVED = "served"
    EFFECTIVE = "effective"
    SET_ASIDE = "set_aside"


class Action(StrEnum):
    """What may be done to an attribution."""

    EDIT = "edit"
    PROPOSE = "propose"
    WITHDRAW = "withdraw"
    COUNTERSIGN = "countersign"
    SERVE_INTENT = "serve_intent"
    RECORD_STATEMENT = "record_statement"
    ANSWER_STATEMENT = "answer_statement"
    ASK_EXPERT = "ask_expert"
    RETURN = "return"
    DECIDE = "decide"
    REJECT = "reject"
    HOLD = "hold"
    RELEASE = "release"
    SEND_BACK = "send_back"
    SERVE = "serve"
    MAKE_EFFECTIVE = "make_effective"
    VARY = "vary"
    SET_ASIDE = "set_aside"
    REINSTATE = "reinstate"
    REINSTATE_SERVED = "reinstate_served"
    REINSTATE_DECIDED = "reinstate_decided"
    REINSTATE_HELD = "reinstate_held"
    REOPEN = "reopen"
    RESUME = "resume"


INITIAL = State.DRAFT
FINAL = frozenset({State.REJECTED, State.SET_ASIDE})

TRANSITIONS: Mapping[Action, Mapping[State, State]] = {
    Action.EDIT: {
        State.DRAFT: State.DRAFT,
        State.PROPOSED: State.PROPOSED,
        State.INTENT_SERVED: State.INTENT_SERVED,  # to the person's advantage only; else it is a RETURN
    },
    Action.PROPOSE: {State.DRAFT: State.PROPOSED},
    # A mistake that nobody was told of: it ends without a decision, and may be taken up again (RESUME).
    Action.WITHDRAW: {State.DRAFT: State.SET_ASIDE, State.PROPOSED: State.SET_ASIDE},
    Action.COUNTERSIGN: {
        State.PROPOSED: State.PROPOSED,
        State.INTENT_SERVED: State.INTENT_SERVED,
    },
    Action.SERVE_INTENT: {State.PROPOSED: State.INTENT_SERVED},
    Action.RECORD_STATEMENT: {State.INTENT_SERVED: State.INTENT_SERVED},
    Action.ANSWER_STATEMENT: {State.INTENT_SERVED: State.INTENT_SERVED},
    Action.ASK_EXPERT: {State.INTENT_SERVED: State.INTENT_SERVED},
    Action.RETURN: {State.INTENT_SERVED: State.PROPOSED},
    Action.DECIDE: {State.INTENT_SERVED: State.DECIDED},
    Action.REJECT: {State.INTENT_SERVED: State.REJECTED},
    # Where the rules in force hold a grave decision, it has no letter and no service before its release.
    Action.HOLD: {State.DECIDED: State.HELD},
    Action.RELEASE: {State.HELD: State.DECIDED},
    Action.SEND_BACK: {State.HELD: State.INTENT_SERVED},
    Action.SERVE: {State.DECIDED: State.SERVED},
    Action.MAKE_EFFECTIVE: {State.SERVED: State.EFFECTIVE},
    Action.VARY: {State.EFFECTIVE: State.EFFECTIVE},
    Action.SET_ASIDE: {
        State.DRAFT: State.SET_ASIDE,
        State.PROPOSED: State.SET_ASIDE,
        State.INTENT_SERVED: State.SET_ASIDE,
        State.DECIDED: State.SET_ASIDE,
        State.HELD: State.SET_ASIDE,
        State.SERVED: State.SET_ASIDE,
        State.EFFECTIVE: State.SET_ASIDE,
    },
    # A higher court puts back the basis whose annulment had ended it: a decision is where it was, and what was on its
    # way begins anew, since the person was told that it was over.
    Action.REINSTATE: {State.SET_ASIDE: State.EFFECTIVE},
    Action.REINSTATE_SERVED: {State.SET_ASIDE: State.SERVED},
    Action.REINSTATE_DECIDED: {State.SET_ASIDE: State.DECIDED},
    Action.REINSTATE_HELD: {State.SET_ASIDE: State.HELD},
    Action.REOPEN: {State.SET_ASIDE: State.DRAFT},
    Action.RESUME: {State.SET_ASIDE: State.DRAFT},  # only what was withdrawn
}

TABLE: Table[Action, State] = Table(Action, State, TRANSITIONS)
