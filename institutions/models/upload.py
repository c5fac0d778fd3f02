"""`Upload`: what every file that an officer sent by the admin has in common, from the check to the import."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from institutions.json_types import Json
from institutions.said import again, line_again


class UploadState(models.TextChoices):
    """Where an upload stands. `checking` and `importing` wait for the worker or are being worked on."""

    CHECKING = "checking", _("being checked")
    CHECKED = "checked", _("checked, not imported yet")
    IMPORTING = "importing", _("being imported")
    IMPORTED = "imported", _("imported")
    CANCELLED = "cancelled", _("cancelled")
    FAILED = "failed", _("failed")
    EXPIRED = "expired", _("expired")


UNDER_WAY = (UploadState.CHECKING, UploadState.IMPORTING)
_FACTS = ("file_name", "size", "by_id", "uploaded_at")
_OUTCOME = ("counts", "refusals", "finished_at", "error")
_STATE_MOVES = """
IF OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN (
     ('checking', 'checked'), ('checking', 'cancelled'), ('checking', 'failed'),
     ('checked', 'importing'), ('checked', 'expired'),
     ('importing', 'imported'), ('importing', 'cancelled'), ('importing', 'failed')) THEN
  RAISE EXCEPTION '{name}: % does not become %', OLD.state, NEW.state;
END IF;
IF ({new_facts}) IS DISTINCT FROM ({old_facts}) THEN
  RAISE EXCEPTION '{name}: the facts of an upload do not change';
END IF;
IF OLD.state IN ('imported', 'cancelled', 'failed', 'expired')
   AND ({new_outcome}) IS DISTINCT FROM ({old_outcome}) THEN
  RAISE EXCEPTION '{name}: what came of an upload does not change';
END IF;
RETURN NEW;
"""


class Upload(models.Model):
    """One upload. The file holds people's data and is kept no longer than needed (`services.upload_steps`).

    `counts` and `refusals` (the first rows refused) say what a step came to; `rejects` holds every refused row, to be
    mended and sent again; `cancel_requested_at` stops a step between two batches.
    """

    id = models.BigAutoField(primary_key=True)
    file_name = models.CharField(_("file"), max_length=200)
    size = models.BigIntegerField(_("size in bytes"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=pgettext_lazy("who uploaded", "by")
    )
    state = models.CharField(_("state"), max_length=12, choices=UploadState.choices, default=UploadState.CHECKING)
    counts = models.JSONField(_("what changed"), default=dict)
    refusals = models.JSONField(_("first refused rows"), default=list)
    error = models.TextField(_("error"), blank=True)
    uploaded_at = models.DateTimeField(_("uploaded at"))
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)
    cancel_requested_at = models.DateTimeField(_("to be cancelled since"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)

    # Each kind keeps its files in a folder of its own, and so declares these two itself.
    file: models.FileField
    rejects: models.FileField

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.pk} {self.file_name}"

    @property
    def is_under_way(self) -> bool:
        """Say whether the worker has something to do with it, or is doing it."""
        return self.state in UNDER_WAY

    @property
    def error_shown(self) -> str:
        """Return why it failed, in the language of whoever reads it."""
        return line_again(self.error)

    @property
    def refusals_shown(self) -> list[dict[str, Json]]:
        """Return the first refused rows with their reasons in the language of whoever reads them."""
        return [row | {"reason": again(row.get("reason", ""))} for row in self.refusals]


def upload_index(name: str) -> models.Index:
    """Return the index by which the worker finds what is due."""
    return models.Index(fields=["id"], condition=Q(state__in=["checking", "importing"]), name=f"{name}_due")


def upload_constraints(name: str) -> list[models.BaseConstraint]:
    """Return the promises of every kind of upload, under names that begin with `name`."""
    return [
        models.CheckConstraint(condition=Q(state__in=UploadState.values), name=f"{name}_state_known"),
        models.CheckConstraint(
            condition=Q(state__in=["checking", "checked", "importing"], finished_at__isnull=True)
            | Q(state__in=["imported", "cancelled", "failed", "expired"], finished_at__isnull=False),
            name=f"{name}_finished_once_over",
        ),
        models.CheckConstraint(
            condition=~Q(state__in=["importing", "imported"]) | Q(confirmed_at__isnull=False),
            name=f"{name}_imported_if_confirmed",
        ),
    ]


def upload_triggers(
    name: str, *, facts: tuple[str, ...] = (), outcome: tuple[str, ...] = ()
) -> list[pgtrigger.Trigger]:
    """Return the triggers that keep rows, moves, facts and outcome; `facts` and `outcome` name further columns."""

    def row(alias: str, columns: tuple[str, ...]) -> str:
        return ", ".join(f"{alias}.{column}" for column in columns)

    func = _STATE_MOVES.format(
        name=name.replace("_", " "),
        new_facts=row("NEW", _FACTS + facts),
        old_facts=row("OLD", _FACTS + facts),
        new_outcome=row("NEW", _OUTCOME + outcome),
        old_outcome=row("OLD", _OUTCOME + outcome),
    )
    return [
        pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete),
        pgtrigger.Trigger(name="state_moves", when=pgtrigger.Before, operation=pgtrigger.Update, func=func),
    ]
