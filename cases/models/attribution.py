"""Who is held responsible for what: one attribution per person and case, with its lines.

The service functions state the rules in words; the constraints and triggers here make the database refuse the same
things to anybody, psql included.
"""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import ExpressionWrapper, F, Q
from django.db.models.functions import Length, Trim
from django.utils.translation import gettext_lazy as _

from cases.models import attribution_rules
from cases.models.case_file import CaseFile
from cases.models.choices import STATE_CHOICES, Decision, Degree
from cases.models.evidence import Evidence
from cases.models.finding import Finding
from cases.policy.factors import Factor
from cases.states import INITIAL, State
from institutions.identifiers import new_id
from institutions.models.history import tracked

REASONING_LENGTH_MIN = 20  # characters; a promise of the product, stated on the form


@tracked(exclude=["decision_clock_from_on"])
class Attribution(models.Model):
    """责任认定: what one person is held responsible for in one case, and how far the procedure has come."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(CaseFile, models.PROTECT, related_name="attributions")
    practitioner = models.ForeignKey("institutions.Practitioner", models.PROTECT, related_name="attributions")
    state = models.CharField(_("state"), max_length=20, choices=STATE_CHOICES, default=INITIAL.value)
    months = models.PositiveSmallIntegerField(_("months of suspension"), null=True, blank=True)
    countersign_reason = models.TextField(_("reason for stepping outside"), blank=True)

    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    proposed_at = models.DateTimeField(_("proposed at"), null=True, blank=True)

    window = models.PositiveSmallIntegerField(_("statement window"), default=0)
    intent_served_on = models.DateField(_("intent served on"), null=True, blank=True)
    statement_deadline_on = models.DateField(_("statements until"), null=True, blank=True)
    deadline_provisional = models.BooleanField(_("deadline provisional"), default=False)
    window_ended_at = models.DateTimeField(_("end of window noted at"), null=True, blank=True)
    # The time to decide runs from the end of the window; the days for which an expert was asked in it do not count.
    paused_days = models.PositiveSmallIntegerField(_("days not counted"), default=0, db_default=0)
    decision_clock_from_on = models.GeneratedField(
        expression=ExpressionWrapper(F("statement_deadline_on") + F("paused_days"), output_field=models.DateField()),
        output_field=models.DateField(),
        db_persist=True,
        verbose_name=_("time to decide runs from"),
    )

    decision = models.CharField(_("decision"), max_length=10, choices=Decision, blank=True)
    decision_reasons = models.TextField(_("reasons of the decision"), blank=True)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    served_on = models.DateField(_("served on"), null=True, blank=True)
    service_proof = models.CharField(_("proof of service"), max_length=300, blank=True)

    effective_at = models.DateTimeField(_("made effective at"), null=True, blank=True)
    entry = models.OneToOneField(
        "scoring.PointsEntry", models.PROTECT, null=True, blank=True, related_name="attribution"
    )

    set_aside_at = models.DateTimeField(_("set aside at"), null=True, blank=True)
    set_aside_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    set_aside_reason = models.TextField(_("reason of setting aside"), blank=True)

    class Meta:
        """One per person and case; every rule of the procedure is a constraint or a trigger."""

        verbose_name = _("attribution")
        verbose_name_plural = _("attributions")
        ordering = ["-case__opened_at", "id"]
        indexes = [
            models.Index(fields=["state"], name="attribution_state"),
            models.Index(fields=["served_on"], name="attribution_due", condition=Q(state=State.SERVED.value)),
            models.Index(
                fields=["statement_deadline_on"],
                name="attribution_window",
                condition=Q(state=State.INTENT_SERVED.value),
            ),
            models.Index(
                fields=["decision_clock_from_on"],
                name="attribution_to_decide",
                condition=Q(state=State.INTENT_SERVED.value),
            ),
        ]
        constraints = attribution_rules.CONSTRAINTS
        triggers = attribution_rules.TRIGGERS

    def __str__(self) -> str:
        """Return case number and state, never a name."""
        return f"{self.case.number} · {self.get_state_display()}"

    @property
    def source_key(self) -> str:
        """Return the key under which the ledger knows this attribution's award."""
        return f"attribution:{self.pk}"


@tracked()
class AttributionLine(models.Model):
    """One finding scored under one clause: degree, points, amount and the written reasoning, tied to evidence."""

    attribution = models.ForeignKey(Attribution, models.PROTECT, related_name="lines")
    finding = models.ForeignKey(Finding, models.PROTECT, related_name="lines")
    clause = models.CharField(_("clause"), max_length=10)
    degree = models.CharField(_("degree"), max_length=10, choices=Degree)
    points = models.PositiveSmallIntegerField(_("points"))
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2, null=True, blank=True)
    reasoning = models.TextField(_("reasoning"))
    factors = ArrayField(models.CharField(max_length=40), verbose_name=_("circumstances"), default=list, blank=True)
    evidence: "models.ManyToManyField[Evidence, LineEvidence]" = models.ManyToManyField(
        Evidence, through="LineEvidence", related_name="lines"
    )

    class Meta:
        """Fixed once the person was told; only ever softened while they may state their side."""

        verbose_name = _("attribution line")
        verbose_name_plural = _("attribution lines")
        ordering = ["attribution", "finding__key", "clause"]
        constraints = [
            models.UniqueConstraint(
                fields=["attribution", "finding", "clause"], name="finding_once_per_clause_and_person"
            ),
            models.CheckConstraint(condition=Q(points__gte=1), name="line_has_points"),
            models.CheckConstraint(condition=Q(degree__in=Degree.values), name="line_degree_is_known"),
            models.CheckConstraint(condition=Q(clause__regex=r"\S"), name="line_names_its_clause"),
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | Q(amount__gte=0), name="line_amount_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(factors__contained_by=[factor.value for factor in Factor]), name="line_factors_are_known"
            ),
            models.CheckConstraint(
                condition=models.lookups.GreaterThanOrEqual(Length(Trim("reasoning")), REASONING_LENGTH_MIN),
                name="line_reasoning_is_written_out",
            ),
        ]
        triggers = attribution_rules.LINE_TRIGGERS

    def __str__(self) -> str:
        """Return clause and points."""
        return f"{self.clause} {self.get_degree_display()} {self.points}"


@tracked()
class LineEvidence(models.Model):
    """A piece of evidence that ties a person to a finding."""

    line = models.ForeignKey(AttributionLine, models.PROTECT, related_name="evidence_links")
    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="line_links")

    class Meta:
        """Each pair once; the evidence is the case's own."""

        verbose_name = _("evidence of a line")
        verbose_name_plural = _("evidence of lines")
        constraints = [
            models.UniqueConstraint(fields=["line", "evidence"], name="evidence_once_per_line"),
        ]
        triggers = attribution_rules.LINE_EVIDENCE_TRIGGERS

    def __str__(self) -> str:
        """Return the evidence's name."""
        return str(self.evidence_id)
