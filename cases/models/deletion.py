"""What was deleted for good when its time was over: the bytes of files. The rows that cite them stay, with the hash."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from institutions.models.append_only import AppendOnlyModel


class DeletedThing(models.TextChoices):
    """Of what row the file was."""

    EVIDENCE = "evidence", _("evidence")
    SUBMITTED_FILE = "submitted_file", _("submitted file")
    REDACTED_COPY = "redacted_copy", _("redacted copy")
    SERVICE_RECEIPT = "service_receipt", _("receipt of service")


class FileDeletion(AppendOnlyModel):
    """One file whose retention ended: which row's, under which rule, and until when it had to be kept."""

    subject_type = models.CharField(_("kind of thing"), max_length=20, choices=DeletedThing)
    subject_id = models.CharField(_("which"), max_length=40, db_collation="C")
    file_name = models.CharField(_("file name"), max_length=200)
    stored_as = models.CharField(_("stored as"), max_length=120, db_collation="C")
    sha256 = models.CharField("SHA-256", max_length=64)
    rule = models.CharField(_("rule"), max_length=40, db_collation="C")
    kept_until = models.DateField(_("had to be kept until"))
    ended_with = models.CharField(_("counted from"), max_length=60)
    # False where another row still needs the same bytes: this row gives up its claim, the file stays for the other.
    bytes_removed = models.BooleanField(_("file removed"))
    region_code = models.CharField(_("region"), max_length=6, blank=True, db_collation="C")
    deleted_at = models.DateTimeField(_("deleted at"))

    class Meta(AppendOnlyModel.Meta):
        """Once a row; newest first."""

        verbose_name = _("deleted file")
        verbose_name_plural = _("deleted files")
        ordering = ["-deleted_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["subject_type", "subject_id"], name="file_is_deleted_once"),
            models.CheckConstraint(condition=Q(subject_type__in=DeletedThing.values), name="deleted_thing_is_known"),
        ]

    def __str__(self) -> str:
        """Return the file's name."""
        return self.file_name
