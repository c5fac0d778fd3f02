"""`RosterUpload`: a roster that an officer sent by the admin, on its way from the check to the import."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from institutions.models.roster_import import RosterImport
from institutions.models.upload import Upload, upload_constraints, upload_index, upload_triggers


class RosterUpload(Upload):
    """One uploaded roster. `rows_*` say how far the present step is; `run` is the import that it became."""

    file = models.FileField(_("content"), upload_to="rosters/", blank=True)
    rejects = models.FileField(_("refused rows"), upload_to="rosters/", blank=True)
    end_missing_on = models.DateField(
        _("registrations not in it end on"),
        null=True,
        blank=True,
        help_text=_("Only for a roster that names everybody at each institution in it."),
    )
    rows_parsed = models.BigIntegerField(_("rows read"), default=0)
    rows_staged = models.BigIntegerField(_("rows staged"), default=0)
    rows_applied = models.BigIntegerField(_("rows written"), default=0)
    run = models.ForeignKey(
        RosterImport, models.PROTECT, null=True, blank=True, related_name="uploads", verbose_name=_("roster import")
    )

    class Meta:
        verbose_name = _("uploaded roster")
        verbose_name_plural = _("uploaded rosters")
        ordering = ["-id"]
        indexes = [upload_index("roster_upload")]
        constraints = upload_constraints("roster_upload")
        triggers = upload_triggers("roster_upload", facts=("end_missing_on",), outcome=("run_id",))
