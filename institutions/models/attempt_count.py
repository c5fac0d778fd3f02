"""`AttemptCount`: how often something failed for one source in one span of time, seen by every process."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class AttemptCount(models.Model):
    """Failures of one scope and source in a span. Sources are keyed hashes, so that no network address is kept.

    Rows are worth nothing once their span is over, and are thrown away a day later.
    """

    scope = models.CharField(_("scope"), max_length=30, db_collation="C")
    source = models.CharField(_("source"), max_length=64, db_collation="C")
    span_at = models.DateTimeField(_("span begins at"))
    failures = models.PositiveIntegerField(_("failures"))

    class Meta:
        verbose_name = _("count of failed attempts")
        verbose_name_plural = _("counts of failed attempts")
        indexes = [models.Index(fields=["span_at"], name="attempt_count_span")]
        constraints = [
            models.UniqueConstraint(fields=["scope", "source", "span_at"], name="attempt_count_once_per_span"),
        ]

    def __str__(self) -> str:
        return f"{self.scope} {self.span_at}"
