"""`WorkClaim` 认领: who has taken a row of a queue in hand, so that two officers do not do one piece of work."""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from institutions.models.history import tracked
from institutions.models.user import User


class ClaimEnd(models.TextChoices):
    """How a claim ended."""

    RELEASED = "released", _("released by the holder")
    LAPSED = "lapsed", _("lapsed, and somebody else claimed it")
    FREED = "freed", _("ended by an administrator")
    TAKEN_OVER = "taken_over", _("taken over")


@tracked()
class WorkClaim(models.Model):
    """One officer holds one row of one queue until a day, or until the claim is ended. At most one claim is open.

    The row is named by queue and key, and by its `reference` for those who manage claims without seeing the work.
    A claim that lapsed stays open until somebody else claims the row: it then holds nobody off.
    """

    queue = models.CharField(_("queue"), max_length=30, db_collation="C")
    subject_id = models.CharField(_("which"), max_length=40, db_collation="C")
    reference = models.CharField(_("reference"), max_length=120)
    region_code = models.CharField(_("region"), max_length=6, blank=True, db_collation="C")
    holder = models.ForeignKey(User, models.PROTECT, related_name="work_claims", verbose_name=_("who holds it"))
    claimed_at = models.DateTimeField(pgettext_lazy("work", "claimed at"))
    lapses_at = models.DateTimeField(_("lapses at"))
    end = models.CharField(_("how it ended"), max_length=12, choices=ClaimEnd.choices, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    ended_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("ended by")
    )
    end_reason = models.TextField(_("reason"), blank=True)

    class Meta:
        verbose_name = _("claim")
        verbose_name_plural = _("claims")
        ordering = ["-claimed_at", "-id"]
        indexes = [
            models.Index(fields=["holder", "queue"], condition=Q(ended_at__isnull=True), name="work_claim_of_holder"),
            models.Index(fields=["-claimed_at", "-id"], name="work_claim_latest"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["queue", "subject_id"], condition=Q(ended_at__isnull=True), name="work_claim_one_holder"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True, end="", end_reason="")
                | Q(ended_at__isnull=False, ended_by__isnull=False, end__in=ClaimEnd.values),
                name="work_claim_end_is_whole",
            ),
            models.CheckConstraint(
                condition=~Q(end__in=[ClaimEnd.FREED, ClaimEnd.TAKEN_OVER]) | Q(end_reason__regex=r"\S"),
                name="work_claim_ended_for_a_reason",
            ),
            models.CheckConstraint(condition=Q(lapses_at__gt=F("claimed_at")), name="work_claim_lapses_later"),
        ]
        triggers = [
            pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="claim_stays_as_made",
                fields=["queue", "subject_id", "reference", "region_code", "holder", "claimed_at", "lapses_at"],
            ),
            pgtrigger.Protect(
                name="ended_claim_stays_ended",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__ended_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.reference
