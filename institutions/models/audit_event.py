"""`AuditEvent`: who did what, when and why. Inserted, never changed."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from institutions.models.append_only import AppendOnlyModel
from institutions.models.user import User


class AuditEvent(AppendOnlyModel):
    """One act. `by` is empty where the system acted; `context_id` links the row histories written by the same act.

    `acted_for` is the colleague whose roles allowed the act, where `by` stood in for them (ADR 0051).
    """

    id = models.BigAutoField(primary_key=True)
    action = models.CharField(_("action"), max_length=80, db_index=True, db_collation="C")
    subject_type = models.CharField(_("kind of thing"), max_length=80, db_collation="C")
    subject_id = models.CharField(_("which"), max_length=80, db_collation="C")
    region_code = models.CharField(_("region"), max_length=6, blank=True, db_collation="C")
    by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="audit_events",
        verbose_name=pgettext_lazy("who acted", "by"),
    )
    acted_for = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("in the name of")
    )
    at = models.DateTimeField(_("at"))
    recorded_at = models.DateTimeField(_("recorded at"), db_default=Now(), editable=False)
    reason = models.TextField(_("reason"), blank=True)
    detail = models.JSONField(_("detail"), default=dict)
    context_id = models.UUIDField(_("request"), null=True, blank=True, editable=False)

    class Meta(AppendOnlyModel.Meta):
        abstract = False
        verbose_name = _("audit event")
        verbose_name_plural = _("audit events")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["subject_type", "subject_id"], name="audit_event_subject"),
            models.Index(fields=["at"], name="audit_event_at"),
            models.Index(fields=["context_id"], name="audit_event_context"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(acted_for__isnull=True) | (Q(by__isnull=False) & ~Q(by=F("acted_for"))),
                name="audit_event_acted_for_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.subject_type} {self.subject_id}"

    @property
    def actor(self) -> str:
        """Return who acted, and for whom: "X for Y"; "" where the system did."""
        if self.by is None or self.acted_for is None:
            return self.by.username if self.by is not None else ""
        return _("%(deputy)s for %(officer)s") % {"deputy": self.by.username, "officer": self.acted_for.username}
