"""A question to an expert before the decision, and what became of it: opinion, refusal for a conflict, withdrawal."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cases.models import appeal_rules, rules
from cases.models.attribution import Attribution
from institutions.models.history import tracked
from institutions.models.pairing import all_or_none


class AssessmentOutcome(models.TextChoices):
    """How an assessment ended."""

    OPINION = "opinion", _("Opinion given")
    DECLINED = "declined", _("Declined by the expert")
    WITHDRAWN = "withdrawn", _("Withdrawn by an officer")


_BY_EXPERT = [AssessmentOutcome.OPINION.value, AssessmentOutcome.DECLINED.value]
_EARLIER = (
    "EXISTS (SELECT 1 FROM cases_expertassessment x "
    "WHERE x.attribution_id = NEW.attribution_id AND x.expert_id = NEW.expert_id)"
)
# Whoever holds a role over the institution works for it.
_EMPLOYED = (
    "EXISTS (SELECT 1 FROM institutions_roleassignment r JOIN cases_casefile c ON c.institution_id = r.institution_id "
    "JOIN cases_attribution a ON a.case_id = c.id WHERE a.id = NEW.attribution_id AND r.user_id = NEW.expert_id)"
)
_ENDED = ("outcome", "text", "declaration", "ended_by_id", "ended_at")


@tracked()
class ExpertAssessment(models.Model):
    """专家评审: one question of an officer to one expert about an attribution that is not decided yet.

    `due_on` is the last of `working_days` working days. While it is open nothing is decided and the time to decide
    stands. `text` is the opinion, or the reason why there is none; `declaration` the expert's word on their interests.
    """

    attribution = models.ForeignKey(Attribution, models.PROTECT, related_name="expert_assessments")
    question = models.TextField(_("question to the expert"))
    expert = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="expert_assessments", verbose_name=_("expert")
    )
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=pgettext_lazy("a question", "opened by"),
    )
    opened_at = models.DateTimeField(_("opened at"))
    working_days = models.PositiveSmallIntegerField(_("working days"))
    due_on = models.DateField(_("opinion due on"))
    due_provisional = models.BooleanField(_("deadline provisional"), default=False)
    told_at = models.DateTimeField(_("expert written to at"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=10, choices=AssessmentOutcome, blank=True)
    text = models.TextField(_("opinion or reason"), blank=True)
    declaration = models.TextField(_("declaration of interests"), blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("ended by")
    )
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        """One open at a time per attribution; asked of somebody apart, ended once and whole, never edited."""

        verbose_name = _("expert assessment")
        verbose_name_plural = _("expert assessments")
        ordering = ["-opened_at", "-id"]
        indexes = [models.Index(fields=["due_on"], name="assessment_open", condition=Q(outcome=""))]
        constraints = [
            models.UniqueConstraint(
                fields=["attribution"], condition=Q(outcome=""), name="one_open_assessment_per_attribution"
            ),
            models.CheckConstraint(condition=Q(question__regex=r"\S"), name="assessment_has_a_question"),
            models.CheckConstraint(condition=~Q(expert=F("opened_by")), name="nobody_asks_themselves"),
            all_or_none("assessment_end_has_officer_and_instant", "ended_at", "ended_by"),
            models.CheckConstraint(
                condition=Q(outcome="", text="", declaration="", ended_at__isnull=True)
                | Q(
                    outcome=AssessmentOutcome.OPINION,
                    text__regex=r"\S",
                    declaration__regex=r"\S",
                    ended_at__isnull=False,
                )
                | Q(
                    outcome__in=[AssessmentOutcome.DECLINED, AssessmentOutcome.WITHDRAWN],
                    text__regex=r"\S",
                    declaration="",
                    ended_at__isnull=False,
                ),
                name="assessment_ends_whole",
            ),
            models.CheckConstraint(
                condition=~Q(outcome__in=_BY_EXPERT) | Q(ended_by=F("expert")), name="opinion_is_the_experts_own"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("opened_at")),
                name="assessment_end_follows_opening",
            ),
        ]
        triggers = [
            rules.refuse_when(
                "assessment_lies_before_the_decision",
                pgtrigger.Insert,
                "NOT EXISTS (SELECT 1 FROM cases_attribution a WHERE a.id = NEW.attribution_id "
                "AND a.state = 'intent_served')",
                "An expert is asked once the person was told and before the decision",
            ),
            rules.refuse_when(
                "assessing_expert_stands_apart",
                pgtrigger.Insert,
                f"{_EMPLOYED} OR (({appeal_rules.touched('NEW.expert_id', 'NEW.attribution_id')}) AND NOT {_EARLIER})",
                "Whoever had a hand in the case or works for its institution is no expert in it",
            ),
            rules.refuse_when(
                "assessment_is_not_edited",
                pgtrigger.Update,
                rules.changed(
                    *("attribution_id", "question", "expert_id", "opened_by_id", "opened_at", "working_days", "due_on")
                )
                + " OR (OLD.outcome <> '' AND "
                + rules.changed(*_ENDED)
                + ")",
                "An assessment is ended once and never edited",
            ),
            rules.never_delete("assessment_is_kept", "An assessment is never deleted"),
        ]

    def __str__(self) -> str:
        """Return by when the opinion is due."""
        return f"{self.due_on} {self.outcome or '–'}"

    @property
    def is_open(self) -> bool:
        """Say whether the opinion is still awaited."""
        return not self.outcome
