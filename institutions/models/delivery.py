"""`Delivery`: a copy of a notice on its way through one channel. The notice itself is already told: in the inbox."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from institutions.models.history import tracked
from institutions.models.notice import Notice


class Channel(models.TextChoices):
    """By which way a copy goes out."""

    EMAIL = "email", _("e-mail")
    WEBHOOK = "webhook", _("webhook")


class DeliveryState(models.TextChoices):
    """How far a copy has got; `dead` is given up and shown to officers."""

    QUEUED = "queued", _("waiting")
    SENT = "sent", _("sent")
    FAILED = "failed", _("failed, will be tried again")
    DEAD = "dead", _("given up")


@tracked()
class Delivery(models.Model):
    """One notice through one channel; at most once per pair, tried again with growing pauses."""

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="deliveries", verbose_name=_("notice"))
    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices)
    state = models.CharField(_("state"), max_length=10, choices=DeliveryState.choices, default=DeliveryState.QUEUED)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_attempt_at = models.DateTimeField(_("next attempt at"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    error = models.TextField(_("last error"), blank=True)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["next_attempt_at"],
                condition=models.Q(next_attempt_at__isnull=False),
                name="delivery_due",
            ),
            models.Index(
                fields=["notice"], condition=models.Q(state__in=["failed", "dead"]), name="delivery_not_through"
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["notice", "channel"], name="delivery_once_per_channel"),
            models.CheckConstraint(condition=models.Q(channel__in=Channel.values), name="delivery_channel_known"),
            models.CheckConstraint(condition=models.Q(state__in=DeliveryState.values), name="delivery_state_known"),
            models.CheckConstraint(
                condition=models.Q(state=DeliveryState.SENT, sent_at__isnull=False)
                | (~models.Q(state=DeliveryState.SENT) & models.Q(sent_at__isnull=True)),
                name="delivery_sent_has_instant",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    state__in=[DeliveryState.QUEUED, DeliveryState.FAILED], next_attempt_at__isnull=False
                )
                | models.Q(state__in=[DeliveryState.SENT, DeliveryState.DEAD], next_attempt_at__isnull=True),
                name="delivery_waiting_has_next_attempt",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.notice.number} {self.get_channel_display()} {self.get_state_display()}"
