"""What a person asked to have corrected in the data kept about them, and the answer."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.models import rules
from institutions.models import Notice, Practitioner
from institutions.models.history import tracked
from institutions.models.pairing import all_or_none


class DataRequestKind(models.TextChoices):
    """What is wrong, in the person's eyes."""

    IDENTITY = "identity", _("my name, code or category")
    REGISTRATION = "registration", _("where I work, since when, or my post")
    DATES = "dates", _("a date in a letter or on a page")
    EVIDENCE = "evidence", _("I need a copy of a piece of evidence")
    OTHER = "other", _("something else")


class DataRequestOutcome(models.TextChoices):
    """How a request was answered."""

    CORRECTED = "corrected", _("Done as asked")
    PARTLY = "partly", _("Done in part")
    REFUSED = "refused", _("Not done")


@tracked()
class DataRequest(models.Model):
    """更正申请: filed by the person through one of their letters, answered once by an officer, with reasons."""

    practitioner = models.ForeignKey(
        Practitioner, models.PROTECT, related_name="data_requests", verbose_name=_("practitioner")
    )
    notice = models.ForeignKey(Notice, models.PROTECT, related_name="data_requests", verbose_name=_("filed through"))
    kind = models.CharField(_("about"), max_length=15, choices=DataRequestKind)
    text = models.TextField(_("what is wrong, and what should stand there"))
    filed_at = models.DateTimeField(_("filed at"))
    outcome = models.CharField(_("outcome"), max_length=10, choices=DataRequestOutcome, blank=True)
    answer = models.TextField(_("reasons"), blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        """One open request of a kind per person; answered wholly or not at all, and once."""

        verbose_name = _("request to correct data")
        verbose_name_plural = _("requests to correct data")
        ordering = ["-filed_at", "-id"]
        indexes = [
            models.Index(fields=["filed_at"], name="data_request_open", condition=Q(answered_at__isnull=True)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["practitioner", "kind"],
                condition=Q(answered_at__isnull=True),
                name="data_request_one_open_of_a_kind",
            ),
            models.CheckConstraint(condition=Q(kind__in=DataRequestKind.values), name="data_request_kind_is_known"),
            models.CheckConstraint(condition=Q(text__regex=r"\S"), name="data_request_has_text"),
            all_or_none("data_request_answer_is_whole", "answered_at", "answered_by"),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, outcome="", answer="")
                | Q(answered_at__isnull=False, outcome__in=DataRequestOutcome.values, answer__regex=r"\S"),
                name="data_request_is_answered_with_reasons",
            ),
        ]
        triggers = [
            rules.refuse_when(
                "data_request_stays_as_filed",
                pgtrigger.Update,
                rules.changed("practitioner_id", "notice_id", "kind", "text", "filed_at")
                + " OR (OLD.answered_at IS NOT NULL AND "
                + rules.changed("outcome", "answer", "answered_at", "answered_by_id")
                + ")",
                "A request is never edited, nor an answer once given",
            ),
            rules.never_delete("data_request_is_kept", "A request is never deleted"),
        ]

    def __str__(self) -> str:
        """Return its receipt number."""
        return self.receipt

    @property
    def receipt(self) -> str:
        """Return the number under which it was acknowledged: GZ, the year, and its own number."""
        return f"GZ{self.filed_at:%Y}-{self.pk:06d}"
