"""``PointsEntry`` 记分分录: the ledger. Rows are inserted; nothing else ever happens to them."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from institutions.identifiers import new_id
from institutions.models import Institution, Practitioner
from institutions.models.append_only import AppendOnlyModel
from scoring.enums import EntryKind
from scoring.models.account_event import AccountEvent
from scoring.models.posting import posting_field
from scoring.models.rulebook_version import RulebookVersion

KINDS = [
    (EntryKind.AWARD.value, _("award")),
    (EntryKind.REVERSAL.value, _("reversal")),
    (EntryKind.REPAIR.value, _("repair")),
]

# A reversal is the exact negative of one award or repair of the same person and year; an award that replaces another
# has its dates, and fewer points or fewer lines, unless a court puts an undone one back: then no more than that had.
# Both need the other row, so a check constraint cannot say it. The same trigger seals the row: `digest` covers the
# row and the digest of the person's row before it, so an edited, deleted or inserted row breaks the chain.
SEAL_ENTRY = """
IF NEW.reverses_id IS NOT NULL THEN
  SELECT * INTO target FROM scoring_pointsentry WHERE id = NEW.reverses_id;
  IF target.kind = 'reversal' OR target.practitioner_id <> NEW.practitioner_id
     OR target.year <> NEW.year OR target.points <> -NEW.points THEN
    RAISE EXCEPTION 'ledger: a reversal is the exact negative of one award or repair of the same person and year';
  END IF;
END IF;
IF NEW.replaces_id IS NOT NULL THEN
  SELECT * INTO target FROM scoring_pointsentry WHERE id = NEW.replaces_id;
  IF target.kind <> 'award' OR target.practitioner_id <> NEW.practitioner_id OR target.year <> NEW.year
     OR target.effective_on <> NEW.effective_on OR NEW.reinstates_id IS NULL AND (target.points < NEW.points
     OR target.points = NEW.points AND jsonb_array_length(target.lines) <= jsonb_array_length(NEW.lines)) THEN
    RAISE EXCEPTION 'ledger: a replacing award has the dates of the one it replaces and fewer points';
  END IF;
  IF NOT EXISTS (SELECT FROM scoring_pointsentry WHERE reverses_id = NEW.replaces_id) THEN
    RAISE EXCEPTION 'ledger: only an award that was reversed is replaced';
  END IF;
END IF;
IF NEW.reinstates_id IS NOT NULL THEN
  SELECT * INTO target FROM scoring_pointsentry WHERE id = NEW.reinstates_id;
  IF target.kind <> 'award' OR target.practitioner_id <> NEW.practitioner_id OR target.year <> NEW.year
     OR target.effective_on <> NEW.effective_on OR target.points < NEW.points THEN
    RAISE EXCEPTION 'ledger: a reinstated award has the dates of the one it puts back and no more points';
  END IF;
END IF;
NEW.previous := COALESCE(
  (SELECT digest FROM scoring_pointsentry WHERE practitioner_id = NEW.practitioner_id
   ORDER BY posting DESC LIMIT 1), '');
NEW.digest := scoring_entry_digest(NEW);
RETURN NEW;
"""


class PointsEntry(AppendOnlyModel):
    """One posting of points for one person.

    ``effective_on`` is the ledger date (the day of service), ``scored_on`` places an award in a
    ``year``, ``recorded_at`` is when it was written. ``lines`` is a snapshot for display; whatever the
    rules use has a column of its own. ``source_key`` is the idempotency key built from the cause.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    posting = posting_field()
    practitioner = models.ForeignKey(
        Practitioner, models.PROTECT, related_name="points_entries", verbose_name=_("practitioner")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=KINDS, db_collation="C")
    points = models.SmallIntegerField(_("points"))
    single_points = models.SmallIntegerField(_("points in one go"), null=True, blank=True)
    months = models.SmallIntegerField(_("months chosen by the officer"), null=True, blank=True)
    year = models.SmallIntegerField(_("counts in the year"))
    effective_on = models.DateField(_("effective on"))
    scored_on = models.DateField(_("scored on"), null=True, blank=True)
    articles = ArrayField(models.SmallIntegerField(), verbose_name=_("articles"), default=list, blank=True)
    lines = models.JSONField(_("lines"), default=list, blank=True)
    rulebook = models.ForeignKey(RulebookVersion, models.PROTECT, related_name="+", verbose_name=_("rulebook"))
    institution = models.ForeignKey(
        Institution, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("institution")
    )
    case_reference = models.CharField(_("case"), max_length=100, blank=True)
    source_key = models.CharField(_("cause"), max_length=200, unique=True, db_collation="C")
    reverses = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="reversal", verbose_name=_("reverses")
    )
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="replacement", verbose_name=_("replaces")
    )
    reinstates = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="reinstatements", verbose_name=_("puts back")
    )
    event = models.ForeignKey(
        AccountEvent, models.PROTECT, null=True, blank=True, related_name="entries", verbose_name=_("repair")
    )
    reason = models.TextField(_("reason"), blank=True)
    recorded_at = models.DateTimeField(_("recorded at"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("by")
    )
    previous = models.CharField(max_length=64, editable=False, blank=True, db_collation="C", default="")
    digest = models.CharField(max_length=64, editable=False, blank=True, db_collation="C", default="")

    class Meta(AppendOnlyModel.Meta):
        abstract = False
        verbose_name = _("points entry")
        verbose_name_plural = _("points entries")
        ordering = ["posting"]
        indexes = [
            models.Index(fields=["practitioner", "posting"], name="entry_account"),
            models.Index(fields=["case_reference"], name="entry_by_case"),
        ]
        constraints = [
            models.CheckConstraint(
                name="entry_award",
                condition=~Q(kind="award")
                | Q(
                    points__gt=0,
                    reverses__isnull=True,
                    event__isnull=True,
                    institution__isnull=False,
                    scored_on__isnull=False,
                    single_points__gte=1,
                    single_points__lte=F("points"),
                ),
            ),
            models.CheckConstraint(name="entry_award_year", condition=~Q(kind="award") | Q(scored_on__year=F("year"))),
            models.CheckConstraint(name="entry_award_case", condition=~Q(kind="award") | ~Q(case_reference="")),
            models.CheckConstraint(
                name="entry_reversal",
                condition=~Q(kind="reversal") | Q(reverses__isnull=False, replaces__isnull=True) & ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="entry_repair",
                condition=~Q(kind="repair")
                | Q(points__lt=0, reverses__isnull=True, replaces__isnull=True, event__isnull=False),
            ),
            models.CheckConstraint(
                name="entry_reinstated_in_place",
                condition=Q(reinstates__isnull=True) | Q(kind="award", replaces__isnull=False) & ~Q(reason=""),
            ),
            models.CheckConstraint(name="entry_kind_known", condition=Q(kind__in=[k for k, _label in KINDS])),
            models.CheckConstraint(name="entry_months_positive", condition=Q(months__isnull=True) | Q(months__gte=1)),
            models.UniqueConstraint(fields=["practitioner", "previous"], name="entry_one_chain"),
        ]
        triggers = [
            *AppendOnlyModel.Meta.triggers,
            pgtrigger.Trigger(
                name="seal_entry",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=SEAL_ENTRY,
                declare=[("target", "scoring_pointsentry")],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.points:+d} {self.effective_on}"
