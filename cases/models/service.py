"""How letters reached the person."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.models.attribution import Attribution
from cases.models.choices import ServiceKind, ServiceMethod
from institutions.models.append_only import AppendOnlyModel


class Service(AppendOnlyModel):
    """送达: one letter that reached the person, with the day and the proof."""

    attribution = models.ForeignKey(Attribution, models.PROTECT, related_name="services")
    kind = models.CharField(_("kind"), max_length=10, choices=ServiceKind)
    window = models.PositiveSmallIntegerField(_("statement window"))
    method = models.CharField(_("method"), max_length=20, choices=ServiceMethod)
    on = models.DateField(_("served on"))
    proof = models.CharField(_("proof"), max_length=300)
    recorded_at = models.DateTimeField(_("recorded at"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta(AppendOnlyModel.Meta):
        """Each letter of each window once, always with a proof."""

        verbose_name = _("service")
        verbose_name_plural = _("services")
        ordering = ["recorded_at"]
        constraints = [
            models.UniqueConstraint(fields=["attribution", "kind", "window"], name="letter_is_served_once_per_window"),
            models.CheckConstraint(condition=Q(kind__in=ServiceKind.values), name="service_kind_is_known"),
            models.CheckConstraint(condition=Q(method__in=ServiceMethod.values), name="service_method_is_known"),
            models.CheckConstraint(condition=Q(proof__regex=r"\S"), name="service_has_a_proof"),
        ]

    def __str__(self) -> str:
        """Return kind and day."""
        return f"{self.kind} {self.on}"
