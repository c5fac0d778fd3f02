"""`RosterUpload`: a roster that an officer sent by the admin, on its way from the check to the import."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from institutions.models.roster_import import RosterImport


class RosterUploadState(models.TextChoices):
    """Where an upload stands. `checking` and `importing` wait for the worker or are being worked on."""

    CHECKING = "checking", _("being checked")
    CHECKED = "checked", _("checked, not imported yet")
    IMPORTING = "importing", _("being imported")
    IMPORTED = "imported", _("imported")
    CANCELLED = "cancelled", _("cancelled")
    FAILED = "failed", _("failed")
    EXPIRED = "expired", _("expired")


UNDER_WAY = (RosterUploadState.CHECKING, RosterUploadState.IMPORTING)

STATE_MOVES = """
IF OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN (
     ('checking', 'checked'), ('checking', 'cancelled'), ('checking', 'failed'),
     ('checked', 'importing'), ('checked', 'expired'),
     ('importing', 'imported'), ('importing', 'cancelled'), ('importing', 'failed')) THEN
  RAISE EXCEPTION 'roster upload: % does not become %', OLD.state, NEW.state;
END IF;
IF (NEW.file_name, NEW.size, NEW.by_id, NEW.uploaded_at, NEW.end_missing_on)
   IS DISTINCT FROM (OLD.file_name, OLD.size, OLD.by_id, OLD.uploaded_at, OLD.end_missing_on) THEN
  RAISE EXCEPTION 'roster upload: the facts of an upload do not change';
END IF;
IF OLD.state IN ('imported', 'cancelled', 'failed', 'expired')
   AND (NEW.counts, NEW.refusals, NEW.run_id, NEW.finished_at, NEW.error)
   IS DISTINCT FROM (OLD.counts, OLD.refusals, OLD.run_id, OLD.finished_at, OLD.error) THEN
  RAISE EXCEPTION 'roster upload: what came of an upload does not change';
END IF;
RETURN NEW;
"""


class RosterUpload(models.Model):
    """One upload. The file holds people's data and is kept no longer than needed (`services.roster_upload_steps`).

    `rows_*` say how far the present step is; `counts` and `refusals` (the first rows refused) what it came to;
    `cancel_requested_at` stops it between two batches.
    """

    id = models.BigAutoField(primary_key=True)
    file = models.FileField(_("content"), upload_to="rosters/", blank=True)
    file_name = models.CharField(_("file"), max_length=200)
    size = models.BigIntegerField(_("size in bytes"))
    end_missing_on = models.DateField(
        _("registrations not in it end on"),
        null=True,
        blank=True,
        help_text=_("Only for a roster that names everybody at each institution in it."),
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    state = models.CharField(
        _("state"), max_length=12, choices=RosterUploadState.choices, default=RosterUploadState.CHECKING
    )
    rows_parsed = models.BigIntegerField(_("rows read"), default=0)
    rows_staged = models.BigIntegerField(_("rows staged"), default=0)
    rows_applied = models.BigIntegerField(_("rows written"), default=0)
    counts = models.JSONField(_("what changed"), default=dict)
    refusals = models.JSONField(_("first refused rows"), default=list)
    rejects = models.FileField(_("refused rows"), upload_to="rosters/", blank=True)
    run = models.ForeignKey(
        RosterImport, models.PROTECT, null=True, blank=True, related_name="uploads", verbose_name=_("roster import")
    )
    error = models.TextField(_("error"), blank=True)
    uploaded_at = models.DateTimeField(_("uploaded at"))
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)
    cancel_requested_at = models.DateTimeField(_("to be cancelled since"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)

    class Meta:
        verbose_name = _("uploaded roster")
        verbose_name_plural = _("uploaded rosters")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["id"], condition=Q(state__in=["checking", "importing"]), name="roster_upload_due")
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=RosterUploadState.values), name="roster_upload_state_known"),
            models.CheckConstraint(
                condition=Q(state__in=["checking", "checked", "importing"], finished_at__isnull=True)
                | Q(state__in=["imported", "cancelled", "failed", "expired"], finished_at__isnull=False),
                name="roster_upload_finished_once_over",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["importing", "imported"]) | Q(confirmed_at__isnull=False),
                name="roster_upload_imported_if_confirmed",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete),
            pgtrigger.Trigger(name="state_moves", when=pgtrigger.Before, operation=pgtrigger.Update, func=STATE_MOVES),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.file_name}"

    @property
    def is_under_way(self) -> bool:
        """Say whether the worker has something to do with it, or is doing it."""
        return self.state in UNDER_WAY
