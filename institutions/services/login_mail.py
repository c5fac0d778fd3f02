"""Mail about somebody's log-in: the link to a new password, and word of what changed, to the one it belongs to.

Messages are made by the worker, after commit, so that a page answers alike whether or not there is somebody to write
to. They carry no code and no password, and are in both languages, since nobody's is known.
"""

from collections.abc import Callable, Sequence
from enum import StrEnum

from celery import current_app
from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _

from institutions.models import User

TASK = "institutions.send_login_mail"
TASK_LINK = "institutions.send_password_links"
LANGUAGES = ("zh-hans", "en")


class Kind(StrEnum):
    """What the owner of a log-in is told."""

    ENROLLED = "enrolled"
    RESET = "reset"
    RECOVERY_USED = "recovery_used"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105
    ADDRESS_CHANGED = "address_changed"


def after_commit(kind: Kind, user: User, *, address: str = "") -> None:
    """Have the worker write to the user (or to their former address) once the transaction is committed."""
    arguments = [kind.value, user.pk, address]
    transaction.on_commit(lambda: current_app.send_task(TASK, args=arguments), robust=True)


def link_after_commit(typed: str) -> None:
    """Have the worker send the link to a new password to whoever has this user name or address."""
    transaction.on_commit(lambda: current_app.send_task(TASK_LINK, args=[typed]), robust=True)


def send(kind: Kind, user: User, address: str = "") -> bool:
    """Write to the user; return whether there was an address to write to."""
    to = address or user.email
    if not to:
        return False
    _message(to, _subjects(), "sign_in/mail_changed.txt", {"kind": kind.value, "user": user})
    return True


def send_links(typed: str) -> int:
    """Send the link to a new password to each active user of this name or address; return to how many."""
    found = _named(typed)
    for user in found:
        path = reverse(
            "password-new", args=[urlsafe_base64_encode(force_bytes(user.pk)), default_token_generator.make_token(user)]
        )
        facts = {"user": user, "link": settings.PUBLIC_URL + path, "minutes": settings.PASSWORD_RESET_TIMEOUT // 60}
        _message(user.email, _link_subjects(), "sign_in/mail_link.txt", facts)
    return len(found)


def _named(typed: str) -> QuerySet[User]:
    named = Q(username=User.normalize_username(typed)) | Q(email__iexact=typed)
    return User.objects.filter(named, is_active=True).exclude(email="").order_by("pk")


def _message(to: str, subjects: Sequence[str], template: str, facts: dict[str, object]) -> None:
    parts = []
    for language in LANGUAGES:
        with translation.override(language):
            parts.append(render_to_string(template, facts | {"public_url": settings.PUBLIC_URL}).strip())
    EmailMessage(subject=" / ".join(subjects), body="\n\n----\n\n".join(parts) + "\n", to=[to]).send()


def _subjects() -> list[str]:
    return [_in(language, lambda: _("Your log-in to Jifen was changed")) for language in LANGUAGES]


def _link_subjects() -> list[str]:
    return [_in(language, lambda: _("A new password for Jifen")) for language in LANGUAGES]


def _in(language: str, words: Callable[[], str]) -> str:
    with translation.override(language):
        return str(words())
