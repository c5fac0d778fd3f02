"""`NoticeToken`: the hash of the access code that a person's letter carries. The code itself is kept nowhere."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from institutions.models.append_only import AppendOnlyModel
from institutions.models.notice import Notice


class NoticeToken(AppendOnlyModel):
    """One generation of the access code of one notice. The latest generation counts; a new one revokes those before."""

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="tokens", verbose_name=_("notice"))
    generation = models.PositiveSmallIntegerField(_("generation"))
    digest = models.CharField(_("SHA-256 of the code"), max_length=64, unique=True, db_collation="C")
    issued_at = models.DateTimeField(_("issued at"))
    expires_at = models.DateTimeField(_("expires at"))

    class Meta(AppendOnlyModel.Meta):
        abstract = False
        verbose_name = _("access code")
        verbose_name_plural = _("access codes")
        ordering = ["notice", "-generation"]
        constraints = [
            models.UniqueConstraint(fields=["notice", "generation"], name="notice_token_generation_once"),
            models.CheckConstraint(condition=models.Q(digest__regex=r"^[0-9a-f]{64}$"), name="notice_token_is_a_hash"),
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("issued_at")), name="notice_token_expires_later"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.notice_id} {self.generation}"
