"""Experts in an appeal: first the declaration of interests, then the opinion. Only ever added to."""

# ruff: noqa: S608 - the SQL is put together from constants; nothing comes from outside

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.models import appeal_rules, rules
from cases.models.appeal import Appeal
from institutions.clock import local_date
from institutions.models.append_only import AppendOnlyModel

_ATTRIBUTION = "(SELECT o.attribution_id FROM cases_appeal o WHERE o.id = NEW.appeal_id)"


class ConflictDeclaration(AppendOnlyModel):
    """利益冲突声明: an expert's word on whether anything ties them to the person, the institution or the decision."""

    appeal = models.ForeignKey(Appeal, models.PROTECT, related_name="declarations")
    expert = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    has_conflict = models.BooleanField(_("has a conflict of interest"))
    text = models.TextField(_("declaration"))
    declared_at = models.DateTimeField(_("declared at"))

    class Meta(AppendOnlyModel.Meta):
        """Once per expert and appeal, by somebody who has no other part in it."""

        verbose_name = _("declaration of interests")
        verbose_name_plural = _("declarations of interests")
        ordering = ["appeal", "declared_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["appeal", "expert"], name="interests_declared_once_per_appeal"),
            models.CheckConstraint(condition=Q(text__regex=r"\S"), name="declaration_has_text"),
        ]
        triggers = [
            *AppendOnlyModel.Meta.triggers,
            rules.refuse_when(
                "expert_has_no_other_part",
                pgtrigger.Insert,
                "EXISTS (SELECT 1 FROM institutions_stands_for(NEW.expert_id, NEW.declared_at) AS n(id) WHERE "
                f"{appeal_rules.touched('n.id', _ATTRIBUTION)} OR {appeal_rules.handles('n.id', _ATTRIBUTION)})",
                "Whoever had a hand in the decision or handles an appeal against it is no expert in it",
            ),
        ]

    def __str__(self) -> str:
        """Return the day."""
        return f"{local_date(self.declared_at)}"


class ExpertOpinion(AppendOnlyModel):
    """专家意见: what an expert without a conflict of interest thinks of the case, attached to the appeal."""

    appeal = models.ForeignKey(Appeal, models.PROTECT, related_name="opinions")
    declaration = models.OneToOneField(ConflictDeclaration, models.PROTECT, related_name="opinion")
    text = models.TextField(_("opinion"))
    given_at = models.DateTimeField(_("given at"))
    # The expert, or the officer to whom the opinion was handed in on paper.
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta(AppendOnlyModel.Meta):
        """One per declaration, and none where a conflict was declared."""

        verbose_name = _("expert's opinion")
        verbose_name_plural = _("experts' opinions")
        ordering = ["appeal", "given_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(text__regex=r"\S"), name="opinion_has_text"),
        ]
        triggers = [
            *AppendOnlyModel.Meta.triggers,
            rules.refuse_when(
                "opinion_needs_a_declaration_without_conflict",
                pgtrigger.Insert,
                "NOT EXISTS (SELECT 1 FROM cases_conflictdeclaration d WHERE d.id = NEW.declaration_id "
                "AND d.appeal_id = NEW.appeal_id AND NOT d.has_conflict)",
                "An opinion is attached only after its expert declared to have no conflict of interest",
            ),
        ]

    def __str__(self) -> str:
        """Return the day."""
        return f"{local_date(self.given_at)}"
