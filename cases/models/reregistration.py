"""再次登记备案: to be registered anew after a bar, with a new commitment at an institution."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.models import repair_rules
from cases.models.repair_choices import ENTRY_STATE_CHOICES, RepairOutcome
from cases.states.repair import ENTRY_INITIAL, EntryState
from institutions.identifiers import new_id
from institutions.models import Institution, Practitioner, Registration
from institutions.models.history import tracked


@tracked()
class ReregistrationApplication(models.Model):
    """One application, entered by somebody who answers for it and decided by another officer."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    receipt = models.CharField(_("receipt number"), max_length=24, unique=True, db_collation="C")
    practitioner = models.ForeignKey(
        Practitioner, models.PROTECT, related_name="reregistrations", verbose_name=_("practitioner")
    )
    institution = models.ForeignKey(
        Institution, models.PROTECT, related_name="reregistrations", verbose_name=_("institution")
    )
    state = models.CharField(_("state"), max_length=10, choices=ENTRY_STATE_CHOICES, default=ENTRY_INITIAL.value)
    commitment_on = models.DateField(_("commitment signed on"))
    department = models.CharField(_("department"), max_length=100, blank=True)
    position = models.CharField(_("position"), max_length=100, blank=True)
    entered_at = models.DateTimeField(_("entered at"))
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("entered by")
    )
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    outcome = models.CharField(_("decision"), max_length=10, choices=RepairOutcome, blank=True)
    outcome_reasons = models.TextField(_("reasons of the decision"), blank=True)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    event = models.OneToOneField(
        "scoring.AccountEvent", models.PROTECT, null=True, blank=True, related_name="reregistration_application"
    )
    registration = models.OneToOneField(
        Registration, models.PROTECT, null=True, blank=True, related_name="reregistration_application"
    )

    class Meta:
        """One open application per person; never decided by the one who entered it."""

        verbose_name = _("new registration after a bar")
        verbose_name_plural = _("new registrations after a bar")
        ordering = ["-entered_at", "-id"]
        indexes = [
            models.Index(fields=["-entered_at", "-id"], name="reregistration_entered"),
            models.Index(
                fields=["entered_at"], name="reregistration_queue", condition=Q(state=EntryState.ENTERED.value)
            ),
        ]
        constraints = repair_rules.ENTRY_CONSTRAINTS
        triggers = repair_rules.ENTRY_TRIGGERS

    def __str__(self) -> str:
        """Return the receipt number."""
        return self.receipt

    @property
    def source_key(self) -> str:
        """Return the key under which the account knows this registration."""
        return f"reregistration:{self.pk}"
