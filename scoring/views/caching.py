"""What may be kept and found of the pages about persons: asked again each time, never in a search engine."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

View = Callable[..., HttpResponse]


def never_indexed(view: View) -> View:
    """Tell search engines to keep nothing, and caches to ask each time (a page depends on the day and the language)."""

    @wraps(view)
    def answer(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        response.setdefault("Cache-Control", "no-cache")
        patch_vary_headers(response, ["Accept-Language", "Cookie"])
        return response

    return answer
