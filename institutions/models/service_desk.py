"""`ServiceDesk`: whom a person may ask, by region. Every letter ends with it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from institutions.models.append_only import AppendOnlyModel


class ServiceDesk(AppendOnlyModel):
    """The desk of a region from a day on, until a later row of the same prefix.

    Rows are added and stay, so that a letter printed again names the desk that it named at first. The row with the
    longest prefix of a region's GB/T 2260 code counts; "" is the whole country.
    """

    region_prefix = models.CharField(_("region prefix"), max_length=6, blank=True, db_collation="C")
    starts_on = models.DateField(_("valid from"))
    authority = models.CharField(pgettext_lazy("service desk", "authority"), max_length=100)
    authority_en = models.CharField(_("authority in English"), max_length=150)
    phone = models.CharField(_("telephone"), max_length=40)
    address = models.CharField(_("address"), max_length=200)
    address_en = models.CharField(_("address in English"), max_length=250)
    hours = models.CharField(_("opening hours"), max_length=100)
    hours_en = models.CharField(_("opening hours in English"), max_length=150)
    support_line = models.CharField(
        _("support line"), max_length=40, help_text=_("Somebody to talk to when the letter weighs on its reader.")
    )
    support_hours = models.CharField(_("hours of the support line"), max_length=100)
    support_hours_en = models.CharField(_("hours of the support line in English"), max_length=150)
    added_at = models.DateTimeField(_("added at"))
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta(AppendOnlyModel.Meta):
        abstract = False
        verbose_name = _("service desk")
        verbose_name_plural = _("service desks")
        ordering = ["region_prefix", "-starts_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(region_prefix__regex=r"^(\d\d){0,3}$"), name="service_desk_prefix_is_a_region"
            ),
            models.CheckConstraint(
                condition=models.Q(authority__regex=r"\S", phone__regex=r"\S", support_line__regex=r"\S"),
                name="service_desk_can_be_reached",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.region_prefix or '–'} {self.authority}"
