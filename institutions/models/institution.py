"""`Institution` 定点医药机构: a designated hospital, clinic or pharmacy."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from institutions.identifiers import new_id
from institutions.models.history import tracked
from institutions.models.region import Region


class InstitutionKind(models.TextChoices):
    """What sort of designated institution it is."""

    HOSPITAL = "hospital", _("hospital")
    CLINIC = "clinic", _("clinic")
    PHARMACY = "pharmacy", _("pharmacy")


@tracked()
class Institution(models.Model):
    """A designated institution; its code is checked softly, and flagged where it does not look as codes do."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(_("code"), max_length=40, unique=True, db_collation="C")
    code_flagged = models.BooleanField(_("unusual code"), default=False)
    name = models.CharField(_("name"), max_length=200, db_collation="C", db_index=True)
    kind = models.CharField(_("kind"), max_length=10, choices=InstitutionKind.choices)
    region = models.ForeignKey(Region, models.PROTECT, related_name="institutions", verbose_name=_("region"))
    contact = models.CharField(
        _("contact"), max_length=200, blank=True, help_text=_("Office and telephone, never a person's name")
    )
    closed_on = models.DateField(_("closed on"), null=True, blank=True, help_text=_("Last day of its agreement"))

    class Meta:
        verbose_name = _("institution")
        verbose_name_plural = _("institutions")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(code=""), name="institution_code_given"),
            models.CheckConstraint(condition=~models.Q(name=""), name="institution_name_given"),
            models.CheckConstraint(condition=models.Q(kind__in=InstitutionKind.values), name="institution_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.code}"
