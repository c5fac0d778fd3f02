"""Evidence of a case and the log of who opened it. Both are only ever added to."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.models.case_file import CaseFile
from institutions.identifiers import new_id
from institutions.models.append_only import AppendOnlyModel

EVIDENCE_FOLDER = "evidence"


def content_address(sha256: str) -> str:
    """Return the place of a file in the media store: named by what it contains, so nothing is ever overwritten."""
    return f"{EVIDENCE_FOLDER}/{sha256[:2]}/{sha256}"


class Evidence(AppendOnlyModel):
    """证据: one file. Its SHA-256 was taken when it came in; whoever changes a byte is found out."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(CaseFile, models.PROTECT, related_name="evidence")
    key = models.CharField(_("key"), max_length=40)
    title = models.CharField(_("title"), max_length=300)
    file = models.FileField(_("file"), max_length=120)
    file_name = models.CharField(_("file name"), max_length=200)
    sha256 = models.CharField("SHA-256", max_length=64)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    content_type = models.CharField(_("content type"), max_length=100)
    added_at = models.DateTimeField(_("added at"))
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta(AppendOnlyModel.Meta):
        """Addressed by content: the stored name repeats the hash."""

        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        ordering = ["case", "key"]
        constraints = [
            models.UniqueConstraint(fields=["case", "key"], name="evidence_key_once_per_case"),
            models.CheckConstraint(condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="evidence_has_a_sha256"),
            models.CheckConstraint(condition=Q(size__gt=0), name="evidence_is_not_empty"),
            models.CheckConstraint(
                condition=Q(file__endswith=models.F("sha256")), name="evidence_is_stored_under_its_hash"
            ),
        ]

    def __str__(self) -> str:
        """Return the evidence's title."""
        return self.title


class EvidenceAccess(AppendOnlyModel):
    """One opening of a piece of evidence: who, when, what for, and whether the bytes were still those that came in."""

    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="accesses")
    opened_at = models.DateTimeField(_("opened at"))
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    purpose = models.CharField(_("purpose"), max_length=200)
    hash_matched = models.BooleanField(_("hash matched"))

    class Meta(AppendOnlyModel.Meta):
        """Newest first."""

        verbose_name = _("evidence access")
        verbose_name_plural = _("evidence accesses")
        ordering = ["-opened_at"]

    def __str__(self) -> str:
        """Return what was opened and when."""
        return f"{self.evidence} {timezone.localtime(self.opened_at):%Y-%m-%d %H:%M}"
