"""What the institution was found to have done."""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cases.models import rules
from cases.models.case_file import CaseFile
from institutions.models.history import tracked


@tracked()
class Finding(models.Model):
    """违规事实: one violation. `conduct` is the key of the act, shared across clauses and across linked cases."""

    case = models.ForeignKey(CaseFile, models.PROTECT, related_name="findings")
    key = models.CharField(_("key"), max_length=40)
    conduct = models.CharField(_("conduct"), max_length=80)
    title = models.CharField(_("title"), max_length=300)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2, null=True, blank=True)
    from_on = models.DateField(_("from"))
    to_on = models.DateField(_("to"))

    class Meta:
        """A finding stands as soon as an attribution that cites it has left draft."""

        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        ordering = ["case", "key"]
        constraints = [
            models.UniqueConstraint(fields=["case", "key"], name="finding_key_once_per_case"),
            models.CheckConstraint(condition=Q(to_on__gte=F("from_on")), name="finding_ends_after_it_begins"),
            models.CheckConstraint(
                condition=Q(conduct__regex=r"\S") & Q(title__regex=r"\S"),
                name="finding_names_conduct_and_title",
            ),
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | Q(amount__gte=0), name="finding_amount_not_negative"
            ),
        ]
        triggers = [
            rules.refuse_when(
                "finding_stands_once_proposed",
                pgtrigger.Update,
                "EXISTS (SELECT 1 FROM cases_attributionline l JOIN cases_attribution a "
                "ON a.id = l.attribution_id WHERE l.finding_id = OLD.id AND a.state <> 'draft')",
                "A finding that a proposal cites is never edited",
            ),
        ]

    def __str__(self) -> str:
        """Return the finding's title."""
        return self.title
