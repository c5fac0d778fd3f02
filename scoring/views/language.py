"""`/language/`: the reader's language, kept in a cookie. A form that works without JavaScript."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from django.views.i18n import set_language


@csrf_exempt
@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Set the language and go back to where the reader was, on this site only.

    Without a token on purpose: it would put a secret of the reader's into every public page, which could then no longer
    be kept by a cache, and all that a forged request could do is to show somebody a page in English.
    """
    return set_language(request)
