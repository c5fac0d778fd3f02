"""A grave decision that waits for another officer before it goes out, and what became of the wait."""

# ruff: noqa: S608 - the SQL is put together from constants; nothing comes from outside

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cases.models import rules
from cases.models.attribution import Attribution
from institutions.models.history import tracked


class HoldOutcome(models.TextChoices):
    """What the other officer did."""

    RELEASED = "released", _("Released")
    SENT_BACK = "sent_back", _("Sent back undecided")


def _as_one(other: str) -> str:
    return rules.as_one("NEW.outcome_by_id", other, "NEW.outcome_at", "cases.attribution", "NEW.attribution_id")


@tracked()
class DecisionHold(models.Model):
    """暂缓送达: a decision as it was taken, kept from service until another officer releases it or sends it back.

    `rulebook` names the rules that hold it, `measures` what it would cause, `due_on` the last day of the time to
    release it. A decision sent back leaves the attribution undecided; what it was stays here.
    """

    attribution = models.ForeignKey(Attribution, models.PROTECT, related_name="holds")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(_("decided at"))
    decision_reasons = models.TextField(_("reasons of the decision"))
    rulebook = models.CharField(_("rulebook"), max_length=80)
    measures = models.JSONField(_("measures"))
    due_on = models.DateField(_("to be released by"))
    due_provisional = models.BooleanField(_("deadline provisional"), default=False)
    escalated_at = models.DateTimeField(_("escalated at"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=10, choices=HoldOutcome, blank=True)
    outcome_reasons = models.TextField(_("reasons"), blank=True)
    outcome_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    outcome_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        """One open hold per attribution, ended by a third person with reasons."""

        verbose_name = _("held decision")
        verbose_name_plural = _("held decisions")
        ordering = ["due_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["attribution"], condition=Q(outcome=""), name="one_open_hold_per_attribution"
            ),
            models.CheckConstraint(
                condition=Q(outcome="", outcome_by__isnull=True, outcome_at__isnull=True, outcome_reasons="")
                | Q(
                    outcome__in=HoldOutcome.values,
                    outcome_by__isnull=False,
                    outcome_at__isnull=False,
                    outcome_reasons__regex=r"\S",
                ),
                name="hold_ends_whole_with_reasons",
            ),
            models.CheckConstraint(
                condition=Q(outcome_by__isnull=True) | ~Q(outcome_by=F("decided_by")),
                name="whoever_decided_does_not_release",
                violation_error_message="Whoever decided does not release the decision.",
            ),
            models.CheckConstraint(
                condition=Q(outcome_at__isnull=True) | Q(outcome_at__gte=F("decided_at")),
                name="release_follows_decision",
            ),
        ]
        triggers = [
            rules.refuse_when(
                "proposers_never_release",
                rules.BEFORE_WRITE,
                "NEW.outcome_by_id IS NOT NULL AND EXISTS (SELECT 1 FROM cases_proposal p "
                "WHERE p.attribution_id = NEW.attribution_id AND p.proposed_by_id = NEW.outcome_by_id)",
                "Whoever proposed this attribution does not release its decision",
            ),
            rules.refuse_when(
                "deputies_count_as_proposer_and_decider",
                rules.BEFORE_WRITE,
                f"{rules.newly('outcome_by_id')} AND ("
                + _as_one("NEW.decided_by_id")
                + " OR EXISTS (SELECT 1 FROM cases_proposal p WHERE p.attribution_id = NEW.attribution_id AND "
                + _as_one("p.proposed_by_id")
                + "))",
                "Whoever counts as one person with the proposer or the decider does not release the decision",
            ),
            rules.refuse_when(
                "hold_is_not_edited",
                pgtrigger.Update,
                rules.changed(
                    "attribution_id",
                    "decided_by_id",
                    "decided_at",
                    "decision_reasons",
                    "rulebook",
                    "measures",
                    "due_on",
                )
                + " OR (OLD.outcome <> '' AND "
                + rules.changed("outcome", "outcome_reasons", "outcome_by_id", "outcome_at", "escalated_at")
                + ") OR (OLD.escalated_at IS NOT NULL AND "
                + rules.changed("escalated_at")
                + ")",
                "A hold is ended once and never edited",
            ),
            rules.never_delete("hold_is_kept", "A hold is never deleted"),
        ]

    def __str__(self) -> str:
        """Return by when it is to be released."""
        return f"{self.due_on} {self.outcome or '–'}"

    @property
    def is_open(self) -> bool:
        """Say whether the decision still waits."""
        return not self.outcome
