"""`PractitionerMerge`: two records of one person become one account, by two officers; and apart again."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from institutions.identifiers import new_id
from institutions.models.history import tracked
from institutions.models.pairing import all_or_none
from institutions.models.practitioner import Practitioner
from institutions.models.refusing import BEFORE_WRITE, as_one, newly, refuse_when


class MergeDecision(models.TextChoices):
    """What the second officer decided."""

    APPROVED = "approved", _("approved")
    REFUSED = "refused", _("refused")


def _second(decider: str, proposer: str, at: str) -> pgtrigger.Trigger:
    """Build the trigger that refuses whoever counts as one person with the proposer (ADR 0051)."""
    return refuse_when(
        f"deputies_count_as_{proposer.removesuffix('_by_id')}",
        BEFORE_WRITE,
        f"{newly(decider)} AND "
        + as_one(f"NEW.{decider}", f"NEW.{proposer}", f"NEW.{at}", "institutions.practitionermerge"),
        "Two-officer rule: whoever counts as one person with the proposer does not decide",
    )


@tracked()
class PractitionerMerge(models.Model):
    """A proposal that `gone` is the person of `kept`, its decision, and its undoing.

    No row of the ledger is touched: entries keep their record, and the person's account is the union. `preview` is
    what the proposal was shown to cause; who approves, approves that. Proposer ≠ decider, for the undoing as well.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kept = models.ForeignKey(Practitioner, models.PROTECT, related_name="merges_kept", verbose_name=_("kept"))
    gone = models.ForeignKey(Practitioner, models.PROTECT, related_name="merges_gone", verbose_name=_("merged"))
    reason = models.TextField(_("reason"))
    preview = models.JSONField(_("what it would cause"), default=dict)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("proposed by")
    )
    proposed_at = models.DateTimeField(_("proposed at"))
    decision = models.CharField(  # noqa: DJ001  empty together with who and when
        _("decision"), max_length=10, choices=MergeDecision.choices, null=True, blank=True
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decision_reason = models.TextField(_("reason of the decision"), blank=True)
    effective_on = models.DateField(_("one account from"), null=True, blank=True)
    recorded_at = models.DateTimeField(_("recorded at"), null=True, blank=True)
    undo_reason = models.TextField(_("why to be undone"), blank=True)
    undo_proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("undoing proposed by"),
    )
    undo_proposed_at = models.DateTimeField(_("undoing proposed at"), null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("undone by")
    )
    undone_at = models.DateTimeField(_("undone at"), null=True, blank=True)
    undo_recorded_at = models.DateTimeField(_("undoing recorded at"), null=True, blank=True)

    class Meta:
        verbose_name = _("merge of records")
        verbose_name_plural = _("merges of records")
        ordering = ["-proposed_at"]
        constraints = [
            models.CheckConstraint(condition=~Q(kept=F("gone")), name="merge_of_two_records"),
            models.CheckConstraint(condition=~Q(reason=""), name="merge_has_a_reason"),
            models.CheckConstraint(condition=~Q(decided_by=F("proposed_by")), name="merge_second_officer"),
            models.CheckConstraint(
                condition=~Q(undone_by=F("undo_proposed_by")), name="merge_undone_by_second_officer"
            ),
            models.CheckConstraint(
                condition=Q(decision__isnull=True) | Q(decision__in=MergeDecision.values), name="merge_decision_known"
            ),
            all_or_none("merge_decided_all_or_none", "decision", "decided_by", "decided_at"),
            all_or_none("merge_undo_proposed_all_or_none", "undo_proposed_by", "undo_proposed_at"),
            all_or_none("merge_undone_all_or_none", "undone_by", "undone_at", "undo_recorded_at"),
            models.CheckConstraint(
                condition=Q(decision="approved", effective_on__isnull=False, recorded_at__isnull=False)
                | (
                    Q(effective_on__isnull=True, recorded_at__isnull=True, undo_proposed_at__isnull=True)
                    & (Q(decision__isnull=True) | ~Q(decision="approved"))
                ),
                name="merge_dated_when_approved",
            ),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True) | Q(undo_proposed_at__isnull=False), name="merge_undone_if_proposed"
            ),
            models.UniqueConstraint(
                fields=["gone"], condition=Q(decision__isnull=True), name="merge_one_open_proposal"
            ),
            models.UniqueConstraint(
                fields=["gone"],
                condition=Q(decision="approved", undone_at__isnull=True),
                name="merge_one_standing",
            ),
        ]

        triggers = [
            _second("decided_by_id", "proposed_by_id", "decided_at"),
            _second("undone_by_id", "undo_proposed_by_id", "undone_at"),
        ]

    def __str__(self) -> str:
        return f"{self.gone_id} → {self.kept_id}"
