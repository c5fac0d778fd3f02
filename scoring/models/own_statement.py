"""``OwnStatement`` 本人说明: what a scored person says in public beside the entry that is about them."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from institutions.identifiers import new_id
from institutions.models import Notice, Practitioner
from institutions.models.history import tracked
from institutions.models.pairing import all_or_none
from scoring.models.points_entry import PointsEntry

STAYS = """
IF OLD.practitioner_id <> NEW.practitioner_id OR OLD.entry_id <> NEW.entry_id OR OLD.text <> NEW.text
   OR OLD.notice_id <> NEW.notice_id OR OLD.submitted_at <> NEW.submitted_at THEN
  RAISE EXCEPTION 'own statement: a text is never edited; withdraw it and hand in another';
END IF;
IF OLD.decided_at IS NOT NULL AND (OLD.outcome <> NEW.outcome OR OLD.reasons <> NEW.reasons
   OR OLD.decided_at IS DISTINCT FROM NEW.decided_at OR OLD.decided_by_id IS DISTINCT FROM NEW.decided_by_id) THEN
  RAISE EXCEPTION 'own statement: it is decided once';
END IF;
IF OLD.withdrawn_at IS NOT NULL THEN
  RAISE EXCEPTION 'own statement: a withdrawn one stays as it is';
END IF;
RETURN NEW;
"""


class OwnStatementOutcome(models.TextChoices):
    """What an officer decided about showing a statement."""

    PUBLISHED = "published", _("Shown beside the record")
    REFUSED = "refused", _("Not shown")


@tracked()
class OwnStatement(models.Model):
    """Handed in by the person through a letter, shown once an officer has found nobody else named in it.

    It belongs to an award and is shown only where that award is: it goes when the entry leaves the page, and at once
    when the decision falls or the person withdraws it. The officer judges other people's names and contact data in it,
    never whether it is right.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    practitioner = models.ForeignKey(
        Practitioner, models.PROTECT, related_name="own_statements", verbose_name=_("practitioner")
    )
    entry = models.ForeignKey(PointsEntry, models.PROTECT, related_name="own_statements", verbose_name=_("entry"))
    notice = models.ForeignKey(Notice, models.PROTECT, related_name="own_statements", verbose_name=_("filed through"))
    text = models.TextField(_("text"))
    submitted_at = models.DateTimeField(_("handed in at"))
    outcome = models.CharField(_("outcome"), max_length=10, choices=OwnStatementOutcome, blank=True)
    reasons = models.TextField(_("reasons"), blank=True)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)

    class Meta:
        """One of an entry at a time; decided wholly, and refused with reasons."""

        verbose_name = _("own statement")
        verbose_name_plural = _("own statements")
        ordering = ["-submitted_at", "-id"]
        indexes = [
            models.Index(
                fields=["submitted_at"],
                name="own_statement_waits",
                condition=Q(decided_at__isnull=True, withdrawn_at__isnull=True),
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["entry"],
                condition=Q(withdrawn_at__isnull=True) & ~Q(outcome="refused"),
                name="own_statement_one_of_an_entry",
            ),
            models.CheckConstraint(condition=Q(text__regex=r"\S"), name="own_statement_has_text"),
            all_or_none("own_statement_decision_is_whole", "decided_at", "decided_by"),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, outcome="", reasons="")
                | Q(decided_at__isnull=False, outcome="published", reasons="")
                | Q(decided_at__isnull=False, outcome="refused", reasons__regex=r"\S"),
                name="own_statement_is_refused_with_reasons",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(name="stays", when=pgtrigger.Before, operation=pgtrigger.Update, func=STAYS),
            pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.submitted_at:%Y-%m-%d} {self.get_outcome_display()}"

    @property
    def receipt(self) -> str:
        """The number under which it was acknowledged: SM, the year, and the beginning of its id."""
        return f"SM{self.submitted_at:%Y}-{self.id.hex[-8:].upper()}"
