"""The dialogue within an appeal: questions to the person and their answers. Only ever added to."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.models import rules
from cases.models.appeal import Appeal
from cases.models.appeal_choices import MessageKind
from institutions.clock import local_date
from institutions.models.append_only import AppendOnlyModel


class AppealMessage(AppendOnlyModel):
    """A question of the officer, with the day by which an answer is awaited, or the person's answer to it."""

    appeal = models.ForeignKey(Appeal, models.PROTECT, related_name="messages")
    kind = models.CharField(_("kind"), max_length=10, choices=MessageKind)
    text = models.TextField(_("text"))
    at = models.DateTimeField(_("written at"))
    # Empty where the person wrote it themselves, else the officer who asked, or who took the answer in.
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    due_on = models.DateField(_("answer awaited until"), null=True, blank=True)

    class Meta(AppendOnlyModel.Meta):
        """In the order in which they were written."""

        verbose_name = _("message of an appeal")
        verbose_name_plural = _("messages of appeals")
        ordering = ["appeal", "at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(text__regex=r"\S"), name="appeal_message_has_text"),
            models.CheckConstraint(
                condition=Q(kind=MessageKind.QUESTION, by__isnull=False, due_on__isnull=False)
                | Q(kind=MessageKind.ANSWER, due_on__isnull=True),
                name="question_has_an_officer_and_a_day",
            ),
        ]
        triggers = [
            *AppendOnlyModel.Meta.triggers,
            rules.refuse_when(
                "closed_appeal_takes_no_messages",
                pgtrigger.Insert,
                "NOT EXISTS (SELECT 1 FROM cases_appeal a WHERE a.id = NEW.appeal_id "
                "AND a.state IN ('accepted', 'awaiting_answer'))",
                "Questions and answers belong to an appeal that is being heard",
            ),
        ]

    def __str__(self) -> str:
        """Return kind and day."""
        return f"{self.get_kind_display()} {local_date(self.at)}"
