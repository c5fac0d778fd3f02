"""`PractitionerCode`: a national insurance code as an attribute of a person, with where it came from."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from institutions.models.history import tracked
from institutions.models.practitioner import Practitioner


class CodeScheme(models.TextChoices):
    """Which national table a code looks like it belongs to."""

    PHYSICIAN = "physician", _("physician code D")
    NURSE = "nurse", _("nurse code N")
    PHARMACIST = "pharmacist", _("pharmacist code HY")
    TECHNICIAN = "technician", _("technician code HJ")
    OTHER = "other", _("other code")


class CodeSource(models.TextChoices):
    """Who said that the code is this person's."""

    ROSTER = "roster", _("roster")
    CASE_FILE = "case_file", _("case file")
    MANUAL = "manual", _("entered by hand")


@tracked()
class PractitionerCode(models.Model):
    """One code of one person; a code belongs to one person only. Never read for the employer or the region."""

    practitioner = models.ForeignKey(Practitioner, models.PROTECT, related_name="codes", verbose_name=_("practitioner"))
    code = models.CharField(_("code"), max_length=40, unique=True, db_collation="C")
    scheme = models.CharField(_("scheme"), max_length=12, choices=CodeScheme.choices)
    source = models.CharField(_("source"), max_length=10, choices=CodeSource.choices)
    flagged = models.BooleanField(_("unusual code"), default=False)
    primary = models.BooleanField(_("shown first"), default=False)
    recorded_at = models.DateTimeField(_("recorded at"))

    class Meta:
        verbose_name = _("practitioner code")
        verbose_name_plural = _("practitioner codes")
        ordering = ["-primary", "code"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(code=""), name="practitioner_code_given"),
            models.CheckConstraint(
                condition=models.Q(scheme__in=CodeScheme.values), name="practitioner_code_scheme_known"
            ),
            models.CheckConstraint(
                condition=models.Q(source__in=CodeSource.values), name="practitioner_code_source_known"
            ),
            models.UniqueConstraint(
                fields=["practitioner"], condition=models.Q(primary=True), name="practitioner_code_one_primary"
            ),
        ]

    def __str__(self) -> str:
        return self.code
