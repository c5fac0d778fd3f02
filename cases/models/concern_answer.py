"""What the deciding officer answered to a question asked before a decision. Only ever added to."""

# ruff: noqa: S608 - the SQL is put together from constants; nothing comes from outside

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.models import rules
from cases.models.attribution import Attribution
from cases.models.case_file import CaseFile
from cases.policy.continuity import Choice
from institutions.models.append_only import AppendOnlyModel


class ConcernKind(models.TextChoices):
    """The three questions: is it in line, who is missing, who treats the patients meanwhile."""

    CONSISTENCY = "consistency", _("Consistency with other decisions")
    RESPONSIBILITY = "responsibility", _("Who is held responsible")
    CONTINUITY = "continuity", _("Continuity of care")


class ContinuityChoice(models.TextChoices):
    """What is arranged where the only person of a place is about to be under a measure."""

    COVER = Choice.COVER.value, _("Somebody else covers")
    EMERGENCIES = Choice.EMERGENCIES.value, _("Only emergencies, which stay payable")
    NOT_NEEDED = Choice.NOT_NEEDED.value, _("No arrangement is needed")


class ConcernAnswer(AppendOnlyModel):
    """答复: an officer's written answer to one question, for the facts as they stood (`digest`).

    When the facts change the question is asked anew; the answer stays on record. `facts` are those shown then.
    """

    case = models.ForeignKey(CaseFile, models.PROTECT, related_name="concern_answers")
    attribution = models.ForeignKey(Attribution, models.PROTECT, null=True, blank=True, related_name="concern_answers")
    kind = models.CharField(_("question"), max_length=20, choices=ConcernKind)
    rule = models.CharField(_("rule"), max_length=40)
    key = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    facts = models.JSONField(_("facts"))
    choice = models.CharField(_("arrangement"), max_length=20, choices=ContinuityChoice, blank=True)
    text = models.TextField(_("answer"))
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(_("answered at"))

    class Meta(AppendOnlyModel.Meta):
        """Answered once for the same facts, in words, by somebody who did not propose."""

        verbose_name = _("answer to a question before the decision")
        verbose_name_plural = _("answers to questions before decisions")
        ordering = ["case", "answered_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["case", "key", "digest"], name="question_answered_once_for_its_facts"),
            models.CheckConstraint(condition=Q(kind__in=ConcernKind.values), name="question_kind_is_known"),
            models.CheckConstraint(condition=Q(text__regex=r"\S"), name="answer_has_text"),
            models.CheckConstraint(condition=Q(digest__regex=r"^[0-9a-f]{64}$"), name="answer_names_its_facts"),
            models.CheckConstraint(
                condition=Q(kind=ConcernKind.CONTINUITY, choice__in=ContinuityChoice.values)
                | (~Q(kind=ConcernKind.CONTINUITY) & Q(choice="")),
                name="arrangement_belongs_to_continuity",
            ),
        ]
        triggers = [
            *AppendOnlyModel.Meta.triggers,
            rules.refuse_when(
                "proposers_never_answer",
                pgtrigger.Insert,
                "EXISTS (SELECT 1 FROM cases_proposal p JOIN cases_attribution a ON a.id = p.attribution_id "
                "WHERE p.proposed_by_id = NEW.answered_by_id AND a.case_id = NEW.case_id "
                "AND (NEW.attribution_id IS NULL OR a.id = NEW.attribution_id))",
                "Two-officer rule: whoever proposed does not answer what the deciding officer is asked",
            ),
            rules.refuse_when(
                "deputies_count_as_the_proposer_answering",
                pgtrigger.Insert,
                "EXISTS (SELECT 1 FROM cases_proposal p JOIN cases_attribution a ON a.id = p.attribution_id "
                "WHERE a.case_id = NEW.case_id AND (NEW.attribution_id IS NULL OR a.id = NEW.attribution_id) AND "
                + rules.as_one("NEW.answered_by_id", "p.proposed_by_id", "NEW.answered_at", "cases.attribution", "a.id")
                + ")",
                "Two-officer rule: whoever counts as one person with a proposer does not answer either",
            ),
        ]

    def __str__(self) -> str:
        """Return what was asked."""
        return f"{self.kind} {self.rule}"
