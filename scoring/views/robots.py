"""`/robots.txt`: what search engines are asked to leave alone: persons, letters, checks, and what is behind a door."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

CLOSED = ("/s/", "/n/", "/i/", "/verify/", "/cases/", "/portal/", "/admin/", "/api/", "/open-data/", "/?")


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Ask robots to stay away from pages about persons; the pages say `noindex` besides."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in CLOSED)]
    response = HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
    response["Cache-Control"] = "public, max-age=86400"
    return response
