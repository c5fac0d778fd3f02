"""Leads: hints from detectors and tips. They stop here; only a case file with a concluded decision goes on."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cases.models import rules
from cases.models.case_file import CaseFile
from cases.models.choices import Source
from cases.states.lead import INITIAL, TABLE, State
from institutions.identifiers import new_id
from institutions.models import Institution
from institutions.models.append_only import AppendOnlyModel
from institutions.models.history import tracked
from institutions.models.pairing import all_or_none

LEAD_STATE_LABELS = {
    State.RECEIVED: _("received"),
    State.PROMOTED: _("joined to a case"),
    State.DISMISSED: _("dismissed"),
}
_MOVES = ", ".join(f"('{old.value}', '{new.value}')" for old, new in TABLE.moves())


@tracked()
class Lead(models.Model):
    """线索: what a detector or somebody says of an institution, and what became of it. It names nobody who is scored.

    `details` holds the detector's own fields, never an insured person. `external_key` is the detector's key, so that
    the same hint comes in once. `case` is the file it was joined to: of the same institution, with its own basis.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(_("number"), max_length=24, unique=True, db_collation="C")
    source = models.CharField(pgettext_lazy("of a case", "source"), max_length=20, choices=Source)
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="leads", verbose_name=_("institution"))
    summary = models.TextField(_("what is said"))
    model_name = models.CharField(_("detector"), max_length=100, blank=True)
    model_version = models.CharField(_("version of the detector"), max_length=40, blank=True)
    score = models.DecimalField(_("score"), max_digits=9, decimal_places=4, null=True, blank=True)
    details = models.JSONField(_("fields of the detector"), default=dict, blank=True)
    external_key = models.CharField(_("key of the detector"), max_length=128, blank=True, db_collation="C")
    received_at = models.DateTimeField(_("received at"))
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("entered by")
    )
    state = models.CharField(
        _("state"), max_length=10, choices=[(s.value, LEAD_STATE_LABELS[s]) for s in State], default=INITIAL.value
    )
    case = models.ForeignKey(
        CaseFile, models.PROTECT, null=True, blank=True, related_name="leads", verbose_name=_("case")
    )
    decision_reason = models.TextField(_("reason of the decision"), blank=True)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )

    class Meta:
        """A decision is whole and has its reason; joined to a case exactly where the state says so; once per key."""

        verbose_name = _("lead")
        verbose_name_plural = _("leads")
        ordering = ["-received_at", "-number"]
        indexes = [
            models.Index(fields=["received_at"], name="lead_waiting", condition=Q(state=State.RECEIVED.value)),
            models.Index(fields=["-received_at", "-number"], name="lead_by_arrival"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=[s.value for s in State]), name="lead_state_is_known"),
            models.CheckConstraint(condition=Q(source__in=Source.values), name="lead_source_is_known"),
            models.CheckConstraint(condition=Q(summary__regex=r"\S"), name="lead_says_something"),
            models.UniqueConstraint(
                fields=["source", "external_key"], condition=~Q(external_key=""), name="lead_once_per_key"
            ),
            all_or_none("lead_decision_is_whole", "decided_at", "decided_by"),
            models.CheckConstraint(
                condition=Q(state=State.RECEIVED.value, decided_at__isnull=True, decision_reason="")
                | (~Q(state=State.RECEIVED.value) & Q(decided_at__isnull=False, decision_reason__regex=r"\S")),
                name="lead_is_decided_with_its_reason",
            ),
            models.CheckConstraint(
                condition=Q(state=State.PROMOTED.value, case__isnull=False)
                | (~Q(state=State.PROMOTED.value) & Q(case__isnull=True)),
                name="lead_is_promoted_to_a_case",
            ),
        ]
        triggers = [
            rules.refuse_when(
                "lead_begins_as_received",
                pgtrigger.Insert,
                f"NEW.state <> '{INITIAL.value}'",
                "A lead begins as received",
            ),
            rules.refuse_when(
                "lead_moves_by_the_table",
                pgtrigger.Update,
                f"OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN ({_MOVES})",
                "This change of state is not in the table of leads",
            ),
            rules.refuse_when(
                "lead_stays_as_received",
                pgtrigger.Update,
                rules.changed(
                    *("number", "source", "institution_id", "summary", "model_name", "model_version", "score"),
                    *("details", "external_key", "received_at", "received_by_id"),
                ),
                "What was received is never edited",
            ),
            rules.refuse_when(
                "lead_is_joined_to_its_institutions_case",
                pgtrigger.Update,
                "NEW.case_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM cases_casefile c WHERE c.id = NEW.case_id "
                "AND c.institution_id = NEW.institution_id)",
                "A lead is joined to a case of the institution that it is about",
            ),
            rules.never_delete("lead_is_kept", "A lead is never deleted"),
        ]

    def __str__(self) -> str:
        """Return the number."""
        return self.number


class Tip(AppendOnlyModel):
    """举报: who gave a lead, sealed; empty where they gave no name. Opened only with a reason, and written down.

    `sealed` is encrypted with the key of tips (`TIP_KEY`), which the database does not hold.
    """

    lead = models.OneToOneField(Lead, models.PROTECT, primary_key=True, related_name="tip", verbose_name=_("lead"))
    sealed = models.BinaryField(_("sealed identity"), null=True, editable=False)
    wants_reward = models.BooleanField(_("asks for the reward"), default=False)

    class Meta(AppendOnlyModel.Meta):
        """Anonymous people cannot be paid."""

        abstract = False
        verbose_name = _("tip")
        verbose_name_plural = _("tips")
        constraints = [
            models.CheckConstraint(
                condition=Q(wants_reward=False) | Q(sealed__isnull=False), name="tip_reward_needs_an_identity"
            ),
        ]

    def __str__(self) -> str:
        """Return the number of the lead."""
        return f"{self.lead_id}"


class TipOpening(AppendOnlyModel):
    """An officer opened the sealed identity behind a tip: who, when and why."""

    tip = models.ForeignKey(Tip, models.PROTECT, related_name="openings", verbose_name=_("tip"))
    opened_at = models.DateTimeField(_("opened at"))
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=pgettext_lazy("a seal", "opened by")
    )
    reason = models.TextField(_("reason"))

    class Meta(AppendOnlyModel.Meta):
        """Never without a reason."""

        abstract = False
        verbose_name = _("opening of an identity")
        verbose_name_plural = _("openings of identities")
        ordering = ["-opened_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(reason__regex=r"\S"), name="tip_is_opened_with_a_reason"),
        ]

    def __str__(self) -> str:
        """Return the instant."""
        return f"{timezone.localtime(self.opened_at):%Y-%m-%d %H:%M}"
