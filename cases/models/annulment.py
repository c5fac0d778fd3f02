"""The decision against the institution falls, whole or by finding, and may be put back by a higher court."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cases.models import rules
from cases.models.attribution import Attribution
from cases.models.case_file import CaseFile
from cases.models.choices import STATE_CHOICES
from cases.models.finding import Finding
from institutions.models.append_only import AppendOnlyModel
from institutions.models.history import tracked
from institutions.models.pairing import all_or_none
from scoring.models import PointsEntry


@tracked()
class Annulment(models.Model):
    """The annulment of a basis, or of one of its findings; open until a higher court reinstates what was annulled."""

    case = models.ForeignKey(CaseFile, models.PROTECT, related_name="annulments", verbose_name=_("case"))
    finding = models.ForeignKey(
        Finding, models.PROTECT, null=True, blank=True, related_name="annulments", verbose_name=_("finding")
    )
    annulled_on = models.DateField(_("annulled on"))
    reason = models.TextField(_("reason"))
    recorded_at = models.DateTimeField(_("recorded at"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reinstated_on = models.DateField(_("reinstated on"), null=True, blank=True)
    reinstated_reason = models.TextField(_("reason of the reinstatement"), blank=True)
    reinstated_at = models.DateTimeField(_("reinstatement recorded at"), null=True, blank=True)
    reinstated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        """One open annulment per case and finding; written once, closed once."""

        verbose_name = _("annulment")
        verbose_name_plural = _("annulments")
        ordering = ["case", "recorded_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "finding"],
                condition=Q(reinstated_at__isnull=True),
                nulls_distinct=False,
                name="one_open_annulment_per_case_and_finding",
            ),
            models.CheckConstraint(condition=Q(reason__regex=r"\S"), name="annulment_gives_its_reason"),
            all_or_none("reinstatement_has_day_officer_and_instant", "reinstated_on", "reinstated_at", "reinstated_by"),
            models.CheckConstraint(
                condition=Q(reinstated_on__isnull=True, reinstated_reason="")
                | Q(reinstated_on__isnull=False, reinstated_reason__regex=r"\S"),
                name="reinstatement_gives_its_reason",
            ),
            models.CheckConstraint(
                condition=Q(reinstated_on__isnull=True) | Q(reinstated_on__gte=F("annulled_on")),
                name="reinstatement_follows_the_annulment",
            ),
        ]
        triggers = [
            rules.refuse_when(
                "annulment_is_not_edited",
                pgtrigger.Update,
                rules.changed("case_id", "finding_id", "annulled_on", "reason", "recorded_at", "recorded_by_id")
                + " OR (OLD.reinstated_at IS NOT NULL AND "
                + rules.changed("reinstated_on", "reinstated_reason", "reinstated_at", "reinstated_by_id")
                + ")",
                "An annulment is never edited; a court may reinstate what was annulled, once",
            ),
            rules.refuse_when(
                "annulled_finding_is_of_the_case",
                pgtrigger.Insert,
                "NEW.finding_id IS NOT NULL AND NOT EXISTS "
                "(SELECT 1 FROM cases_finding f WHERE f.id = NEW.finding_id AND f.case_id = NEW.case_id)",
                "Only a finding of the case is annulled in it",
            ),
            rules.never_delete("annulment_is_kept", "An annulment is never deleted"),
        ]

    def __str__(self) -> str:
        """Return the case and the day."""
        return f"{self.case_id} {self.annulled_on}"

    @property
    def is_open(self) -> bool:
        """Say whether nobody has reinstated what was annulled."""
        return self.reinstated_at is None


class AnnulmentEffect(AppendOnlyModel):
    """What an annulment did to one attribution, so that a reinstatement puts back exactly that."""

    annulment = models.ForeignKey(Annulment, models.PROTECT, related_name="effects")
    attribution = models.ForeignKey(Attribution, models.PROTECT, related_name="annulment_effects")
    state_before = models.CharField(_("state before"), max_length=20, choices=STATE_CHOICES)
    is_set_aside = models.BooleanField(_("set aside"))
    entry_before = models.ForeignKey(
        PointsEntry, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("award that stood")
    )

    class Meta(AppendOnlyModel.Meta):
        """Once per annulment and attribution."""

        abstract = False
        verbose_name = _("effect of an annulment")
        verbose_name_plural = _("effects of annulments")
        constraints = [
            models.UniqueConstraint(fields=["annulment", "attribution"], name="annulment_hits_an_attribution_once"),
        ]

    def __str__(self) -> str:
        """Return the state before."""
        return f"{self.attribution_id} {self.state_before}"
