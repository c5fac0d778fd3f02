"""Files that a person hands in: with a statement, an appeal, the answer to a question, or an application."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cases.models.appeal import Appeal
from cases.models.appeal_message import AppealMessage
from cases.models.repair import RepairApplication
from cases.models.reregistration import ReregistrationApplication
from cases.models.statement import Statement
from institutions.identifiers import new_id
from institutions.models.append_only import AppendOnlyModel

_OWNERS = ("statement", "appeal", "message", "repair", "reregistration")


def _one_owner() -> Q:
    condition = Q()
    for owner in _OWNERS:
        condition |= Q(**{f"{name}__isnull": name != owner for name in _OWNERS})
    return condition


class SubmittedFile(AppendOnlyModel):
    """提交的材料: one file that the person handed in; its kind was checked and its SHA-256 taken when it came in."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    statement = models.ForeignKey(Statement, models.PROTECT, null=True, blank=True, related_name="files")
    appeal = models.ForeignKey(Appeal, models.PROTECT, null=True, blank=True, related_name="files")
    message = models.ForeignKey(AppealMessage, models.PROTECT, null=True, blank=True, related_name="files")
    repair = models.ForeignKey(RepairApplication, models.PROTECT, null=True, blank=True, related_name="files")
    reregistration = models.ForeignKey(
        ReregistrationApplication, models.PROTECT, null=True, blank=True, related_name="files"
    )
    file = models.FileField(_("file"), max_length=120)
    file_name = models.CharField(_("file name"), max_length=200)
    sha256 = models.CharField("SHA-256", max_length=64)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    content_type = models.CharField(_("content type"), max_length=100)
    received_at = models.DateTimeField(_("received at"))
    # Empty where the person handed it in themselves, else the officer who took it in.
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta(AppendOnlyModel.Meta):
        """Belongs to one thing that was said; addressed by content like evidence."""

        verbose_name = _("submitted file")
        verbose_name_plural = _("submitted files")
        ordering = ["received_at", "id"]
        constraints = [
            models.CheckConstraint(condition=_one_owner(), name="submitted_file_belongs_to_one_thing"),
            models.UniqueConstraint(
                fields=[*_OWNERS, "sha256"], name="submitted_file_once_per_thing", nulls_distinct=False
            ),
            models.CheckConstraint(condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="submitted_file_has_a_sha256"),
            models.CheckConstraint(condition=Q(size__gt=0), name="submitted_file_is_not_empty"),
            models.CheckConstraint(
                condition=Q(file__endswith=F("sha256")), name="submitted_file_is_stored_under_its_hash"
            ),
        ]

    def __str__(self) -> str:
        """Return the name under which it was handed in."""
        return self.file_name
