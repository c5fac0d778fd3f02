"""What an administrator changes about a log-in: made, changed, given a password. Each is an audit event.

Whoever is shut out, or may open the admin from now on, begins anew: their sessions end. The owner of an address that
is replaced hears of it at the former one.
"""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from institutions.json_types import JsonObject
from institutions.models import User
from institutions.selectors import users
from institutions.services import audit, login_mail, login_sessions

BEGINS_ANEW = frozenset({"is_active", "is_staff", "username"})


@transaction.atomic
def save_new(*, user: User, by: User, now: datetime) -> User:
    """Save a new log-in, as the administrator filled it in, and record who made it. It holds no role yet."""
    user.save()
    detail: JsonObject = {"username": user.username, "is_staff": user.is_staff}
    audit.record_event(action="user.created", subject=user, by=by, now=now, detail=detail)
    return user


@transaction.atomic
def save_changed(*, user: User, changed: Collection[str], by: User, now: datetime) -> User:
    """Save a changed log-in and record which fields changed; nothing is recorded where nothing did."""
    before = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    user.save()
    if not changed:
        return user
    if BEGINS_ANEW.intersection(changed):
        login_sessions.end_all(user=user)
    if "email" in changed and before.email:
        login_mail.after_commit(login_mail.Kind.ADDRESS_CHANGED, user, address=before.email)
    audit.record_event(
        action="user.changed",
        subject=user,
        by=by,
        now=now,
        detail={"fields": sorted(changed)},
        region=users.region_of(user),
    )
    return user
