"""Which acts of a person are scored where, so that nobody is scored twice for one act."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.models.attribution import Attribution
from institutions.models.history import tracked


@tracked()
class ScoredConduct(models.Model):
    """The claim that one act of one person is scored here.

    Once among linked cases, unless a second officer overrode it with a reason.
    """

    practitioner = models.ForeignKey("institutions.Practitioner", models.PROTECT, related_name="+")
    scope = models.UUIDField(editable=False)
    conduct = models.CharField(_("conduct"), max_length=80)
    attribution = models.ForeignKey(Attribution, models.PROTECT, related_name="scored_conducts")
    claimed_at = models.DateTimeField(_("claimed at"))
    override_reason = models.TextField(_("reason of the override"), blank=True)
    released_at = models.DateTimeField(_("released at"), null=True, blank=True)

    class Meta:
        """One standing claim per person, act and group of linked cases."""

        verbose_name = _("scored conduct")
        verbose_name_plural = _("scored conducts")
        constraints = [
            models.UniqueConstraint(
                fields=["practitioner", "scope", "conduct"],
                condition=Q(released_at__isnull=True, override_reason=""),
                name="same_conduct_is_scored_once",
            ),
            models.UniqueConstraint(fields=["attribution", "conduct"], name="conduct_claimed_once_per_attribution"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="scored_conduct_takes_scope_of_case",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=(
                    "SELECT c.conduct_scope, a.practitioner_id INTO NEW.scope, NEW.practitioner_id "
                    "FROM cases_attribution a JOIN cases_casefile c ON c.id = a.case_id "
                    "WHERE a.id = NEW.attribution_id; RETURN NEW;"
                ),
            ),
        ]

    def __str__(self) -> str:
        """Return the conduct key."""
        return self.conduct
