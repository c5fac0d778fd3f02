"""``InstitutionProposal`` 对机构的处理建议: raised where a large share of the staff came under measures in a year."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from institutions.identifiers import new_id
from institutions.models import Institution
from institutions.models.history import tracked
from institutions.models.pairing import all_or_none
from scoring.policy.rulebook_parts import AlertProposal

PROPOSALS = [
    (AlertProposal.SUSPEND_SETTLEMENT.value, _("suspend settlement")),
    (AlertProposal.SUSPEND_AGREEMENT.value, _("suspend the service agreement")),
]


@tracked()
class InstitutionProposal(models.Model):
    """Once per institution, year and proposal: how many of how many, and who; an officer says what became of it.

    ``practitioners`` are those who came under a measure in the year while registered there, as known when it was
    raised. It stays on record when a measure falls later; whoever deals with it sees how many stand now.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    institution = models.ForeignKey(
        Institution, models.PROTECT, related_name="proposals", verbose_name=_("institution")
    )
    year = models.SmallIntegerField(_("year"))
    proposal = models.CharField(
        pgettext_lazy("against an institution", "proposal"), max_length=20, choices=PROPOSALS, db_collation="C"
    )
    share = models.DecimalField(_("from a share of"), max_digits=5, decimal_places=4)
    staff = models.PositiveIntegerField(_("staff"))
    affected = models.PositiveIntegerField(_("of them under a measure in the year"))
    practitioners = ArrayField(models.UUIDField(), verbose_name=_("persons"))
    rulebook = models.CharField(_("rulebook"), max_length=80)
    raised_on = models.DateField(_("raised on"))
    raised_at = models.DateTimeField(_("recorded at"))
    handled_note = models.TextField(_("what became of it"), blank=True)
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("by")
    )
    handled_at = models.DateTimeField(_("handled at"), null=True, blank=True)

    class Meta:
        verbose_name = _("proposal against an institution")
        verbose_name_plural = _("proposals against institutions")
        ordering = ["-raised_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "year", "proposal"], name="institution_proposed_once_a_year"
            ),
            models.CheckConstraint(
                condition=Q(affected__gte=1, staff__gte=F("affected")), name="proposal_counts_somebody"
            ),
            models.CheckConstraint(
                condition=Q(proposal__in=[key for key, _label in PROPOSALS]), name="institution_proposal_known"
            ),
            all_or_none("handling_has_officer_and_instant", "handled_at", "handled_by"),
            models.CheckConstraint(
                condition=Q(handled_at__isnull=True, handled_note="")
                | Q(handled_at__isnull=False, handled_note__regex=r"\S"),
                name="handling_has_a_note",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.get_proposal_display()} {self.affected}/{self.staff}"
