"""Sends copies of notices. The inbox is the record: with every channel down nothing is lost, only late."""

import logging
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from institutions.letters import content, rendering
from institutions.models import Channel, Delivery, DeliveryState, Notice, User
from institutions.permissions import Permission

logger = logging.getLogger(__name__)

PAUSES = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
    timedelta(hours=24),
)
ATTEMPTS_MAX = len(PAUSES) + 1
BATCH = 500
ERROR_LENGTH_MAX = 500


class NoAddress(Exception):
    """Nobody at the institution who may read notices has an e-mail address."""


def deliver_due(now: datetime) -> Counter[str]:
    """Send every copy that is due; return how many were sent, will be tried again, and were given up.

    Each copy is a transaction of its own; copies that another worker is sending are passed over. A copy that fails
    waits longer each time and is given up (`dead`) after the last pause. At least once: a worker that dies between
    sending and writing sends again, with the same Message-ID.
    """
    outcomes: Counter[str] = Counter()
    due = Delivery.objects.filter(next_attempt_at__lte=now).order_by("next_attempt_at", "id")
    for key in list(due.values_list("pk", flat=True)[:BATCH]):
        outcome = _attempt(key, now)
        if outcome is not None:
            outcomes[outcome.value] += 1
    return outcomes


def email_addresses(notice: Notice) -> list[str]:
    """Return the addresses of the active users of the notice's institution who may read its notices."""
    users: QuerySet[User] = User.objects.filter(
        is_active=True,
        role_assignments__institution=notice.institution,
        role_assignments__role__permissions__contains=[Permission.NOTICE_READ.value],
    ).exclude(email="")
    return sorted(set(users.values_list("email", flat=True)))


@transaction.atomic
def _attempt(key: int, now: datetime) -> DeliveryState | None:
    delivery = (
        Delivery.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("notice__institution")
        .filter(pk=key, next_attempt_at__lte=now)
        .first()
    )
    if delivery is None:
        return None
    delivery.attempts += 1
    try:
        _SENDERS[Channel(delivery.channel)](delivery.notice)
    except Exception as error:  # noqa: BLE001 - whatever a mail server does, the copy waits and the sweep goes on
        _postpone(delivery, error, now)
    else:
        delivery.state, delivery.sent_at = DeliveryState.SENT, now
        delivery.next_attempt_at, delivery.error = None, ""
    delivery.save(update_fields=["state", "attempts", "next_attempt_at", "sent_at", "error"])
    return DeliveryState(delivery.state)


def _postpone(delivery: Delivery, error: Exception, now: datetime) -> None:
    delivery.error = f"{type(error).__name__}: {error}"[:ERROR_LENGTH_MAX]
    logger.warning("notice %s not sent by %s: %s", delivery.notice.number, delivery.channel, type(error).__name__)
    if delivery.attempts >= ATTEMPTS_MAX:
        delivery.state, delivery.next_attempt_at = DeliveryState.DEAD, None
    else:
        delivery.state = DeliveryState.FAILED
        delivery.next_attempt_at = now + PAUSES[delivery.attempts - 1]


def _send_email(notice: Notice) -> None:
    addresses = email_addresses(notice)
    if not addresses:
        raise NoAddress(_("No HR user of the institution has an e-mail address."))
    with translation.override(settings.LANGUAGE_CODE):
        letter = content.compose(notice)
        facts = {"letter": rendering.as_text(letter), "number": notice.number, "public_url": settings.PUBLIC_URL}
        body = render_to_string("letters/email.txt", facts)
        subject = f"{letter.title} {letter.number}"
    domain = settings.PUBLIC_URL.partition("://")[2].partition(":")[0] or "localhost"
    message = EmailMessage(subject=subject, body=body, to=addresses)
    message.extra_headers["Message-ID"] = f"<{notice.number}@{domain}>"
    message.send(fail_silently=False)


_SENDERS: dict[Channel, Callable[[Notice], None]] = {Channel.EMAIL: _send_email}
