"""``Scorecard`` 记分卡: the published projection of one person, rendered once per change."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import ExtractYear
from django.utils.translation import gettext_lazy as _

from institutions.models import Practitioner


class Scorecard(models.Model):
    """The rendered facts of one person and the days for which they hold.

    Only persons with entries have a row; everybody else's page is computed when asked for. A row with
    ``dirty_at`` set, or asked for on a day outside ``valid_from``–``valid_until`` (last day), is not
    served: the page is then computed from the ledger, so a reader never sees an old status. No row
    holds across a New Year, so that a year is opened by writing nothing (check constraint). ``filed_in`` is the
    mark of the folder into which the pages were last written as files. Derived and rebuildable, hence without
    row history.
    """

    practitioner = models.OneToOneField(
        Practitioner, models.PROTECT, primary_key=True, related_name="scorecard", verbose_name=_("practitioner")
    )
    body = models.JSONField(_("facts"), null=True, blank=True)
    open_rows = models.JSONField(_("rows of open data"), default=list, db_default=models.Value([], models.JSONField()))
    digest = models.CharField(_("digest"), max_length=64, blank=True, db_collation="C")
    version = models.PositiveIntegerField(_("version"), default=0)
    valid_from = models.DateField(_("holds from"), null=True, blank=True)
    valid_until = models.DateField(_("holds until"), null=True, blank=True)
    dirty_at = models.DateTimeField(_("to be rendered since"), null=True, blank=True)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    filed_in = models.CharField(_("files in"), max_length=24, blank=True, db_default="", db_collation="C")

    class Meta:
        verbose_name = _("scorecard")
        verbose_name_plural = _("scorecards")
        indexes = [
            models.Index(fields=["dirty_at"], name="scorecard_dirty", condition=Q(dirty_at__isnull=False)),
            models.Index(fields=["valid_until"], name="scorecard_valid_until"),
        ]
        constraints = [
            models.CheckConstraint(
                name="scorecard_within_a_year", condition=Q(valid_until__year=ExtractYear("valid_from"))
            ),
            models.CheckConstraint(
                name="scorecard_rendered_all_or_none",
                condition=Q(body__isnull=True, valid_from__isnull=True, valid_until__isnull=True)
                | Q(body__isnull=False, valid_from__isnull=False, valid_until__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.practitioner} v{self.version}"
