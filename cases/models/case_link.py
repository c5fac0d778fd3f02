"""Cases of one institution that are about the same acts."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cases.models import rules
from cases.models.case_file import CaseFile
from institutions.models.append_only import AppendOnlyModel


class CaseLink(AppendOnlyModel):
    """Two cases of one institution about the same conduct, so that nobody is scored for it twice."""

    first = models.ForeignKey(CaseFile, models.PROTECT, related_name="links_onward")
    second = models.ForeignKey(CaseFile, models.PROTECT, related_name="links_back")
    reason = models.TextField(_("reason"))
    linked_at = models.DateTimeField(_("linked at"))
    linked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta(AppendOnlyModel.Meta):
        """Each pair once, smaller id first, within one institution."""

        verbose_name = _("case link")
        verbose_name_plural = _("case links")
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="cases_are_linked_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="case_link_in_order"),
        ]
        triggers = [
            *AppendOnlyModel.Meta.triggers,
            rules.refuse_when(
                "linked_cases_share_the_institution",
                pgtrigger.Insert,
                "(SELECT institution_id FROM cases_casefile WHERE id = NEW.first_id) IS DISTINCT FROM "
                "(SELECT institution_id FROM cases_casefile WHERE id = NEW.second_id)",
                "Only cases of one institution can be linked",
            ),
        ]

    def __str__(self) -> str:
        """Return both case numbers."""
        return f"{self.first} – {self.second}"
