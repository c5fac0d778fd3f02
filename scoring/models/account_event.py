"""``AccountEvent``: what happens to an account besides points, in the order of posting."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from institutions.identifiers import new_id
from institutions.models import Practitioner
from institutions.models.append_only import AppendOnlyModel
from scoring.enums import AccountEventKind
from scoring.models.posting import posting_field
from scoring.models.rulebook_version import RulebookVersion

KINDS = [
    (AccountEventKind.REPAIR.value, _("repair approved")),
    (AccountEventKind.REREGISTRATION.value, _("registered anew")),
    (AccountEventKind.STAY.value, _("appeal accepted")),
    (AccountEventKind.DISMISSAL.value, _("appeal dismissed")),
    (AccountEventKind.APPEAL_OPENED.value, _("appeal filed")),
    (AccountEventKind.APPEAL_CLOSED.value, _("appeal closed")),
    (AccountEventKind.LICENCE_LOSS.value, _("licence revoked")),
    (AccountEventKind.LICENCE_RESTORED.value, _("licence given back")),
]


class AccountEvent(AppendOnlyModel):
    """One event, inserted once. Whether a repair is credited is decided anew on every replay."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    posting = posting_field()
    practitioner = models.ForeignKey(
        Practitioner, models.PROTECT, related_name="account_events", verbose_name=_("practitioner")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=KINDS, db_collation="C")
    on = models.DateField(_("on"))
    points = models.SmallIntegerField(_("points"), null=True, blank=True)
    award = models.ForeignKey(
        "scoring.PointsEntry", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("award")
    )
    rulebook = models.ForeignKey(
        RulebookVersion, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("rulebook")
    )
    commitment_on = models.DateField(_("commitment signed on"), null=True, blank=True)
    source_key = models.CharField(_("cause"), max_length=200, unique=True, db_collation="C")
    reason = models.TextField(_("reason"), blank=True)
    recorded_at = models.DateTimeField(_("recorded at"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("by")
    )

    class Meta(AppendOnlyModel.Meta):
        abstract = False
        verbose_name = _("account event")
        verbose_name_plural = _("account events")
        ordering = ["posting"]
        indexes = [models.Index(fields=["practitioner", "posting"], name="account_event_account")]
        constraints = [
            models.CheckConstraint(name="account_event_kind_known", condition=Q(kind__in=[k for k, _label in KINDS])),
            models.CheckConstraint(
                name="account_event_repair",
                condition=~Q(kind="repair") | Q(points__gte=1, rulebook__isnull=False, award__isnull=True),
            ),
            models.CheckConstraint(
                name="account_event_reregistration",
                condition=~Q(kind="reregistration") | Q(commitment_on__isnull=False),
            ),
            models.CheckConstraint(
                name="account_event_stay",
                condition=~Q(kind__in=["stay", "dismissal", "appeal_opened", "appeal_closed"]) | Q(award__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.on}"
