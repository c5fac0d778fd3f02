"""That an officer looked at what a decision would cause, and at which version of it. Only ever added to."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.models.proposal import Proposal
from institutions.models.append_only import AppendOnlyModel


class PreviewOpening(AppendOnlyModel):
    """预览记录: the preview of one proposal was opened, with this effect. Deciding several at once rests on it.

    `digest` stands for the version of the attribution and the effect that was shown: where either changes, it has to be
    opened again.
    """

    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="openings")
    digest = models.CharField(max_length=64)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(_("opened at"))

    class Meta(AppendOnlyModel.Meta):
        """Once per officer and version."""

        verbose_name = _("opening of a preview")
        verbose_name_plural = _("openings of previews")
        ordering = ["opened_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["proposal", "digest", "opened_by"], name="preview_opened_once_per_version"),
            models.CheckConstraint(condition=Q(digest__regex=r"^[0-9a-f]{64}$"), name="opening_names_what_was_shown"),
        ]

    def __str__(self) -> str:
        """Return which proposal was looked at."""
        return str(self.proposal_id)
