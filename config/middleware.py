"""What the house adds to every request: an id, the actor for row histories, and what a page may load."""

import re
import uuid
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from pghistory.middleware import HistoryMiddleware

from config.structured_logs import request_id
from institutions import permissions

Handler = Callable[[HttpRequest], HttpResponse]
RENEWED = "renewed"  # what a page that renews itself adds to its address
REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,64}")

PAGES = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
# The admin's own scripts (Alpine.js in django-unfold) evaluate expressions written in its templates.
ADMIN = PAGES + "; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'"


class RequestIdMiddleware:
    """Gives each request an id (a proxy's is kept if it is well formed), for the logs and the answer."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Set the id while the request is answered, and name it in the answer."""
        given = request.headers.get("X-Request-ID", "")
        identifier = given if REQUEST_ID.fullmatch(given) else str(uuid.uuid4())
        token = request_id.set(identifier)
        try:
            response = self.get_response(request)
        finally:
            request_id.reset(token)
        response["X-Request-ID"] = identifier
        return response


class RenewalMiddleware:
    """Tells the session that a page renews itself (`?renewed`), which is no use of it: an empty chair logs out."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Mark the session before anybody reads it."""
        request.session.is_renewal = request.method == "GET" and RENEWED in request.GET  # type: ignore[attr-defined]
        return self.get_response(request)


class PermissionsMiddleware:
    """Reads what the user of a request holds once, however often its page asks."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Remember assignments until the answer is there."""
        with permissions.remembering():
            return self.get_response(request)


class ContentPolicyMiddleware:
    """Adds the Content-Security-Policy: only our own files, no inline script on public pages."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Leave a policy that a view has set itself alone."""
        response = self.get_response(request)
        response.setdefault("Content-Security-Policy", ADMIN if request.path.startswith("/admin/") else PAGES)
        return response


class RateLimitMiddleware:
    """Tells whoever was counted what is left of their budget, in the fields of the IETF's draft on rate limits."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Name the budget that counted the request last, which is the tightest."""
        response = self.get_response(request)
        budget = getattr(request, "rate_budget", None)
        if budget is not None:
            response["RateLimit-Policy"] = f'"{budget.name}";q={budget.limit};w={budget.window}'
            response["RateLimit"] = f'"{budget.name}";r={budget.remaining};t={budget.reset}'
        return response


class HistoryContextMiddleware(HistoryMiddleware):
    """Puts the user, the path and the request id into the history of every row that a request changes."""

    def get_context(self, request: HttpRequest) -> dict[str, Any]:
        """Pghistory's context, and the request id that stands in the logs."""
        return dict(super().get_context(request)) | {"request_id": request_id.get()}
