"""The sessions of somebody, to be shown to them."""

from dataclasses import dataclass
from datetime import datetime

from institutions.models import LoginSession, User
from institutions.sealed_secrets import keyed_digest

REFERENCE_LENGTH = 20
BROWSERS = (
    ("Edg/", "Edge"),
    ("MicroMessenger", "微信"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True, slots=True)
class ShownSession:
    """One session as its owner sees it. `reference` names it without being its key."""

    reference: str
    browser: str
    system: str
    started_at: datetime | None
    seen_at: datetime | None
    is_this: bool


def sessions_of(user: User, *, this: str | None, at: datetime) -> list[ShownSession]:
    """Return the sessions of a user that have not ended at an instant of the real clock, the present one first."""
    rows = LoginSession.objects.filter(user=user, expire_date__gt=at).order_by("-seen_at")
    shown = [_shown(row, this) for row in rows]
    return sorted(shown, key=lambda session: not session.is_this)


def reference_of(session: LoginSession) -> str:
    """Return what names a session in a form: a keyed hash of its key."""
    return keyed_digest(f"session:{session.session_key}")[:REFERENCE_LENGTH]


def _shown(row: LoginSession, this: str | None) -> ShownSession:
    return ShownSession(
        reference_of(row),
        _first(BROWSERS, row.agent),
        _first(SYSTEMS, row.agent),
        row.started_at,
        row.seen_at,
        row.session_key == this,
    )


def _first(known: tuple[tuple[str, str], ...], agent: str) -> str:
    return next((name for mark, name in known if mark in agent), "")
