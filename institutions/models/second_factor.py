"""`SecondFactor` and `RecoveryCode`: what somebody has besides their password, and what helps when it is lost."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from institutions.models.history import tracked
from institutions.models.user import User


@tracked(exclude=["secret", "last_step"])
class SecondFactor(models.Model):
    """An authenticator that somebody has enrolled and proven; its secret is encrypted and in no history.

    `last_step` is the half minute of the last code taken: no code of that or an earlier one is taken again.
    """

    user = models.OneToOneField(User, models.PROTECT, related_name="second_factor", verbose_name=_("user"))
    secret = models.TextField(_("secret"), editable=False)
    last_step = models.BigIntegerField(_("last step"), default=0, editable=False)
    enrolled_at = models.DateTimeField(_("enrolled at"))

    class Meta:
        verbose_name = _("second factor")
        verbose_name_plural = _("second factors")

    def __str__(self) -> str:
        return f"second factor of {self.user_id}"


@tracked(exclude=["digest"])
class RecoveryCode(models.Model):
    """One of the codes given at enrolment; each opens once. Only a keyed hash is kept."""

    user = models.ForeignKey(User, models.PROTECT, related_name="recovery_codes", verbose_name=_("user"))
    digest = models.CharField(_("digest"), max_length=64, unique=True, editable=False, db_collation="C")
    made_at = models.DateTimeField(_("made at"))
    used_at = models.DateTimeField(_("used at"), null=True, blank=True)

    class Meta:
        verbose_name = _("recovery code")
        verbose_name_plural = _("recovery codes")

    def __str__(self) -> str:
        return f"recovery code of {self.user_id}"
