"""`/about/`: how to read a scorecard; and what is promised to readers: privacy, accessibility, the API."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """Explain the words and shapes, whom to ask, and where the rules stand."""
    return render(request, "scoring/about.html")


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """Say what is published of whom, for how long, and what is kept of readers."""
    return render(request, "scoring/privacy.html")


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """Say what the pages promise to everybody, and where to report what does not work."""
    return render(request, "scoring/accessibility.html")


@require_safe
def developers(request: HttpRequest) -> HttpResponse:
    """Say how programs read the same facts: API, errors, limits, open data, changes of the interface."""
    return render(request, "scoring/developers.html")
