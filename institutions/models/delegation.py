"""`Delegation` 代理: while an officer is away a colleague holds their roles, for a span of days and a reason."""

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeBoundary, RangeOperators
from django.db import models
from django.db.models import ExpressionWrapper, F, Q, Value
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from institutions.models.history import tracked
from institutions.models.pairing import all_or_none
from institutions.models.refusing import refuse_when
from institutions.models.registration import DateRange
from institutions.models.user import User

DAYS_MAX = 183  # longer than half a year is no leave: it is a role, and is given as one
_LATEST = ExpressionWrapper(F("starts_on") + Value(DAYS_MAX), output_field=models.DateField())


@tracked()
class Delegation(models.Model):
    """From one Shanghai date to another, both included, `deputy` holds what `delegator` holds over regions (ADR 0051).

    It is never edited: it ends by itself, or is withdrawn once with a reason. One deputy at a time; nobody stands in
    for themselves.
    """

    delegator = models.ForeignKey(User, models.PROTECT, related_name="delegations_given", verbose_name=_("who is away"))
    deputy = models.ForeignKey(User, models.PROTECT, related_name="delegations_held", verbose_name=_("deputy"))
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    reason = models.TextField(_("reason"))
    created_at = models.DateTimeField(_("created at"))
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("created by"))
    withdrawn_at = models.DateTimeField(pgettext_lazy("delegation", "withdrawn at"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=pgettext_lazy("delegation", "withdrawn by"),
    )
    withdrawal_reason = models.TextField(pgettext_lazy("delegation", "reason of the withdrawal"), blank=True)

    class Meta:
        """Two people, a span with a reason, one deputy at a time; ended once."""

        verbose_name = _("delegation")
        verbose_name_plural = _("delegations")
        ordering = ["-starts_on", "-id"]
        indexes = [
            models.Index(fields=["deputy"], condition=Q(withdrawn_at__isnull=True), name="delegation_of_deputy"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(deputy=F("delegator")), name="delegation_to_a_colleague"),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")) & Q(ends_on__lt=_LATEST),
                name="delegation_is_a_span_of_days",
            ),
            models.CheckConstraint(condition=Q(reason__regex=r"\S"), name="delegation_has_a_reason"),
            all_or_none("delegation_withdrawn_by_whom", "withdrawn_at", "withdrawn_by"),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawal_reason="")
                | Q(withdrawn_at__isnull=False, withdrawal_reason__regex=r"\S"),
                name="delegation_withdrawn_for_a_reason",
            ),
            ExclusionConstraint(
                name="delegation_to_one_at_a_time",
                condition=Q(withdrawn_at__isnull=True),
                expressions=[
                    ("delegator", RangeOperators.EQUAL),
                    (
                        DateRange("starts_on", "ends_on", RangeBoundary(inclusive_lower=True, inclusive_upper=True)),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="delegation_stays_as_made",
                fields=["delegator", "deputy", "starts_on", "ends_on", "reason", "created_at", "created_by"],
            ),
            pgtrigger.Protect(
                name="withdrawn_delegation_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__withdrawn_at__isnull=False),
            ),
            refuse_when(
                "delegation_begins_standing",
                pgtrigger.Insert,
                "NEW.withdrawn_at IS NOT NULL OR NEW.starts_on < (NEW.created_at AT TIME ZONE 'Asia/Shanghai')::date",
                "A delegation is made for days to come",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.delegator} → {self.deputy}, {self.starts_on} – {self.ends_on}"
