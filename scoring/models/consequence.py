"""``Consequence`` 后果清单: every effect of a decision, written when caused, reversed and ticked one by one."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from institutions.identifiers import new_id
from institutions.models import Practitioner
from institutions.models.append_only import AppendOnlyModel
from scoring.enums import ConsequenceKind
from scoring.models.points_entry import PointsEntry

KINDS = [
    (ConsequenceKind.ENTRY.value, _("points on the ledger")),
    (ConsequenceKind.MEASURE.value, _("measure")),
    (ConsequenceKind.SCORECARD.value, _("published scorecard")),
    (ConsequenceKind.NOTICE.value, _("notice")),
    (ConsequenceKind.READER.value, _("past reader")),
    (ConsequenceKind.CLAIMS.value, _("claims to resubmit")),
    (ConsequenceKind.OPEN_DATA.value, _("row of open data")),
]


class Consequence(AppendOnlyModel):
    """One effect of one entry on one target, inserted in the transaction that caused it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    practitioner = models.ForeignKey(
        Practitioner, models.PROTECT, related_name="consequences", verbose_name=_("practitioner")
    )
    entry = models.ForeignKey(PointsEntry, models.PROTECT, related_name="consequences", verbose_name=_("caused by"))
    kind = models.CharField(_("kind"), max_length=20, choices=KINDS, db_collation="C")
    target = models.CharField(_("target"), max_length=100, db_collation="C")
    detail = models.JSONField(_("detail"), default=dict)
    caused_at = models.DateTimeField(_("caused at"))

    class Meta(AppendOnlyModel.Meta):
        abstract = False
        verbose_name = _("consequence")
        verbose_name_plural = _("consequences")
        ordering = ["caused_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["entry", "kind", "target"], name="consequence_once"),
        ]
        indexes = [models.Index(fields=["target"], name="consequence_by_target")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.target}"


class ConsequenceReversal(AppendOnlyModel):
    """The tick: this consequence was undone, by which reversing entry, when, and how (``detail``)."""

    consequence = models.OneToOneField(
        Consequence, models.PROTECT, primary_key=True, related_name="reversal", verbose_name=_("consequence")
    )
    entry = models.ForeignKey(PointsEntry, models.PROTECT, related_name="+", verbose_name=_("undone by"))
    reversed_at = models.DateTimeField(_("undone at"))
    detail = models.JSONField(_("how"), default=dict)

    class Meta(AppendOnlyModel.Meta):
        abstract = False
        verbose_name = _("undone consequence")
        verbose_name_plural = _("undone consequences")

    def __str__(self) -> str:
        return str(self.consequence_id)
