"""`StatusChange`: each change of a published status, once and in the order in which it became known."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from institutions.models import Practitioner
from institutions.models.append_only import AppendOnlyModel


class ChangeKind(models.TextChoices):
    """Why a line of the feed is there."""

    STATUS = "status", _("change of status")
    CORRECTION = "correction", _("correction")
    UNPUBLISHED = "unpublished", _("no longer published")


class StatusChange(AppendOnlyModel):
    """One line of the feed: the status that holds from `on`, its first and last day, and whether it corrects earlier
    lines. Numbers are given under a lock that is held to the commit: whoever has read one has read all before it.
    """

    number = models.BigAutoField(_("number"), primary_key=True)
    practitioner = models.ForeignKey(
        Practitioner, models.PROTECT, related_name="status_changes", verbose_name=_("practitioner")
    )
    kind = models.CharField(_("kind"), max_length=12, choices=ChangeKind.choices)
    on = models.DateField(_("date"))
    status = models.CharField(_("status"), max_length=12, blank=True, db_collation="C")
    status_from = models.DateField(_("first day"), null=True, blank=True)
    until = models.DateField(_("last day"), null=True, blank=True)
    may_reapply = models.BooleanField(_("may apply again"), default=False)
    recorded_at = models.DateTimeField(_("recorded at"))

    class Meta(AppendOnlyModel.Meta):
        abstract = False
        verbose_name = _("status change")
        verbose_name_plural = _("status changes")
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=ChangeKind.UNPUBLISHED, status="")
                | Q(
                    kind__in=[ChangeKind.STATUS, ChangeKind.CORRECTION],
                    status__in=["normal", "suspended", "terminated"],
                ),
                name="status_change_says_a_status",
            ),
        ]
        indexes = [models.Index(fields=["practitioner", "number"], name="status_change_of_person")]

    def __str__(self) -> str:
        return f"{self.number} {self.kind} {self.status}"
