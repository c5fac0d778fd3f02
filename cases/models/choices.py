"""The fixed vocabularies of case work, with the words an officer sees for them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.policy.factors import Factor
from cases.states import Action, State
from institutions.errors import Text


class Source(models.TextChoices):
    """Where the case came from."""

    FLYING_INSPECTION = "flying_inspection", _("Flying inspection")
    SMART_SUPERVISION = "smart_supervision", _("Smart supervision")
    TRACEABILITY = "traceability", _("Traceability codes")
    BIG_DATA = "big_data", _("Big-data model")
    TIP_OFF = "tip_off", _("Tip-off")
    SELF_CHECK = "self_check", _("Self-check")


class BasisKind(models.TextChoices):
    """What was decided against the institution; each clause names the kinds it accepts."""

    ADMINISTRATIVE_PENALTY = "administrative_penalty", _("Administrative penalty")
    AGREEMENT_HANDLING = "agreement_handling", _("Agreement handling")
    CIRCULAR = "circular", _("Circular")
    OTHER_AUTHORITY_DECISION = "other_authority_decision", _("Decision of another authority")


class Degree(models.TextChoices):
    """How far a person is responsible."""

    GENERAL = "general", _("General responsibility")
    IMPORTANT = "important", _("Important responsibility")
    PRINCIPAL = "principal", _("Principal responsibility")


class Decision(models.TextChoices):
    """What the second officer decided."""

    DECIDED = "decided", _("Points are given")
    REJECTED = "rejected", _("No points")


class ServiceKind(models.TextChoices):
    """Which letter reached the person."""

    INTENT = "intent", _("Notice of intent")
    DECISION = "decision", _("Decision")


class ServiceMethod(models.TextChoices):
    """How a letter reached the person."""

    PORTAL = "portal", _("Opened in the portal")
    HR_HANDOVER = "hr_handover", _("Handed over by the institution, with receipt")
    POST = "post", _("Post")
    PUBLIC_NOTICE = "public_notice", _("Public notice")
    DEEMED = "deemed", _("Left with the person, who would not accept it")


FACTOR_LABELS: dict[Factor, Text] = {
    Factor.SELF_REPORT: _("Reported it themselves"),
    Factor.ORDERED_BY_SUPERIOR: _("Ordered by a superior"),
    Factor.REFUSED_TO_COOPERATE: _("Refused to cooperate"),
    Factor.REPEAT: _("Did it again"),
}

STATE_LABELS: dict[State, Text] = {
    State.DRAFT: _("Draft"),
    State.PROPOSED: _("Proposed"),
    State.INTENT_SERVED: _("Person told what is intended"),
    State.DECIDED: _("Decided"),
    State.HELD: _("Held for another officer"),
    State.REJECTED: _("Rejected"),
    State.SERVED: _("Decision served"),
    State.EFFECTIVE: _("In effect"),
    State.SET_ASIDE: _("Set aside"),
}
STATE_CHOICES = [(state.value, label) for state, label in STATE_LABELS.items()]

ACTION_LABELS: dict[Action, Text] = {
    Action.EDIT: _("Edit the lines"),
    Action.PROPOSE: _("Propose"),
    Action.WITHDRAW: _("Withdraw"),
    Action.COUNTERSIGN: _("Countersign"),
    Action.SERVE_INTENT: _("Record that the person was told what is intended"),
    Action.RECORD_STATEMENT: _("Record a statement"),
    Action.ANSWER_STATEMENT: _("Answer a statement"),
    Action.ASK_EXPERT: _("Ask an expert"),
    Action.RETURN: _("Return for changes"),
    Action.DECIDE: _("Decide"),
    Action.REJECT: _("Reject"),
    Action.HOLD: _("Hold for another officer"),
    Action.RELEASE: _("Release"),
    Action.SEND_BACK: _("Send back undecided"),
    Action.SERVE: _("Record the service of the decision"),
    Action.MAKE_EFFECTIVE: _("Put into effect"),
    Action.VARY: _("Vary"),
    Action.SET_ASIDE: _("Set aside"),
    Action.REINSTATE: _("Put back into effect"),
    Action.REINSTATE_SERVED: _("Put back as served"),
    Action.REINSTATE_DECIDED: _("Put back as decided"),
    Action.REINSTATE_HELD: _("Put back as held"),
    Action.REOPEN: _("Begin anew"),
    Action.RESUME: _("Take up again"),
}
