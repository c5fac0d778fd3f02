"""What the person said before any point was given."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.models import rules
from cases.models.attribution import Attribution
from institutions.clock import local_date
from institutions.models.history import tracked
from institutions.models.pairing import all_or_none


@tracked()
class Statement(models.Model):
    """陈述申辩: what the person said in a window, and the officer's answer to it."""

    attribution = models.ForeignKey(Attribution, models.PROTECT, related_name="statements")
    window = models.PositiveSmallIntegerField(_("statement window"))
    text = models.TextField(_("text"))
    received_at = models.DateTimeField(_("received at"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    answer = models.TextField(_("answer"), blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        """Answered wholly or not at all."""

        verbose_name = _("statement")
        verbose_name_plural = _("statements")
        ordering = ["received_at"]
        indexes = [
            models.Index(fields=["received_at"], name="statement_unanswered", condition=Q(answered_at__isnull=True)),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(text__regex=r"\S"), name="statement_has_text"),
            all_or_none("statement_answer_is_whole", "answered_at", "answered_by"),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answer="") | Q(answered_at__isnull=False, answer__regex=r"\S"),
                name="statement_answer_has_text",
            ),
        ]
        triggers = [
            rules.refuse_when(
                "statement_stays_as_received",
                pgtrigger.Update,
                rules.changed("attribution_id", "window", "text", "received_at")
                + " OR (OLD.answered_at IS NOT NULL AND "
                + rules.changed("answer", "answered_at", "answered_by_id")
                + ")",
                "A statement is never edited, nor an answer once given",
            ),
            rules.never_delete("statement_is_kept", "A statement is never deleted"),
        ]

    def __str__(self) -> str:
        """Return when it came in."""
        return f"{local_date(self.received_at)}"

    @property
    def receipt(self) -> str:
        """Return the number under which it was acknowledged: CS, the year, and its own number."""
        return f"CS{self.received_at:%Y}-{self.pk:06d}"
