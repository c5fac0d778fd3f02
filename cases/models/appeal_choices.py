"""The fixed vocabularies of appeals, with the words an officer sees for them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.states.appeal import Action, State
from institutions.errors import Text


class Outcome(models.TextChoices):
    """How an appeal ended. The first four are decided by an officer, the others are not."""

    UPHELD = "upheld", _("Upheld: the decision stands")
    OVERTURNED = "overturned", _("Overturned: the decision falls")
    VARIED = "varied", _("Varied: fewer points")
    INADMISSIBLE = "inadmissible", _("Inadmissible: not heard")
    WITHDRAWN = "withdrawn", _("Withdrawn by the person")
    ELEVATED = "elevated", _("Taken to the second level without an answer")
    MOOT = "moot", _("Without object: the decision fell for another reason")


DECIDED_OUTCOMES = (Outcome.UPHELD, Outcome.OVERTURNED, Outcome.VARIED, Outcome.INADMISSIBLE)
# A refusal, whole or in part, opens the second level.
REFUSALS = (Outcome.UPHELD, Outcome.VARIED, Outcome.INADMISSIBLE)


class MessageKind(models.TextChoices):
    """What is written within an appeal."""

    QUESTION = "question", _("Question to the person")
    ANSWER = "answer", _("Answer of the person")


APPEAL_STATE_LABELS: dict[State, Text] = {
    State.FILED: _("Filed"),
    State.ACCEPTED: _("Accepted"),
    State.AWAITING_ANSWER: _("Waiting for the person's answer"),
    State.DECIDED: _("Decided"),
    State.WITHDRAWN: _("Withdrawn"),
    State.ELEVATED: _("Taken to the second level"),
    State.MOOT: _("Without object"),
}
APPEAL_STATE_CHOICES = [(state.value, label) for state, label in APPEAL_STATE_LABELS.items()]

APPEAL_ACTION_LABELS: dict[Action, Text] = {
    Action.ASSIGN: _("Assign"),
    Action.ACCEPT: _("Accept"),
    Action.FIND_INADMISSIBLE: _("Find inadmissible"),
    Action.ASK: _("Ask a question"),
    Action.ANSWER: _("Answer a question"),
    Action.RESUME: _("Go on without an answer"),
    Action.DECLARE_CONFLICT: _("Declare whether there is a conflict of interest"),
    Action.ATTACH_OPINION: _("Attach an expert's opinion"),
    Action.DECIDE: _("Decide"),
    Action.WITHDRAW: _("Withdraw"),
    Action.ELEVATE: _("Take to the second level"),
    Action.CLOSE_AS_MOOT: _("Close as without object"),
}
