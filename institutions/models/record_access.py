"""Who looked at a person's record, and how often strangers looked it up. The person may see both (`/n/{number}`).

Of an opening by an officer or an institution the row says in which role and for which organisation; the user is kept
for auditors and is never shown. Of strangers nothing is kept but a number for each day.
"""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from institutions.models.append_only import AppendOnlyModel
from institutions.models.institution import Institution
from institutions.models.practitioner import Practitioner
from institutions.models.user import User


class AccessDoor(models.TextChoices):
    """What of a record was looked at."""

    PERSON = "person", _("entry in the register of persons")
    ACCOUNT = "account", _("points and measures")
    CASE = "case", _("case and responsibility")
    ROSTER = "roster", _("roster of an institution, with the status")
    NOTICE = "notice", _("notice about the person")


class RecordAccess(AppendOnlyModel):
    """A user looked at a person's record by one door: the first time on each Shanghai date."""

    id = models.BigAutoField(primary_key=True)
    practitioner = models.ForeignKey(
        Practitioner, models.PROTECT, related_name="accesses", verbose_name=_("practitioner")
    )
    door = models.CharField(_("what was looked at"), max_length=12, choices=AccessDoor.choices, db_collation="C")
    on = models.DateField(_("on"))
    at = models.DateTimeField(_("at"))
    role = models.CharField(_("role"), max_length=40, blank=True, db_collation="C")
    institution = models.ForeignKey(
        Institution, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("institution")
    )
    region_prefix = models.CharField(_("region prefix"), max_length=6, blank=True, db_collation="C")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=pgettext_lazy("who read", "by"))

    class Meta(AppendOnlyModel.Meta):
        abstract = False
        verbose_name = _("opening of a record")
        verbose_name_plural = _("openings of records")
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["-at", "-id"], name="record_access_latest")]
        constraints = [
            models.UniqueConstraint(fields=["practitioner", "by", "door", "on"], name="record_access_once_a_day"),
            models.CheckConstraint(condition=Q(door__in=AccessDoor.values), name="record_access_door_known"),
            models.CheckConstraint(
                condition=Q(institution__isnull=True) | Q(region_prefix=""), name="record_access_one_organisation"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_door_display()} {self.on}"


class LookupCount(models.Model):
    """How often a person's public scorecard was opened on a Shanghai date, by whomever. It only ever grows."""

    practitioner = models.ForeignKey(
        Practitioner, models.PROTECT, related_name="lookup_counts", verbose_name=_("practitioner")
    )
    on = models.DateField(_("on"))
    lookups = models.PositiveIntegerField(_("look-ups"))

    class Meta:
        verbose_name = _("number of look-ups")
        verbose_name_plural = _("numbers of look-ups")
        ordering = ["-on"]
        constraints = [
            models.UniqueConstraint(fields=["practitioner", "on"], name="lookup_count_once_a_day"),
            models.CheckConstraint(condition=Q(lookups__gte=1), name="lookup_count_counts"),
        ]
        triggers = [
            pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="only_grows",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    'NEW.lookups < OLD.lookups OR NEW.practitioner_id <> OLD.practitioner_id OR NEW."on" <> OLD."on"'
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.lookups}"
