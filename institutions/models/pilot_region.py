"""`PilotRegion` 试运行地区: a region that tries the system out. Everything is computed; nobody outside hears of it."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeBoundary, RangeOperators
from django.db import models
from django.utils.translation import gettext_lazy as _

from institutions.identifiers import new_id
from institutions.models.history import tracked
from institutions.models.registration import DateRange


@tracked()
class PilotRegion(models.Model):
    """From one day to another (`ends_on` is the last, empty while it runs) a region and all within it is in pilot.

    Officers see everything, marked as pilot; scorecards are closed, and notices are on record but reach nobody.
    Periods of one prefix never overlap.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    region_prefix = models.CharField(
        _("region prefix"),
        max_length=6,
        blank=True,
        db_collation="C",
        help_text=_("GB/T 2260 prefix of 2, 4 or 6 digits; empty for the whole country"),
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)
    reason = models.TextField(_("reason"))

    class Meta:
        verbose_name = _("pilot region")
        verbose_name_plural = _("pilot regions")
        ordering = ["region_prefix", "starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(region_prefix__regex=r"^(\d{2}){0,3}$"), name="pilot_prefix_form"
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=models.F("starts_on")),
                name="pilot_ends_after_start",
            ),
            models.CheckConstraint(condition=~models.Q(reason=""), name="pilot_reason_given"),
            ExclusionConstraint(
                name="pilot_periods_apart",
                expressions=[
                    ("region_prefix", RangeOperators.EQUAL),
                    (
                        DateRange("starts_on", "ends_on", RangeBoundary(inclusive_lower=True, inclusive_upper=True)),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.region_prefix or '–'} {self.starts_on}–{self.ends_on or ''}"
