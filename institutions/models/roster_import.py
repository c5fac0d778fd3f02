"""`RosterImport`: one run of a roster import: which file, by whom, how far, what came of it."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class RosterImportState(models.TextChoices):
    """Where a run stands. Only `running` and `done` are ever left."""

    RUNNING = "running", _("running")
    DONE = "done", _("done")
    CANCELLED = "cancelled", _("cancelled")
    FAILED = "failed", _("failed")
    INTERRUPTED = "interrupted", _("interrupted")
    UNDONE = "undone", _("undone")


STATE_MOVES = """
IF OLD.state <> NEW.state AND NOT (
     (OLD.state = 'running' AND NEW.state IN ('done', 'cancelled', 'failed', 'interrupted'))
     OR (OLD.state = 'done' AND NEW.state = 'undone')) THEN
  RAISE EXCEPTION 'roster import: % does not become %', OLD.state, NEW.state;
END IF;
IF (NEW.file_name, NEW.sha256, NEW.size, NEW.by_id, NEW.started_at)
   IS DISTINCT FROM (OLD.file_name, OLD.sha256, OLD.size, OLD.by_id, OLD.started_at) THEN
  RAISE EXCEPTION 'roster import: the facts of a run do not change';
END IF;
IF OLD.state <> 'running' AND (NEW.counts, NEW.rows_parsed, NEW.rows_staged, NEW.rows_applied, NEW.context_id,
     NEW.changed_at, NEW.finished_at)
   IS DISTINCT FROM (OLD.counts, OLD.rows_parsed, OLD.rows_staged, OLD.rows_applied, OLD.context_id,
     OLD.changed_at, OLD.finished_at) THEN
  RAISE EXCEPTION 'roster import: what a finished run did does not change';
END IF;
RETURN NEW;
"""


class RosterImport(models.Model):
    """One run. A dry run leaves none.

    While it runs, `rows_*` say how far it is and setting `cancel_requested_at` stops it between two batches; then
    nothing of it was written. `context_id` and `changed_at` (the database's time of the one transaction in which the
    rows were written) mark the row histories of this run, by which it can be undone.
    """

    id = models.BigAutoField(primary_key=True)
    file_name = models.CharField(_("file"), max_length=200)
    sha256 = models.CharField(_("SHA-256"), max_length=64, db_collation="C")
    size = models.BigIntegerField(_("size in bytes"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=pgettext_lazy("who uploaded", "by"),
    )
    state = models.CharField(
        _("state"), max_length=12, choices=RosterImportState.choices, default=RosterImportState.RUNNING
    )
    rows_parsed = models.BigIntegerField(_("rows read"), default=0)
    rows_staged = models.BigIntegerField(_("rows staged"), default=0)
    rows_applied = models.BigIntegerField(_("rows written"), default=0)
    counts = models.JSONField(_("what changed"), default=dict)
    error = models.TextField(_("error"), blank=True)
    context_id = models.UUIDField(_("history context"), null=True, blank=True)
    changed_at = models.DateTimeField(_("written at"), null=True, blank=True)
    started_at = models.DateTimeField(_("started at"))
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    cancel_requested_at = models.DateTimeField(_("to be cancelled since"), null=True, blank=True)
    undone_at = models.DateTimeField(_("undone at"), null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("undone by")
    )
    undo_reason = models.TextField(_("why undone"), blank=True)

    class Meta:
        verbose_name = _("roster import")
        verbose_name_plural = _("roster imports")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=RosterImportState.values), name="roster_import_state_known"
            ),
            models.CheckConstraint(
                condition=models.Q(state="running", finished_at__isnull=True)
                | (~models.Q(state="running") & models.Q(finished_at__isnull=False)),
                name="roster_import_finished_once_over",
            ),
            models.CheckConstraint(
                condition=models.Q(state="undone", undone_at__isnull=False) & ~models.Q(undo_reason="")
                | (~models.Q(state="undone") & models.Q(undone_at__isnull=True, undone_by__isnull=True)),
                name="roster_import_undone_with_reason",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete),
            pgtrigger.Trigger(name="state_moves", when=pgtrigger.Before, operation=pgtrigger.Update, func=STATE_MOVES),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.file_name}"
