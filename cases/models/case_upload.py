"""`CaseUpload`: a case file with its evidence, or a table of many cases, that an officer sent by the admin."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from institutions.models.upload import Upload, upload_constraints, upload_index, upload_triggers


class CaseUploadKind(models.TextChoices):
    """What was sent."""

    CASE_FILE = "case_file", _("case file")
    TABLE = "table", _("table of cases")


class CaseUpload(Upload):
    """One upload of cases. `bundle` holds the evidence sent along; `plan` says, case by case, what would be made.

    The cases it made point back to it (`CaseFile.upload`); while none of them has gone further than a draft the whole
    import may be taken back: `undone_*` say who did, when and why.
    """

    file = models.FileField(_("content"), upload_to="case-uploads/", blank=True)
    bundle = models.FileField(_("evidence"), upload_to="case-uploads/", blank=True)
    rejects = models.FileField(_("refused rows"), upload_to="case-uploads/", blank=True)
    kind = models.CharField(_("kind"), max_length=10, choices=CaseUploadKind.choices)
    cases_total = models.PositiveIntegerField(_("cases in it"), default=0)
    cases_done = models.PositiveIntegerField(_("cases dealt with"), default=0)
    plan = models.JSONField(_("what would be made"), default=dict)
    undone_at = models.DateTimeField(_("taken back at"), null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("taken back by"),
    )
    undone_reason = models.TextField(_("why it was taken back"), blank=True)

    class Meta:
        verbose_name = _("uploaded case file")
        verbose_name_plural = _("uploaded case files")
        ordering = ["-id"]
        indexes = [upload_index("case_upload")]
        constraints = [
            *upload_constraints("case_upload"),
            models.CheckConstraint(condition=Q(kind__in=CaseUploadKind.values), name="case_upload_kind_known"),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True, undone_by__isnull=True, undone_reason="")
                | Q(
                    state__in=["imported", "cancelled", "failed"],
                    undone_at__isnull=False,
                    undone_by__isnull=False,
                    undone_reason__regex=r"\S",
                ),
                name="case_upload_undone_whole",
            ),
        ]
        triggers = upload_triggers("case_upload", facts=("kind",))
