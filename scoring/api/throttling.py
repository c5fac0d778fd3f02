"""How often somebody may look people up: one budget for pages and API together, of a minute and of a day."""

from __future__ import annotations

from django.http import HttpRequest
from rest_framework.request import Request
from rest_framework.views import APIView

from institutions.api.keys import key_of
from institutions.api.throttling import MINUTE, WindowThrottle
from institutions.models import ApiKey, KeyScope

DAY = 24 * 60 * MINUTE
DAY_TIMES = 100  # a client's day is a hundred of its minutes


class _Lookups(WindowThrottle):
    """Counts look-ups by network, whoever is logged in; by the client where its key includes look-ups."""

    def asker(self, request: Request | HttpRequest) -> str:
        """Return the client whose key includes look-ups, else the network."""
        key = _lookup_key(request)
        return super().asker(request) if key is None else f"client-{key.client_id}"


class LookupDayThrottle(_Lookups):
    """The budget of a day, at the rate of the scope `lookup_day`: patience does not turn a sweep into a listing."""

    scope = "lookup_day"

    def allowed(self, request: Request | HttpRequest) -> tuple[int, int]:
        """Return the budget of a network, or of a client."""
        key = _lookup_key(request)
        return super().allowed(request) if key is None else (key.client.rate_per_minute * DAY_TIMES, DAY)


class LookupThrottle(_Lookups):
    """The budget of a minute, at the rate of the scope `lookup`, so that a sweep of names runs dry; and of the day."""

    scope = "lookup"

    def allow_request(self, request: Request | HttpRequest, view: APIView | None) -> bool:
        """Say whether a question may be asked; each one that is answered counts in both budgets."""
        if not super().allow_request(request, view):
            return False
        day = LookupDayThrottle()
        if day.allow_request(request, view):
            return True
        self._wait = day.wait()
        return False

    def allowed(self, request: Request | HttpRequest) -> tuple[int, int]:
        """Return the budget of a network, or of a client."""
        key = _lookup_key(request)
        return super().allowed(request) if key is None else (key.client.rate_per_minute, MINUTE)

    def allows(self, request: HttpRequest) -> bool:
        """Say whether a plain page may look somebody up now; each question counts."""
        return self.allow_request(request, None)


def _lookup_key(request: Request | HttpRequest) -> ApiKey | None:
    key = key_of(request)  # type: ignore[arg-type]
    return key if key is not None and KeyScope.LOOKUP in key.client.scopes else None
