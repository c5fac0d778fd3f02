"""The fixed vocabularies of repairs and new registrations, with the words an officer sees for them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.states.repair import Action, EntryAction, EntryState, State
from institutions.errors import Text


class Activity(models.TextChoices):
    """How points are earned back."""

    COURSE = "course", _("Course on the clause, with questions")
    VOLUNTEER = "volunteer", _("Volunteer work for the insurance")
    INSPECTION = "inspection", _("Help in an inspection")


class RepairOutcome(models.TextChoices):
    """How an application ended, where an officer decided it."""

    APPROVED = "approved", _("Approved")
    REFUSED = "refused", _("Refused")


REPAIR_STATE_LABELS: dict[State, Text] = {
    State.STARTED: _("Started"),
    State.SUBMITTED: _("Submitted"),
    State.APPROVED: _("Approved"),
    State.REFUSED: _("Refused"),
    State.WITHDRAWN: _("Withdrawn"),
}
REPAIR_STATE_CHOICES = [(state.value, label) for state, label in REPAIR_STATE_LABELS.items()]
REPAIR_ACTION_LABELS: dict[Action, Text] = {
    Action.TAKE_QUIZ: _("Answer the questions"),
    Action.ADD_FILES: _("Add files"),
    Action.SUBMIT: _("Submit"),
    Action.APPROVE: _("Approve"),
    Action.REFUSE: _("Refuse"),
    Action.WITHDRAW: _("Withdraw"),
}

ENTRY_STATE_LABELS: dict[EntryState, Text] = {
    EntryState.ENTERED: _("Entered"),
    EntryState.APPROVED: _("Approved"),
    EntryState.REFUSED: _("Refused"),
    EntryState.WITHDRAWN: _("Withdrawn"),
}
ENTRY_STATE_CHOICES = [(state.value, label) for state, label in ENTRY_STATE_LABELS.items()]
ENTRY_ACTION_LABELS: dict[EntryAction, Text] = {
    EntryAction.ADD_FILES: _("Add files"),
    EntryAction.APPROVE: _("Approve"),
    EntryAction.REFUSE: _("Refuse"),
    EntryAction.WITHDRAW: _("Withdraw"),
}
