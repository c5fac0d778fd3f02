"""What was proposed each time, and the second signature under it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.models import attribution_rules
from cases.models.attribution import Attribution
from institutions.models.append_only import AppendOnlyModel


class Proposal(AppendOnlyModel):
    """What was proposed, each time: the lines as they stood. Kept, so that a signature says what it was given for."""

    attribution = models.ForeignKey(Attribution, models.PROTECT, related_name="proposals")
    number = models.PositiveSmallIntegerField(_("number"))
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(_("proposed at"))
    points = models.PositiveSmallIntegerField(_("points"))
    months = models.PositiveSmallIntegerField(_("months of suspension"), null=True, blank=True)
    lines = models.JSONField(_("lines"))

    class Meta(AppendOnlyModel.Meta):
        """Numbered within the attribution."""

        verbose_name = _("proposal")
        verbose_name_plural = _("proposals")
        ordering = ["attribution", "number"]
        constraints = [
            models.UniqueConstraint(fields=["attribution", "number"], name="proposal_numbered_once"),
        ]

    def __str__(self) -> str:
        """Return its number and points."""
        return f"#{self.number}: {self.points}"


class Countersignature(AppendOnlyModel):
    """A second officer's signature under points or a term outside the suggested range, for one proposal only."""

    proposal = models.OneToOneField(Proposal, models.PROTECT, related_name="countersignature")
    reason = models.TextField(_("reason"))
    concerns = models.JSONField(_("what is outside the range"))
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    signed_at = models.DateTimeField(_("signed at"))

    class Meta(AppendOnlyModel.Meta):
        """Never by somebody who proposed."""

        verbose_name = _("countersignature")
        verbose_name_plural = _("countersignatures")
        constraints = [
            models.CheckConstraint(condition=Q(reason__regex=r"\S"), name="countersignature_has_a_reason"),
        ]
        triggers = [*AppendOnlyModel.Meta.triggers, *attribution_rules.COUNTERSIGNATURE_TRIGGERS]

    def __str__(self) -> str:
        """Return which proposal it signs."""
        return str(self.proposal)

    @property
    def is_valid(self) -> bool:
        """Say whether the proposal it signs is still the latest: editing the proposal voids the signature."""
        later = Proposal.objects.filter(attribution_id=self.proposal.attribution_id, number__gt=self.proposal.number)
        return not later.exists()
