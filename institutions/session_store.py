"""Where sessions are kept: Django's own store, with an end after idleness, an absolute end, and an owner.

The end stands in the row (`expire_date`), so that an ended session opens nothing, whatever the cookie says. Times are
those of the real clock, never of a moved one: they guard the door.
"""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.utils import timezone

from institutions.models import LoginSession

STARTED = "signed_in_at"
SEEN = "seen_at"
AGENT = "agent"
# A session is written again at most once a minute for having been used.
SEEN_EVERY = timedelta(minutes=1)


class SessionStore(DatabaseStore):
    """Sessions in `LoginSession` rows. One in which somebody is logged in ends as the settings say.

    `is_renewal` says that the request is a page renewing itself: nobody is there, so it does not count as use.
    """

    is_renewal = False

    @classmethod
    def get_model_class(cls) -> type[LoginSession]:
        """Return the model of the rows."""
        return LoginSession

    def load(self) -> dict[str, Any]:
        """Return the data of a session that has not ended, and note that it is in use."""
        data: dict[str, Any] = super().load()
        seen = _instant(data.get(SEEN))
        if SESSION_KEY in data and not self.is_renewal and (seen is None or timezone.now() - seen >= SEEN_EVERY):
            self.modified = True
        return data

    def get_expiry_date(self, **kwargs: object) -> datetime:
        """Return when the session ends unless it is used, and at the latest."""
        if SESSION_KEY not in self:
            return timezone.now() + timedelta(seconds=settings.SIGN_IN_SECONDS)
        started = _instant(self.get(STARTED)) or timezone.now()
        used = (_instant(self.get(SEEN)) if self.is_renewal else None) or timezone.now()
        idle_end = used + timedelta(seconds=settings.SESSION_IDLE_SECONDS)
        return min(idle_end, started + timedelta(seconds=settings.SESSION_COOKIE_AGE))

    def get_expiry_age(self, **kwargs: object) -> int:
        """Return in how many seconds the cookie ends."""
        return max(0, int((self.get_expiry_date() - timezone.now()).total_seconds()))

    def create_model_instance(self, data: dict[str, Any]) -> LoginSession:
        """Return the row of the session; who is logged in, since when and in which browser stand beside the data."""
        if SESSION_KEY in data:
            data.setdefault(STARTED, timezone.now().isoformat())
            if not (self.is_renewal and SEEN in data):
                data[SEEN] = timezone.now().isoformat()
        row = super().create_model_instance(data)
        assert isinstance(row, LoginSession)
        row.user_id = data.get(SESSION_KEY)
        row.started_at = _instant(data.get(STARTED))
        row.seen_at = _instant(data.get(SEEN))
        row.agent = str(data.get(AGENT, ""))[:200]
        return row


def _instant(text: object) -> datetime | None:
    return datetime.fromisoformat(text) if isinstance(text, str) else None
