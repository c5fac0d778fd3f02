"""`Role` and `RoleAssignment`: what a user may do, and where. Roles are data."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from institutions.models.history import tracked
from institutions.models.institution import Institution
from institutions.models.user import User

INSTITUTION_HR = "institution_hr"


class RoleScope(models.TextChoices):
    """What a role is held over."""

    REGION = "region", _("a region and all within it")
    INSTITUTION = "institution", _("one institution")


@tracked()
class Role(models.Model):
    """A named set of permissions. Those that come with the product are kept in step when reference data is loaded."""

    code = models.CharField(_("code"), max_length=40, primary_key=True, db_collation="C")
    name = models.CharField(_("name"), max_length=100)
    scope = models.CharField(_("held over"), max_length=12, choices=RoleScope.choices, default=RoleScope.REGION)
    permissions = ArrayField(models.CharField(max_length=60), verbose_name=_("permissions"), default=list)
    is_builtin = models.BooleanField(_("comes with the product"), default=False, editable=False)

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


@tracked()
class RoleAssignment(models.Model):
    """A user holds a role over a region (`region_prefix`, "" = the whole country) or over one institution."""

    user = models.ForeignKey(User, models.PROTECT, related_name="role_assignments", verbose_name=_("user"))
    role = models.ForeignKey(Role, models.PROTECT, related_name="assignments", verbose_name=_("role"))
    region_prefix = models.CharField(
        _("region prefix"),
        max_length=6,
        blank=True,
        db_collation="C",
        help_text=_("GB/T 2260 prefix of 2, 4 or 6 digits; empty for the whole country"),
    )
    institution = models.ForeignKey(
        Institution,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="role_assignments",
        verbose_name=_("institution"),
    )

    class Meta:
        verbose_name = _("role assignment")
        verbose_name_plural = _("role assignments")
        ordering = ["user", "role"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role", "region_prefix", "institution"],
                nulls_distinct=False,
                name="role_assignment_once",
            ),
            models.CheckConstraint(
                condition=models.Q(region_prefix__regex=r"^(\d{2}){0,3}$"), name="role_assignment_prefix_form"
            ),
            models.CheckConstraint(
                condition=models.Q(institution__isnull=True) | models.Q(region_prefix=""),
                name="role_assignment_one_scope",
            ),
            models.CheckConstraint(
                condition=~models.Q(role=INSTITUTION_HR) | models.Q(institution__isnull=False),
                name="role_assignment_hr_has_institution",
                violation_error_message=_("HR belongs to one institution: name it."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.role} · {self.institution or self.region_prefix or '–'}"
