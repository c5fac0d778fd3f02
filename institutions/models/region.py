"""`Region`: an administrative division with its GB/T 2260 code."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from institutions.models.history import tracked


@tracked()
class Region(models.Model):
    """A province, prefecture or county. Codes nest by prefix: 15 → 1504 → 150422, the missing digits being zeros."""

    code = models.CharField(_("code"), max_length=6, primary_key=True, db_collation="C")
    name = models.CharField(_("name"), max_length=60)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("part of")
    )
    is_current = models.BooleanField(_("in the current standard"), default=True)

    class Meta:
        verbose_name = _("region")
        verbose_name_plural = _("regions")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(condition=models.Q(code__regex=r"^\d{6}$"), name="region_code_six_digits"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.code}"
