"""``PointsTotal``: the cached sum of one person's points of one year. Sums are the truth; this is checked."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from institutions.models import Practitioner


class PointsTotal(models.Model):
    """Sparse: a row only for a person and year with entries, so a new year writes nothing.

    Derived and rebuildable, hence without row history; ``verify_ledger`` compares it with the sums.
    """

    pk = models.CompositePrimaryKey("practitioner_id", "year")
    practitioner = models.ForeignKey(
        Practitioner, models.PROTECT, related_name="points_totals", verbose_name=_("practitioner")
    )
    year = models.SmallIntegerField(_("year"))
    points = models.SmallIntegerField(_("points"))

    class Meta:
        verbose_name = _("total of a year")
        verbose_name_plural = _("totals of years")
        constraints = [models.CheckConstraint(name="total_not_negative", condition=Q(points__gte=0))]
        indexes = [models.Index(fields=["year"], name="total_year")]

    def __str__(self) -> str:
        return f"{self.year}: {self.points}"
