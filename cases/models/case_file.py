"""The case file of one penalised institution."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cases.models import rules
from cases.models.basis import Basis
from cases.models.case_upload import CaseUpload
from cases.models.choices import Source
from institutions.identifiers import new_id
from institutions.models.history import tracked


@tracked()
class CaseFile(models.Model):
    """案卷: one per penalised institution and basis. What it says is fixed; persons are attributed within it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(_("number"), max_length=60)
    region = models.ForeignKey("institutions.Region", models.PROTECT, related_name="+")
    source = models.CharField(pgettext_lazy("of a case", "source"), max_length=30, choices=Source)
    institution = models.ForeignKey("institutions.Institution", models.PROTECT, related_name="case_files")
    basis = models.OneToOneField(Basis, models.PROTECT, related_name="case")
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2, null=True, blank=True)
    conduct_scope = models.UUIDField(default=new_id, editable=False, db_index=True)
    content_digest = models.CharField(max_length=64, blank=True, editable=False)
    opened_at = models.DateTimeField(_("opened at"))
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    # Set by a trigger when somebody is first held responsible in it, so that the cases without are found by an index.
    attributed_at = models.DateTimeField(_("first attributed at"), null=True, blank=True, editable=False)
    upload = models.ForeignKey(
        CaseUpload, models.PROTECT, null=True, blank=True, related_name="cases", verbose_name=_("upload")
    )
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_reason = models.TextField(_("reason of withdrawal"), blank=True)

    class Meta:
        """The basis is required, belongs to the same institution, and nothing here is re-written."""

        verbose_name = _("case file")
        verbose_name_plural = _("case files")
        ordering = ["-opened_at", "-id"]
        indexes = [
            models.Index(fields=["-opened_at", "-id"], name="cases_casefile_opened"),
            models.Index(fields=["opened_at"], name="cases_casefile_waiting", condition=Q(attributed_at__isnull=True)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["number"], condition=Q(withdrawn_at__isnull=True), name="case_number_stands_once"
            ),
            models.CheckConstraint(condition=Q(number__regex=r"\S"), name="case_has_a_number"),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True, withdrawn_reason="")
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False, withdrawn_reason__regex=r"\S"),
                name="withdrawal_has_instant_officer_and_reason",
            ),
            models.CheckConstraint(condition=Q(source__in=Source.values), name="case_source_is_known"),
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | Q(amount__gte=0), name="case_amount_not_negative"
            ),
        ]
        triggers = [
            rules.refuse_when(
                "no_basis_no_points",
                rules.BEFORE_WRITE,
                "NEW.basis_id IS NULL",
                "A case file without the concluded decision it rests on is refused: no basis, no points",
            ),
            rules.refuse_when(
                "basis_is_of_the_same_institution",
                rules.BEFORE_WRITE,
                "NEW.basis_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM cases_basis b WHERE b.id = NEW.basis_id "
                "AND b.institution_id = NEW.institution_id)",
                "The basis of a case file is a decision against its own institution",
            ),
            rules.refuse_when(
                "case_is_not_edited",
                pgtrigger.Update,
                rules.changed("number", "region_id", "institution_id", "basis_id", "content_digest", "upload_id"),
                "Number, region, institution, basis and content of a case file are never edited",
            ),
            rules.refuse_when(
                "only_drafts_are_withdrawn",
                pgtrigger.Update,
                "NEW.withdrawn_at IS NOT NULL AND OLD.withdrawn_at IS NULL AND EXISTS ("
                "SELECT 1 FROM cases_attribution a WHERE a.case_id = NEW.id AND (a.state <> 'set_aside' "
                "OR EXISTS (SELECT 1 FROM cases_proposal p WHERE p.attribution_id = a.id)))",
                "A case of which something was proposed is not withdrawn; its basis may be annulled",
            ),
            rules.refuse_when(
                "a_withdrawal_stays",
                pgtrigger.Update,
                "OLD.withdrawn_at IS NOT NULL AND "
                + rules.changed("withdrawn_at", "withdrawn_by_id", "withdrawn_reason"),
                "A withdrawal is final; the case is imported again",
            ),
            rules.never_delete("case_is_kept", "A case file is never deleted"),
        ]

    def __str__(self) -> str:
        """Return the case number."""
        return self.number

    @property
    def is_withdrawn(self) -> bool:
        """Say whether the import that made it was taken back."""
        return self.withdrawn_at is not None
