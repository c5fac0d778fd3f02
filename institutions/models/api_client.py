"""`ApiClient` and `ApiKey`: an organisation that reads by program, and the hashes of the keys it shows."""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from institutions.models.history import tracked
from institutions.models.pairing import all_or_none
from institutions.models.user import User

RATE_PER_MINUTE = 300


class KeyScope(models.TextChoices):
    """What a key opens beyond what everybody may read."""

    LOOKUP = "lookup", _("look-ups at the client's own rate")
    CHANGES = "changes", _("the feed of changes")


@tracked()
class ApiClient(models.Model):
    """An organisation with what it may read and how fast. All its keys share one budget."""

    organisation = models.CharField(_("organisation"), max_length=200, unique=True)
    contact_email = models.EmailField(_("contact"))
    purpose = models.TextField(_("purpose"), max_length=1000)
    scopes = ArrayField(
        models.CharField(max_length=20, choices=KeyScope.choices), verbose_name=_("may read"), default=list
    )
    rate_per_minute = models.PositiveIntegerField(
        _("requests a minute"), default=RATE_PER_MINUTE, validators=[MinValueValidator(1)]
    )
    created_at = models.DateTimeField(_("created at"))

    class Meta:
        verbose_name = _("API client")
        verbose_name_plural = _("API clients")
        ordering = ["organisation"]
        constraints = [
            models.CheckConstraint(condition=Q(rate_per_minute__gte=1), name="api_client_rate_positive"),
            models.CheckConstraint(
                condition=Q(scopes__contained_by=KeyScope.values, scopes__len__gte=1), name="api_client_scopes_known"
            ),
        ]
        triggers = [pgtrigger.Protect(name="api_client_stays", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.organisation


@tracked()
class ApiKey(models.Model):
    """One key: its beginning, by which people call it, and its SHA-256. The key itself is shown once and kept nowhere.

    A key ends on a day or is revoked, and stays so (trigger); a new one takes its place.
    """

    client = models.ForeignKey(ApiClient, models.PROTECT, related_name="keys", verbose_name=_("client"))
    prefix = models.CharField(_("begins with"), max_length=12, unique=True, db_collation="C")
    digest = models.CharField(_("SHA-256 of the key"), max_length=64, unique=True, db_collation="C")
    created_at = models.DateTimeField(_("created at"))
    expires_at = models.DateTimeField(_("expires at"))
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)
    revoked_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("revoked by")
    )
    last_used_on = models.DateField(_("last used on"), null=True, blank=True)

    class Meta:
        verbose_name = _("API key")
        verbose_name_plural = _("API keys")
        ordering = ["client", "-created_at"]
        constraints = [
            all_or_none("api_key_revoked_by_somebody", "revoked_at", "revoked_by"),
            models.CheckConstraint(condition=Q(digest__regex=r"^[0-9a-f]{64}$"), name="api_key_is_a_hash"),
            models.CheckConstraint(condition=Q(expires_at__gt=F("created_at")), name="api_key_expires_later"),
        ]
        triggers = [
            pgtrigger.Protect(name="api_key_stays", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="api_key_fixed", fields=["client", "prefix", "digest", "created_at"]),
            pgtrigger.Protect(
                name="api_key_end_only_nearer",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.revoked_at IS DISTINCT FROM NEW.revoked_at AND OLD.revoked_at IS NOT NULL"
                    " OR NEW.expires_at > OLD.expires_at"
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.prefix}…"
