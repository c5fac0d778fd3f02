"""修复: earning points back by a course on the clause or by an activity, and what became of it."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cases.models import repair_rules
from cases.models.repair_choices import REPAIR_STATE_CHOICES, Activity, RepairOutcome
from cases.states.repair import INITIAL, State
from institutions.identifiers import new_id
from institutions.models import Institution, Practitioner
from institutions.models.append_only import AppendOnlyModel
from institutions.models.history import tracked


@tracked()
class RepairApplication(models.Model):
    """One participation of one person, under the rules of the region of one of their sites.

    ``credited_on`` is the day on which the complete application came in: how long an office takes costs nobody a day.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    receipt = models.CharField(_("receipt number"), max_length=24, unique=True, db_collation="C")
    practitioner = models.ForeignKey(
        Practitioner, models.PROTECT, related_name="repairs", verbose_name=_("practitioner")
    )
    institution = models.ForeignKey(
        Institution, models.PROTECT, related_name="repairs", verbose_name=_("under the rules of the region of")
    )
    state = models.CharField(_("state"), max_length=10, choices=REPAIR_STATE_CHOICES, default=INITIAL.value)
    activity = models.CharField(_("activity"), max_length=10, choices=Activity)
    clause = models.CharField(_("clause of the course"), max_length=10, blank=True, db_collation="C")
    year = models.PositiveSmallIntegerField(_("year"))
    description = models.TextField(_("what was done, where and for whom"), blank=True)
    took_place_from = models.DateField(_("from"), null=True, blank=True)
    took_place_to = models.DateField(_("to"), null=True, blank=True)

    started_at = models.DateTimeField(_("started at"))
    # Empty where the person applied themselves, else the officer who took it in.
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    submitted_at = models.DateTimeField(_("submitted at"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)

    outcome = models.CharField(_("decision"), max_length=10, choices=RepairOutcome, blank=True)
    outcome_reasons = models.TextField(_("reasons of the decision"), blank=True)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    points = models.PositiveSmallIntegerField(_("points earned back"), null=True, blank=True)
    credited_on = models.DateField(_("earned back on"), null=True, blank=True)
    event = models.OneToOneField(
        "scoring.AccountEvent", models.PROTECT, null=True, blank=True, related_name="repair_application"
    )

    class Meta:
        """A course once a clause and year; decided whole, by another officer than the one who entered it."""

        verbose_name = _("repair")
        verbose_name_plural = _("repairs")
        ordering = ["-started_at", "-id"]
        indexes = [
            models.Index(fields=["submitted_at"], name="repair_queue", condition=Q(state=State.SUBMITTED.value)),
            models.Index(fields=["-started_at", "-id"], name="repair_started"),
            models.Index(fields=["clause", "credited_on"], name="repair_of_clause"),
        ]
        constraints = repair_rules.CONSTRAINTS
        triggers = repair_rules.TRIGGERS

    def __str__(self) -> str:
        """Return the receipt number."""
        return self.receipt

    @property
    def source_key(self) -> str:
        """Return the key under which the account knows this repair."""
        return f"repair:{self.pk}"


class QuizAttempt(AppendOnlyModel):
    """The answers to a course's questions, marked once; the course is named by version and digest."""

    application = models.ForeignKey(RepairApplication, models.PROTECT, related_name="attempts")
    number = models.PositiveSmallIntegerField(_("attempt"))
    clause = models.CharField(_("clause"), max_length=10, db_collation="C")
    course_version = models.PositiveSmallIntegerField(_("version of the course"))
    course_digest = models.CharField(_("SHA-256 of the course"), max_length=64, db_collation="C")
    answers = models.JSONField(_("answers"))
    wrong = ArrayField(models.PositiveSmallIntegerField(), verbose_name=_("questions answered wrongly"))
    correct = models.PositiveSmallIntegerField(_("right answers"))
    needed = models.PositiveSmallIntegerField(_("right answers needed"))
    questions = models.PositiveSmallIntegerField(_("questions"))
    passed = models.BooleanField(_("passed"))
    taken_at = models.DateTimeField(_("taken at"))

    class Meta(AppendOnlyModel.Meta):
        """Passed is what the numbers say."""

        verbose_name = _("quiz attempt")
        verbose_name_plural = _("quiz attempts")
        ordering = ["application", "number"]
        constraints = [
            models.UniqueConstraint(fields=["application", "number"], name="quiz_attempt_number_once"),
            models.CheckConstraint(
                condition=Q(passed=True, correct__gte=F("needed")) | Q(passed=False, correct__lt=F("needed")),
                name="quiz_is_passed_by_its_numbers",
            ),
            models.CheckConstraint(
                condition=Q(needed__gte=1, needed__lte=F("questions"), correct__lte=F("questions")),
                name="quiz_numbers_are_possible",
            ),
        ]
        triggers = [*AppendOnlyModel.Meta.triggers, *repair_rules.QUIZ_TRIGGERS]

    def __str__(self) -> str:
        """Return the result."""
        return f"{self.correct}/{self.questions}"
