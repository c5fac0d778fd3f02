"""`JobRun`: one run of a job, for which date, what it changed ("nothing" included). Inserted when it ends."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from institutions.models.append_only import AppendOnlyModel


class JobOutcome(models.TextChoices):
    """How a run ended."""

    DONE = "done", _("done")
    FAILED = "failed", _("failed")


class JobRun(AppendOnlyModel):
    """One run. `started_at` is by the product's clock, `recorded_at` by the database's.

    `context_id` is that of the acts and row histories written by the run.
    """

    id = models.BigAutoField(primary_key=True)
    name = models.CharField(_("job"), max_length=80, db_collation="C")
    for_date = models.DateField(_("for date"))
    outcome = models.CharField(_("outcome"), max_length=10, choices=JobOutcome.choices)
    counts = models.JSONField(_("what changed"), default=dict)
    error = models.TextField(_("error"), blank=True)
    started_at = models.DateTimeField(_("started at"))
    duration_ms = models.PositiveIntegerField(_("duration in milliseconds"))
    recorded_at = models.DateTimeField(_("recorded at"), db_default=Now(), editable=False)
    context_id = models.UUIDField(_("context"), null=True, blank=True, editable=False)

    class Meta(AppendOnlyModel.Meta):
        abstract = False
        verbose_name = _("job run")
        verbose_name_plural = _("job runs")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["name", "-id"], name="job_run_latest"),
            models.Index(fields=["-id"], name="job_run_failed", condition=models.Q(outcome=JobOutcome.FAILED)),
            models.Index(
                fields=["name", "-for_date"], name="job_run_last_done", condition=models.Q(outcome=JobOutcome.DONE)
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(outcome__in=JobOutcome.values), name="job_run_outcome_known"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.for_date} {self.get_outcome_display()}"
