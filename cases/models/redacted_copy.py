"""Redacted copies of evidence: what the person may see of it. Evidence holds patients' names."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.models import rules
from cases.models.evidence import Evidence
from institutions.identifiers import new_id
from institutions.models import Notice
from institutions.models.append_only import AppendOnlyModel


class RedactedCopy(AppendOnlyModel):
    """脱敏副本: a copy that an officer made of a piece of evidence, with others' data taken out; the latest counts."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="redacted_copies")
    file = models.FileField(_("file"), max_length=120)
    file_name = models.CharField(_("file name"), max_length=200)
    sha256 = models.CharField("SHA-256", max_length=64)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    content_type = models.CharField(_("content type"), max_length=100)
    taken_out = models.CharField(_("what was taken out"), max_length=300)
    added_at = models.DateTimeField(_("added at"))
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta(AppendOnlyModel.Meta):
        """Says what was taken out; never the bytes of the original."""

        verbose_name = _("redacted copy")
        verbose_name_plural = _("redacted copies")
        ordering = ["evidence", "-added_at"]
        constraints = [
            models.UniqueConstraint(fields=["evidence", "sha256"], name="redacted_copy_once"),
            models.CheckConstraint(condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="redacted_copy_has_a_sha256"),
            models.CheckConstraint(condition=Q(size__gt=0), name="redacted_copy_is_not_empty"),
            models.CheckConstraint(
                condition=Q(file__endswith=F("sha256")), name="redacted_copy_is_stored_under_its_hash"
            ),
            models.CheckConstraint(condition=Q(taken_out__regex=r"\S"), name="redacted_copy_says_what_was_taken_out"),
        ]
        triggers = [
            *AppendOnlyModel.Meta.triggers,
            rules.refuse_when(
                "redacted_copy_is_not_the_original",
                pgtrigger.Insert,
                "EXISTS (SELECT 1 FROM cases_evidence e WHERE e.id = NEW.evidence_id AND e.sha256 = NEW.sha256)",
                "A redacted copy differs from the original",
            ),
        ]

    def __str__(self) -> str:
        """Return the name of the file."""
        return self.file_name


class RedactedOpening(AppendOnlyModel):
    """One opening of a redacted copy: by the person through a letter, or by an officer."""

    copy = models.ForeignKey(RedactedCopy, models.PROTECT, related_name="openings")
    opened_at = models.DateTimeField(_("opened at"))
    notice = models.ForeignKey(
        Notice, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("through the letter")
    )
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    hash_matched = models.BooleanField(_("hash matched"))

    class Meta(AppendOnlyModel.Meta):
        """Newest first; by one of the two."""

        verbose_name = _("opening of a redacted copy")
        verbose_name_plural = _("openings of redacted copies")
        ordering = ["-opened_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(notice__isnull=True) ^ Q(opened_by__isnull=True), name="redacted_opening_by_one"
            ),
        ]

    def __str__(self) -> str:
        """Return what was opened and when."""
        return f"{self.copy} {timezone.localtime(self.opened_at):%Y-%m-%d %H:%M}"
