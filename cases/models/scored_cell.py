"""How often which points were given: added up from the ledger, and thrown away and added up again each night."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ScoredCell(models.Model):
    """Decisions in effect of one prefecture, clause, degree and band of amount that gave these points.

    A projection without a history (ADR 0056). No person and no case can be told from it, and what fewer than
    `cell_min` decisions stand behind is never shown.
    """

    region_prefix = models.CharField(_("region prefix"), max_length=4, db_collation="C")
    clause = models.CharField(_("clause"), max_length=10, db_collation="C")
    degree = models.CharField(_("degree"), max_length=10, db_collation="C")
    band = models.SmallIntegerField(_("band of the amount"))
    points = models.SmallIntegerField(_("points"))
    decisions = models.PositiveIntegerField(_("decisions"))
    counted_at = models.DateTimeField(_("counted at"))

    class Meta:
        """Once per place, clause, degree, band and points; found by all but the place."""

        verbose_name = _("points given in a cell")
        verbose_name_plural = _("points given in cells")
        constraints = [
            models.UniqueConstraint(
                fields=["clause", "degree", "band", "region_prefix", "points"], name="scored_cell_once"
            ),
        ]

    def __str__(self) -> str:
        """Return the cell."""
        return f"{self.region_prefix} {self.clause} {self.degree} {self.points}: {self.decisions}"
