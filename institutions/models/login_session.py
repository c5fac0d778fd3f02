"""`LoginSession`: a browser in which somebody is logged in, or is on the way to it."""

from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils.translation import gettext_lazy as _

from institutions.models.user import User


class LoginSession(AbstractBaseSession):
    """Django's session row, with whose it is, so that people see and end their own. No network address is kept.

    Rows are worth nothing once they have ended, and are thrown away at the next log-in.
    """

    user = models.ForeignKey(
        User, models.CASCADE, null=True, blank=True, related_name="login_sessions", verbose_name=_("user")
    )
    started_at = models.DateTimeField(_("logged in at"), null=True, blank=True)
    seen_at = models.DateTimeField(_("last used at"), null=True, blank=True)
    agent = models.CharField(_("browser"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering = ["-seen_at"]

    def __str__(self) -> str:
        return f"session of {self.user_id or 'nobody'}"
