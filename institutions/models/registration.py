"""`Registration` 登记备案: a practitioner at an institution, from one day to another."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.utils.translation import gettext_lazy as _

from institutions.identifiers import new_id
from institutions.models.history import tracked
from institutions.models.institution import Institution
from institutions.models.practitioner import Practitioner


class DateRange(models.Func):
    """PostgreSQL's `daterange(from, last day, '[]')`."""

    function = "DATERANGE"
    output_field = DateRangeField()


class PractitionerHash(models.Func):
    """64 bits of a person's id, in the place of the id itself.

    With the id in it the index of the constraint looks to the planner as good as the one made for finding a person's
    spells, and it is read by the thousand pages where that takes four. Two people who share the 64 bits and work at one
    institution on one day would be kept apart too: one chance in a thousand million for a whole country.
    """

    template = "uuid_hash_extended(%(expressions)s, 0)"
    output_field = models.BigIntegerField()


@tracked()
class Registration(models.Model):
    """One spell of a person at an institution; `ends_on` is the last day, empty while it runs.

    One open spell per person and institution; spells of one person at one institution never overlap.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    practitioner = models.ForeignKey(
        Practitioner, models.PROTECT, related_name="registrations", verbose_name=_("practitioner")
    )
    institution = models.ForeignKey(
        Institution, models.PROTECT, related_name="registrations", verbose_name=_("institution")
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)
    department = models.CharField(_("department"), max_length=100, blank=True)
    position = models.CharField(_("position"), max_length=100, blank=True)
    specialty = models.CharField(_("specialty"), max_length=100, blank=True)
    commitment_on = models.DateField(_("commitment signed on"), null=True, blank=True)

    class Meta:
        verbose_name = _("registration")
        verbose_name_plural = _("registrations")
        ordering = ["practitioner", "starts_on", "institution"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=models.F("starts_on")),
                name="registration_ends_after_start",
            ),
            models.UniqueConstraint(
                fields=["practitioner", "institution"],
                condition=models.Q(ends_on__isnull=True),
                name="registration_one_open_spell",
            ),
            ExclusionConstraint(
                name="registration_spells_apart",
                expressions=[
                    (PractitionerHash("practitioner"), RangeOperators.EQUAL),
                    ("institution", RangeOperators.EQUAL),
                    (
                        DateRange("starts_on", "ends_on", RangeBoundary(inclusive_lower=True, inclusive_upper=True)),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.practitioner_id} @ {self.institution_id} {self.starts_on}–{self.ends_on or ''}"
