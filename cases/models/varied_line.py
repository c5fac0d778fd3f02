"""Which lines of a decision an appeal varied, and to how many points."""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cases.models import rules
from cases.models.appeal import Appeal
from cases.models.attribution import AttributionLine
from institutions.models.append_only import AppendOnlyModel


class VariedLine(AppendOnlyModel):
    """A line that keeps fewer points after an appeal; at 0 it fell."""

    appeal = models.ForeignKey(Appeal, models.PROTECT, related_name="varied_lines")
    line = models.ForeignKey(AttributionLine, models.PROTECT, related_name="variations")
    points_before = models.PositiveSmallIntegerField(_("points before"))
    points_after = models.PositiveSmallIntegerField(_("points after"))

    class Meta(AppendOnlyModel.Meta):
        """Once per appeal and line, never to more points."""

        verbose_name = _("varied line")
        verbose_name_plural = _("varied lines")
        ordering = ["appeal", "line"]
        constraints = [
            models.UniqueConstraint(fields=["appeal", "line"], name="line_is_varied_once_per_appeal"),
            models.CheckConstraint(condition=Q(points_after__lt=F("points_before")), name="line_is_varied_downwards"),
        ]
        triggers = [
            *AppendOnlyModel.Meta.triggers,
            rules.refuse_when(
                "varied_line_is_of_the_decision",
                pgtrigger.Insert,
                "NOT EXISTS (SELECT 1 FROM cases_attributionline l JOIN cases_appeal a "
                "ON a.attribution_id = l.attribution_id WHERE l.id = NEW.line_id AND a.id = NEW.appeal_id "
                "AND a.outcome = 'varied')",
                "An appeal that varies a decision varies lines of that decision",
            ),
        ]

    def __str__(self) -> str:
        """Return the points before and after."""
        return f"{self.points_before} → {self.points_after}"
