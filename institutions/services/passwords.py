"""Passwords: changed by their owner, renewed by a link in an e-mail, given by an administrator. Age is not forced.

Who changes a password ends the other sessions of the log-in, and the owner is told by mail.
"""

from datetime import datetime, timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from institutions.errors import Forbidden, Invalid, NotThere, TooOften
from institutions.models import User
from institutions.selectors import users
from institutions.services import attempts, audit, login_mail, login_sessions
from institutions.services.attempts import Limit

OLD_BY_USER = Limit("password.old", failures_max=5, span=timedelta(minutes=15))
LINK_BY_ADDRESS = Limit("password.link_address", failures_max=20, span=timedelta(hours=1))
LINK_BY_NAME = Limit("password.link_name", failures_max=3, span=timedelta(hours=1))


def change_own(*, user: User, old: str, new: str, session_key: str | None, at: datetime, now: datetime) -> None:
    """Change one's own password, given the old one; sessions in other browsers end.

    Refuses a wrong old password, one that is weak, and the old one again; guesses at the old one are counted. To be
    called outside a transaction.
    """
    attempts.spend(limit=OLD_BY_USER, source=user.username, now=at)
    if not user.check_password(old):
        raise Invalid(_("The present password is not right."), rule="old")
    attempts.forget(limit=OLD_BY_USER, source=user.username)
    if old == new:
        raise Invalid(_("The new password is the old one."), rule="new")
    _set(user, new, by=user, now=now, action="password.changed", keep=session_key)


def set_by_link(*, user: User, new: str, now: datetime) -> None:
    """Give a new password to whoever came by the link in their mail; all their sessions end."""
    _set(user, new, by=user, now=now, action="password.renewed", keep=None)


def record_given(*, user: User, by: User, now: datetime) -> None:
    """Follow up on a password that an administrator has just given a colleague, or taken, in this transaction.

    All the colleague's sessions end, and they are told by mail. Refuses one's own password and users not managed, which
    undoes the change.
    """
    if by.pk == user.pk:
        raise Forbidden(_("Change your own password on the page of your log-in."))
    if not users.manageable_by(by).filter(pk=user.pk).exists():
        raise NotThere()
    login_sessions.end_all(user=user)
    action = "password.set" if user.has_usable_password() else "password.taken"
    audit.record_event(action=action, subject=user, by=by, now=now, region=users.region_of(user))
    login_mail.after_commit(login_mail.Kind.PASSWORD_CHANGED, user)


def ask_for_link(*, typed: str, address: str, at: datetime) -> None:
    """Have the link to a new password sent to whoever has this user name or e-mail address, if anybody.

    Answers alike in every case; `TooOften` only by the asker's own address. A name is written to three times an hour
    at most.
    """
    attempts.spend(limit=LINK_BY_ADDRESS, source=address, now=at)
    name = typed.strip().lower()[:254]
    try:
        attempts.spend(limit=LINK_BY_NAME, source=name, now=at)
    except TooOften:
        return
    login_mail.link_after_commit(typed.strip()[:254])


@transaction.atomic
def _set(user: User, new: str, *, by: User, now: datetime, action: str, keep: str | None) -> None:
    try:
        validate_password(new, user)
    except ValidationError as error:
        raise Invalid(" ".join(error.messages), rule="new") from error
    user.set_password(new)
    user.save(update_fields=["password"])
    login_sessions.end_all(user=user, keep=keep)
    audit.record_event(action=action, subject=user, by=by, now=now, region=users.region_of(user))
    login_mail.after_commit(login_mail.Kind.PASSWORD_CHANGED, user)
