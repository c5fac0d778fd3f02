"""How often one address may look people up: one budget for the pages and the API together."""

from __future__ import annotations

from django.http import HttpRequest
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView


class LookupThrottle(SimpleRateThrottle):
    """Counts look-ups by network address, at the rate of the scope `lookup`, so that a sweep of names runs dry."""

    scope = "lookup"

    def get_cache_key(self, request: Request | HttpRequest, view: APIView | None) -> str:
        """Return one key per address, whoever is logged in."""
        return self.cache_format % {"scope": self.scope, "ident": self.get_ident(request)}  # type: ignore[arg-type]

    def allows(self, request: HttpRequest) -> bool:
        """Say whether a plain page may look somebody up now; each question counts."""
        return bool(self.allow_request(request, None))  # type: ignore[arg-type]
