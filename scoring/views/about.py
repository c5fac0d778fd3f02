"""`/about/`: how to read a scorecard."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """Explain the words and shapes, whom to ask, and where the rules stand."""
    return render(request, "scoring/about.html")
