"""The concluded decision that a case file rests on."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cases.models import rules
from cases.models.choices import BasisKind
from institutions.identifiers import new_id
from institutions.models.history import tracked

_ANNULLED = ("annulled_on", "annulled_reason", "annulled_by_id")
_CASE_WITHDRAWN = "SELECT 1 FROM cases_casefile c WHERE c.basis_id = NEW.id AND c.withdrawn_at IS NOT NULL"
_WHOLE = (
    "FROM cases_annulment a JOIN cases_casefile c ON c.id = a.case_id "
    "WHERE c.basis_id = NEW.id AND a.finding_id IS NULL"
)
_REINSTATED = (
    f"NEW.annulled_on IS NULL AND EXISTS (SELECT 1 {_WHOLE} AND a.reinstated_at IS NOT NULL) "
    f"AND NOT EXISTS (SELECT 1 {_WHOLE} AND a.reinstated_at IS NULL)"
)


@tracked()
class Basis(models.Model):
    """处理依据: the concluded decision against an institution. No basis, no points; once written only its annulment."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    institution = models.ForeignKey("institutions.Institution", models.PROTECT, related_name="bases")
    kind = models.CharField(_("kind"), max_length=30, choices=BasisKind)
    document = models.CharField(_("document"), max_length=120)
    authority = models.CharField(_("authority"), max_length=120)
    decided_on = models.DateField(_("decided on"))
    articles = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)
    annulled_on = models.DateField(_("annulled on"), null=True, blank=True)
    annulled_reason = models.TextField(_("reason of annulment"), blank=True)
    annulled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    is_withdrawn = models.BooleanField(_("withdrawn with its case"), default=False)

    class Meta:
        """One case per institution and basis; an annulment is whole, and only a higher court takes it back."""

        verbose_name = _("basis")
        verbose_name_plural = _("bases")
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "authority", "document"],
                condition=Q(is_withdrawn=False),
                name="one_case_per_institution_and_basis",
            ),
            models.CheckConstraint(condition=Q(kind__in=BasisKind.values), name="basis_kind_is_known"),
            models.CheckConstraint(
                condition=Q(document__regex=r"\S") & Q(authority__regex=r"\S"),
                name="no_basis_without_document_and_authority",
            ),
            models.CheckConstraint(
                condition=Q(annulled_on__isnull=True, annulled_by__isnull=True, annulled_reason="")
                | Q(annulled_on__isnull=False, annulled_by__isnull=False, annulled_reason__regex=r"\S"),
                name="annulment_has_day_officer_and_reason",
            ),
            models.CheckConstraint(
                condition=Q(annulled_on__isnull=True) | Q(annulled_on__gte=F("decided_on")),
                name="annulment_follows_the_decision",
            ),
        ]
        triggers = [
            rules.refuse_when(
                "basis_is_not_edited",
                pgtrigger.Update,
                rules.changed("institution_id", "kind", "document", "authority", "decided_on", "articles")
                + " OR (OLD.annulled_on IS NOT NULL AND "
                + rules.changed(*_ANNULLED)
                + f" AND NOT ({_REINSTATED}))",
                "A basis is never edited, and only a higher court takes an annulment back",
            ),
            rules.refuse_when(
                "basis_is_withdrawn_with_its_case",
                pgtrigger.Update,
                f"{rules.changed('is_withdrawn')} AND (OLD.is_withdrawn OR NOT EXISTS ({_CASE_WITHDRAWN}))",
                "A basis is withdrawn with the case that rests on it, and for good",
            ),
            rules.never_delete("basis_is_kept", "A basis is never deleted"),
        ]

    def __str__(self) -> str:
        """Return the decision's document number."""
        return self.document

    @property
    def is_annulled(self) -> bool:
        """Say whether the decision was annulled."""
        return self.annulled_on is not None
