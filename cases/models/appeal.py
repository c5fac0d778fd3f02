"""异议申诉: what the person brought against a decision that reached them, and what became of it.

The service functions state the rules in words; the constraints and triggers (`appeal_rules`) make the database refuse
the same things to anybody, psql included.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.models import appeal_rules
from cases.models.appeal_choices import APPEAL_STATE_CHOICES, Outcome
from cases.models.attribution import Attribution
from cases.states.appeal import INITIAL, OPEN
from institutions.identifiers import new_id
from institutions.models.history import tracked

FIRST_LEVEL, SECOND_LEVEL = 1, 2
OPEN_STATES = sorted(state.value for state in OPEN)


@tracked()
class Appeal(models.Model):
    """One appeal against one decision, at the first or the second level; at most one of a decision is open."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    receipt = models.CharField(_("receipt number"), max_length=24, unique=True, db_collation="C")
    attribution = models.ForeignKey(Attribution, models.PROTECT, related_name="appeals", verbose_name=_("attribution"))
    level = models.PositiveSmallIntegerField(_("level"), default=FIRST_LEVEL)
    previous = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="elevated_to", verbose_name=_("first level")
    )
    state = models.CharField(_("state"), max_length=20, choices=APPEAL_STATE_CHOICES, default=INITIAL.value)

    grounds = models.TextField(_("grounds"))
    filed_at = models.DateTimeField(_("filed at"))
    filed_on = models.DateField(_("filed on"))  # the day it came in: a letter may be put down later
    # Empty where the person filed it themselves, else the officer who took it in.
    filed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    deadline_on = models.DateField(_("could be filed until"), null=True, blank=True)
    is_late = models.BooleanField(_("late"), default=False)
    late_reason = models.TextField(_("reason of being late"), blank=True)
    stays = models.BooleanField(_("the measure waits for the outcome"), default=False)

    # The clock: working days left, counted from the day after `clock_from_on`; a question stops it.
    clock_from_on = models.DateField(_("clock runs from"))
    decide_days_left = models.PositiveSmallIntegerField(_("working days left to decide"), null=True, blank=True)
    silence_days_left = models.PositiveSmallIntegerField(_("working days left of silence"), null=True, blank=True)
    decision_due_on = models.DateField(_("decision due on"), null=True, blank=True)
    silence_until_on = models.DateField(_("second level open after"), null=True, blank=True)
    due_provisional = models.BooleanField(_("due date provisional"), default=False)
    paused_on = models.DateField(_("clock stopped on"), null=True, blank=True)
    answer_due_on = models.DateField(_("answer due on"), null=True, blank=True)
    overdue_at = models.DateTimeField(_("noted as overdue at"), null=True, blank=True)
    silence_noted_at = models.DateTimeField(_("second level noted as open at"), null=True, blank=True)

    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("officer")
    )
    assigned_at = models.DateTimeField(_("assigned at"), null=True, blank=True)
    accepted_at = models.DateTimeField(_("accepted at"), null=True, blank=True)
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    outcome = models.CharField(_("outcome"), max_length=20, choices=Outcome, blank=True)
    outcome_reasons = models.TextField(_("reasons of the outcome"), blank=True)
    points_before = models.PositiveSmallIntegerField(_("points before"), null=True, blank=True)
    points_after = models.PositiveSmallIntegerField(_("points after"), null=True, blank=True)
    decided_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    second_level_until_on = models.DateField(_("second level until"), null=True, blank=True)

    class Meta:
        """One open appeal per decision, one per level; closed only with an outcome and reasons."""

        verbose_name = _("appeal")
        verbose_name_plural = _("appeals")
        ordering = ["-filed_at", "-id"]
        indexes = [
            models.Index(fields=["state", "decision_due_on"], name="appeal_queue"),
            models.Index(fields=["assigned_to"], name="appeal_of_officer", condition=Q(state__in=OPEN_STATES)),
            models.Index(fields=["-filed_at", "-id"], name="appeal_filed"),
        ]
        constraints = appeal_rules.CONSTRAINTS
        triggers = appeal_rules.TRIGGERS

    def __str__(self) -> str:
        """Return the receipt number."""
        return self.receipt

    @property
    def is_open(self) -> bool:
        """Say whether it waits for an outcome."""
        return self.state in OPEN
