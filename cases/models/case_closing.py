"""A case that ends without anybody being scored, and its reopening."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cases.models import rules
from cases.models.case_file import CaseFile
from institutions.clock import local_date
from institutions.models.history import tracked
from institutions.models.pairing import all_or_none


@tracked()
class CaseClosing(models.Model):
    """无人记分结案: a second officer's decision, with reasons, that nobody is scored in a case.

    While it stands the case waits in no queue and takes nobody. Reopened with a reason it stays on record.
    """

    case = models.ForeignKey(CaseFile, models.PROTECT, related_name="closings")
    reasons = models.TextField(_("reasons"))
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(_("closed at"))
    reopened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    reopened_at = models.DateTimeField(_("reopened at"), null=True, blank=True)
    reopened_reason = models.TextField(_("reason of reopening"), blank=True)

    class Meta:
        """One standing per case, by somebody who did not bring the case in; reopened once, never edited."""

        verbose_name = _("case closed without points")
        verbose_name_plural = _("cases closed without points")
        ordering = ["-closed_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(reopened_at__isnull=True), name="case_is_closed_once"),
            models.CheckConstraint(condition=Q(reasons__regex=r"\S"), name="closing_has_reasons"),
            all_or_none("reopening_has_officer_and_instant", "reopened_at", "reopened_by"),
            models.CheckConstraint(
                condition=Q(reopened_at__isnull=True, reopened_reason="")
                | Q(reopened_at__gte=F("closed_at"), reopened_reason__regex=r"\S"),
                name="reopening_has_a_reason",
            ),
        ]
        triggers = [
            rules.refuse_when(
                "only_a_case_that_scores_nobody_is_closed",
                pgtrigger.Insert,
                "EXISTS (SELECT 1 FROM cases_attribution a WHERE a.case_id = NEW.case_id "
                "AND a.state NOT IN ('rejected', 'set_aside'))",
                "A case is closed without points only while nobody is, or may be, scored in it",
            ),
            rules.refuse_when(
                "whoever_brought_a_case_in_does_not_close_it",
                pgtrigger.Insert,
                "EXISTS (SELECT 1 FROM cases_casefile c WHERE c.id = NEW.case_id "
                "AND c.opened_by_id = NEW.closed_by_id)",
                "Two-officer rule: whoever brought the case in does not close it",
            ),
            rules.refuse_when(
                "closing_is_not_edited",
                pgtrigger.Update,
                rules.changed("case_id", "reasons", "closed_by_id", "closed_at")
                + " OR (OLD.reopened_at IS NOT NULL AND "
                + rules.changed("reopened_by_id", "reopened_at", "reopened_reason")
                + ")",
                "A closing is reopened once and never edited",
            ),
            rules.never_delete("closing_is_kept", "A closing is never deleted"),
        ]

    def __str__(self) -> str:
        """Return the day."""
        return f"{local_date(self.closed_at)}"
