"""``RulebookVersion`` 规则集: one dated version of one jurisdiction's rules, immutable once activated."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from institutions.identifiers import new_id
from institutions.models.history import tracked


@tracked()
class RulebookVersion(models.Model):
    """The resolved pack as it was activated. Start dates only: it runs until the next version.

    Promises: (rulebook, version) and (rulebook, effective_from) are unique; once activated no column
    changes, and no version is ever deleted (triggers).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    rulebook = models.CharField(_("rulebook"), max_length=64, db_collation="C")
    version = models.PositiveIntegerField(_("version"))
    jurisdiction = models.CharField(_("region prefix"), max_length=6, blank=True, db_collation="C")
    effective_from = models.DateField(_("in force from"))
    is_repeal = models.BooleanField(_("repeal"), default=False)
    title = models.CharField(_("title"), max_length=300)
    pack = models.JSONField(_("resolved pack"))
    digest = models.CharField(_("SHA-256 of the resolved pack"), max_length=64, db_collation="C")
    activated_at = models.DateTimeField(_("activated at"), null=True, blank=True)
    activated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("activated by"),
        help_text=_("Empty for the packs that came with the system."),
    )

    class Meta:
        verbose_name = _("rulebook version")
        verbose_name_plural = _("rulebook versions")
        ordering = ["jurisdiction", "rulebook", "version"]
        constraints = [
            models.UniqueConstraint(fields=["rulebook", "version"], name="rulebook_version_once"),
            models.UniqueConstraint(fields=["rulebook", "effective_from"], name="rulebook_start_once"),
            models.CheckConstraint(
                condition=models.Q(activated_by__isnull=True) | models.Q(activated_at__isnull=False),
                name="rulebook_activated_by_needs_at",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="frozen_once_active",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__activated_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rulebook}@{self.version}"
