"""How often somebody may ask: by the client of a key, by the user who is logged in, else by network address.

The count slides: of the window before, as much counts as still lies within the last one. Two requests at once are both
counted, whichever processes they meet. What is left is told in every answer (`RateLimit`).
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

from institutions.api.keys import key_of
from institutions.models import User

if TYPE_CHECKING:
    from rest_framework.views import APIView  # which asks for this file while it is read

IPV6_PREFIX = 64  # one household or ward: whoever has an address there has them all
MINUTE = 60


@dataclass(frozen=True, slots=True)
class Budget:
    """What is left of a budget: of `limit` requests in `window` seconds, `remaining`; whole again after `reset`."""

    name: str
    limit: int
    window: int
    remaining: int
    reset: int


class WindowThrottle(SimpleRateThrottle):
    """Lets so many requests through in any span of the length of its rate; refused ones do not count."""

    def allow_request(self, request: Request | HttpRequest, view: APIView | None) -> bool:
        """Count the request, and say whether it may pass."""
        limit, window = self.allowed(request)
        place = self.get_cache_key(request, view)
        now = self.timer()
        number, passed = int(now // window), now % window / window
        earlier = int(self.cache.get(f"{place}:{number - 1}", 0))
        current = self._add(f"{place}:{number}", window)
        self._wait = 0.0
        used = earlier * (1 - passed) + current
        if used > limit:
            self.cache.decr(f"{place}:{number}")
            self._wait = window * _until_free(limit, earlier, current - 1, passed)
        left = max(0, int(limit - used))
        plain: Any = getattr(request, "_request", request)
        held: Budget | None = getattr(plain, "rate_budget", None)
        if held is None or left < held.remaining:
            plain.rate_budget = Budget(str(self.scope), limit, window, left, int(window * (1 - passed)) + 1)
        return used <= limit

    def wait(self) -> float:
        """Return for how many seconds to wait after a refusal."""
        return self._wait

    def allowed(self, request: Request | HttpRequest) -> tuple[int, int]:
        """Return how many requests in how many seconds."""
        limit, window = self.parse_rate(self.rate)
        assert limit is not None
        assert window is not None
        return limit, window

    def get_cache_key(self, request: Request | HttpRequest, view: APIView | None) -> str:
        """Return whose budget it is."""
        return self.cache_format % {"scope": self.scope, "ident": self.asker(request)}

    def get_ident(self, request: Request | HttpRequest) -> str:
        """Return the network that asks. A forwarded address is believed from our own proxies only (`PROXIES`).

        Over a socket of this machine, and without a proxy, nobody has an address: they share one budget.
        """
        return network_of(super().get_ident(request) or "")  # type: ignore[arg-type]

    def asker(self, request: Request | HttpRequest) -> str:
        """Return who asks: their network."""
        return self.get_ident(request)

    def _add(self, place: str, window: int) -> int:
        self.cache.add(place, 0, 2 * window)
        try:
            return int(self.cache.incr(place))
        except ValueError:  # forgotten in between
            self.cache.set(place, 1, 2 * window)
            return 1


class ApiThrottle(WindowThrottle):
    """The general budget of the API: of a client with its own rate, of a user, else of a network."""

    scope = "api"

    def allowed(self, request: Request | HttpRequest) -> tuple[int, int]:
        """Return the client's own rate where a key is shown."""
        key = key_of(request)  # type: ignore[arg-type]
        return super().allowed(request) if key is None else (key.client.rate_per_minute, MINUTE)

    def asker(self, request: Request | HttpRequest) -> str:
        """Return the client, the user, or the network."""
        key = key_of(request)  # type: ignore[arg-type]
        if key is not None:
            return f"client-{key.client_id}"
        return f"user-{request.user.pk}" if isinstance(request.user, User) else super().asker(request)


def network_of(address: str) -> str:
    """Return the network of an address that one household holds: an IPv4 address itself, of IPv6 the first 64 bits."""
    try:
        found = ipaddress.ip_address(address.strip())
    except ValueError:
        return address.strip()
    if found.version == 4:
        return str(found)
    mapped = found.ipv4_mapped
    return str(mapped) if mapped else str(ipaddress.ip_network((found, IPV6_PREFIX), strict=False).network_address)


def _until_free(limit: int, earlier: int, current: int, passed: float) -> float:
    """Return after which share of a window one more request fits, if none is made meanwhile."""
    if current < limit and earlier:
        return max(0.0, 1 - (limit - current - 1) / earlier - passed) if limit - current - 1 < earlier else 0.0
    rest = max(0.0, 1 - (limit - 1) / current) if current else 0.0  # the present window counts as the earlier one then
    return 1 - passed + rest
