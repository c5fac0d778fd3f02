"""`CalendarDay`: whether a day of an announced year is worked."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from institutions.models.history import tracked


@tracked()
class CalendarDay(models.Model):
    """One day of the working calendar announced by the State Council; a year without rows is not announced yet.

    `source` names the announcement of a day that an officer loaded; it is empty for what the product ships, which never
    takes the place of a loaded day.
    """

    on = models.DateField(_("date"), primary_key=True)
    is_working = models.BooleanField(_("worked"))
    source = models.CharField(pgettext_lazy("of a calendar", "source"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("calendar day")
        verbose_name_plural = _("calendar days")
        ordering = ["on"]

    def __str__(self) -> str:
        return self.on.isoformat()
