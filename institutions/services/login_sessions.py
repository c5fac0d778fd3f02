"""Ending sessions: one's own others, or all of somebody."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from institutions.models import LoginSession, User
from institutions.selectors.login_sessions import reference_of
from institutions.services import audit


def end_all(*, user: User, keep: str | None = None) -> int:
    """End every session of a user but the one of the key `keep`; return how many. Part of another act's transaction."""
    ended, _details = LoginSession.objects.filter(user=user).exclude(session_key=keep or "").delete()
    return ended


@transaction.atomic
def end_others(*, user: User, keep: str, now: datetime) -> int:
    """End the user's own sessions in other browsers; return how many."""
    ended = end_all(user=user, keep=keep)
    audit.record_event(action="session.others_ended", subject=user, by=user, now=now, detail={"ended": ended})
    return ended


@transaction.atomic
def end_one(*, user: User, reference: str, now: datetime) -> bool:
    """End one of the user's own sessions, named by its reference; return whether there was one."""
    for session in LoginSession.objects.filter(user=user):
        if reference_of(session) == reference:
            session.delete()
            audit.record_event(action="session.ended", subject=user, by=user, now=now)
            return True
    return False


def clear_ended() -> int:
    """Throw away the rows of sessions that have ended; return how many."""
    return LoginSession.objects.filter(expire_date__lt=timezone.now()).delete()[0]
