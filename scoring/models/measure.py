"""``Measure`` 处理措施: runs of days under a measure, with two clocks."""

from __future__ import annotations

from datetime import date, timedelta

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, DateTimeRangeField, RangeOperators
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from institutions.identifiers import new_id
from institutions.models import Practitioner
from institutions.models.append_only import AppendOnlyModel
from scoring.models.points_entry import PointsEntry
from scoring.policy.account import Tier
from scoring.policy.rulebook_parts import MeasureKind, TerminationEnd

KINDS = [
    (MeasureKind.SUSPEND.value, _("suspension")),
    (MeasureKind.TERMINATE.value, _("termination")),
]
TIERS = [
    (Tier.LADDER.value, _("suspension ladder")),
    (Tier.SINGLE.value, _("table for points in one go")),
    (Tier.FULL.value, _("full tier")),
]
TERMINATION_ENDS = [
    (TerminationEnd.APPLICATION.value, _("on re-registration")),
    (TerminationEnd.AUTOMATIC.value, _("by itself")),
]

ONLY_RECORDED_ENDS = """
IF NOT upper_inf(OLD.recorded) OR upper_inf(NEW.recorded) OR lower(NEW.recorded) <> lower(OLD.recorded) THEN
  RAISE EXCEPTION 'measure: only the end of recorded may be set, and only once';
END IF;
IF (to_jsonb(NEW) - 'recorded') <> (to_jsonb(OLD) - 'recorded') THEN
  RAISE EXCEPTION 'measure: only the end of recorded may change';
END IF;
RETURN NEW;
"""


class Measure(models.Model):
    """Days under a measure caused by one award; ``valid`` holds the days, ``recorded`` what was known when.

    Promises: only the end of ``recorded`` is ever set, once; a row is never deleted (triggers); what
    is known at one instant about one award never overlaps itself (exclusion constraint). A status is
    never stored per site: every site reads these rows.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    practitioner = models.ForeignKey(
        Practitioner, models.PROTECT, related_name="measures", verbose_name=_("practitioner")
    )
    entry = models.ForeignKey(PointsEntry, models.PROTECT, related_name="measures", verbose_name=_("award"))
    kind = models.CharField(_("kind"), max_length=10, choices=KINDS, db_collation="C")
    tier = models.CharField(_("tier"), max_length=10, choices=TIERS, db_collation="C")
    year = models.SmallIntegerField(_("points of the year"))
    valid = DateRangeField(_("days"))
    recorded = DateTimeRangeField(_("known"))
    months_imposed = models.SmallIntegerField(_("months imposed"))
    termination_end = models.CharField(_("how a bar ends"), max_length=12, choices=TERMINATION_ENDS, db_collation="C")

    class Meta:
        verbose_name = _("measure")
        verbose_name_plural = _("measures")
        ordering = ["valid"]
        indexes = [
            models.Index(fields=["practitioner"], name="measure_account"),
            GistIndex(fields=["valid"], name="measure_valid"),
        ]
        constraints = [
            models.CheckConstraint(name="measure_kind_known", condition=Q(kind__in=[k for k, _l in KINDS])),
            models.CheckConstraint(name="measure_tier_known", condition=Q(tier__in=[k for k, _l in TIERS])),
            models.CheckConstraint(
                name="measure_dated",
                condition=Q(valid__isempty=False, valid__lower_inf=False, valid__upper_inf=False),
            ),
            ExclusionConstraint(
                name="measure_no_overlap_as_known",
                expressions=[
                    ("entry", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                    ("recorded", RangeOperators.OVERLAPS),
                ],
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="only_recorded_ends",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=ONLY_RECORDED_ENDS,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.starts_on}–{self.ends_on}"

    @property
    def starts_on(self) -> date:
        """The first day on which the measure applies."""
        first: date = self.valid.lower
        return first

    @property
    def ends_on(self) -> date:
        """The last day on which the measure applies."""
        upper: date = self.valid.upper
        return upper - timedelta(days=1)


class MeasureEnd(AppendOnlyModel):
    """A measure that ran out and was dealt with by the nightly job; written once per measure."""

    measure = models.OneToOneField(Measure, models.PROTECT, primary_key=True, related_name="end")
    ended_on = models.DateField(_("last day"))
    noted_at = models.DateTimeField(_("noted at"))
    status_after = models.CharField(_("status afterwards"), max_length=10, db_collation="C")

    class Meta(AppendOnlyModel.Meta):
        abstract = False
        verbose_name = _("end of a measure")
        verbose_name_plural = _("ends of measures")
