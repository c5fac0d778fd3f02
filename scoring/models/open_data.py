"""Open data's memory: which row has which random id, what it says, and what each release changed."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from institutions.models import Practitioner
from institutions.models.append_only import AppendOnlyModel
from institutions.models.history import tracked
from scoring.open_data.changes import MAY_BE_GONE, Change

CHANGES = [
    (Change.ADDED.value, _("added")),
    (Change.UPDATED.value, _("updated")),
    (Change.CORRECTED.value, _("corrected")),
    (Change.RESTORED.value, _("restored")),
    (Change.EXPIRED.value, _("expired")),
    (Change.REMOVED.value, _("removed")),
]


@tracked()
class OpenDataRelease(models.Model):
    """One snapshot with the delta that leads to it. Number and hashes never change; files are withdrawn in time.

    The first release of a date has the revision 1; a correction on the same day makes another one.
    """

    number = models.PositiveIntegerField(_("number"), primary_key=True)
    on = models.DateField(_("date"))
    revision = models.PositiveSmallIntegerField(_("revision"), default=1)
    rows = models.PositiveIntegerField(_("rows"))
    changes = models.JSONField(_("changes"), default=dict)
    files = models.JSONField(_("files"), default=dict)
    made_at = models.DateTimeField(_("made at"))
    full_withdrawn_on = models.DateField(_("snapshot withdrawn on"), null=True, blank=True)
    delta_withdrawn_on = models.DateField(_("delta withdrawn on"), null=True, blank=True)

    class Meta:
        verbose_name = _("open data release")
        verbose_name_plural = _("open data releases")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["on", "revision"], name="open_data_release_once"),
            models.CheckConstraint(condition=Q(number__gte=1, revision__gte=1), name="open_data_release_counts_up"),
        ]
        triggers = [
            pgtrigger.Protect(name="release_stays", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="release_frozen", fields=["number", "on", "revision", "rows", "changes", "files", "made_at"]
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """Return the name by which files and pages call it: the date, and the revision where there is more than one."""
        return self.on.isoformat() if self.revision == 1 else f"{self.on.isoformat()}.{self.revision}"


@tracked()
class OpenDataRow(models.Model):
    """One row of open data and its random id, which says nothing of the person and is never used again.

    `content` is the row as last released; it is gone once the row is (`gone_on`), and stays gone (trigger).
    """

    row_id = models.CharField(_("row id"), max_length=32, primary_key=True, db_collation="C")
    practitioner = models.ForeignKey(
        Practitioner, models.PROTECT, related_name="open_data_rows", verbose_name=_("practitioner")
    )
    year = models.SmallIntegerField(_("year"), null=True, blank=True)
    content = models.JSONField(_("content"), null=True, blank=True)
    listed_in = models.ForeignKey(
        OpenDataRelease, models.PROTECT, related_name="rows_listed", verbose_name=_("first release")
    )
    gone_on = models.DateField(_("gone on"), null=True, blank=True)
    gone_as = models.CharField(_("gone as"), max_length=10, blank=True, choices=CHANGES)
    gone_in = models.ForeignKey(
        OpenDataRelease,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="rows_gone",
        verbose_name=_("release without it"),
    )
    tombstone_until = models.DateField(_("tombstone until"), null=True, blank=True)

    class Meta:
        verbose_name = _("open data row")
        verbose_name_plural = _("open data rows")
        constraints = [
            models.UniqueConstraint(
                fields=["practitioner", "year"],
                name="open_data_row_once",
                condition=Q(gone_on__isnull=True),
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(gone_on__isnull=True, gone_as="", content__isnull=False, gone_in__isnull=True)
                | Q(
                    gone_on__isnull=False,
                    gone_as__in=[change.value for change in sorted(MAY_BE_GONE)],
                    content__isnull=True,
                    tombstone_until__isnull=False,
                ),
                name="open_data_row_there_or_gone",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="row_id_never_free_again", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="row_id_fixed", fields=["row_id", "practitioner", "year", "listed_in"]),
            pgtrigger.Protect(
                name="gone_stays_gone",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("OLD.gone_on IS NOT NULL"),
            ),
        ]

    def __str__(self) -> str:
        return self.row_id


class OpenDataChange(AppendOnlyModel):
    """What one release said of one row; with it a release that tells too much is found and withdrawn."""

    release = models.ForeignKey(OpenDataRelease, models.PROTECT, related_name="row_changes", verbose_name=_("release"))
    row = models.ForeignKey(OpenDataRow, models.PROTECT, related_name="changes", verbose_name=_("row"))
    change = models.CharField(_("change"), max_length=10, choices=CHANGES)

    class Meta(AppendOnlyModel.Meta):
        abstract = False
        verbose_name = _("open data change")
        verbose_name_plural = _("open data changes")
        constraints = [models.UniqueConstraint(fields=["release", "row"], name="open_data_change_once")]

    def __str__(self) -> str:
        return f"{self.release_id} {self.change} {self.row_id}"
