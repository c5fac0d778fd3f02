"""Letters of the procedure that were made out, before they are served."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.models.attribution import Attribution
from cases.models.choices import ServiceKind
from institutions.models.append_only import AppendOnlyModel


class IssuedLetter(AppendOnlyModel):
    """One letter to the person about an attribution: which version of the proposal it tells, who is to hand it over.

    The notice is the letter itself; `handover` asks the institution of the case to hand it over (none where that has
    closed). A proposal changed after its letter was made out gets a letter of its own; only the latest can be served.
    """

    attribution = models.ForeignKey(Attribution, models.PROTECT, related_name="letters")
    kind = models.CharField(_("kind"), max_length=10, choices=ServiceKind)
    window = models.PositiveSmallIntegerField(_("statement window"))
    proposal_number = models.PositiveSmallIntegerField(_("number of the proposal"))
    notice = models.OneToOneField("institutions.Notice", models.PROTECT, related_name="issued_letter")
    handover = models.OneToOneField(
        "institutions.Notice", models.PROTECT, null=True, blank=True, related_name="letter_to_hand_over"
    )
    issued_at = models.DateTimeField(_("issued at"))
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta(AppendOnlyModel.Meta):
        """Each version of a proposal told once per window."""

        verbose_name = _("issued letter")
        verbose_name_plural = _("issued letters")
        ordering = ["issued_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["attribution", "kind", "window", "proposal_number"], name="letter_once_per_window_and_proposal"
            ),
            models.CheckConstraint(condition=Q(kind__in=ServiceKind.values), name="issued_letter_kind_is_known"),
        ]

    def __str__(self) -> str:
        """Return kind and window."""
        return f"{self.get_kind_display()} {self.window}"
