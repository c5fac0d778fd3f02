"""The one thing in a published page that changes by itself: the date for which it is sent.

Pages are rendered for a date that never comes, whose written forms are then replaced. Everything else in them holds
for as long as the scorecard does.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from django.utils import translation

from scoring.templatetags.pages import day as in_words

UNDATED = date(9997, 11, 23)


def dated(body: bytes, on: date, language: str) -> bytes:
    """Return the bytes of an undated page or of facts (`language` is then empty) as they are sent for a date."""
    for mark, written in _replacements(on, language):
        body = body.replace(mark, written)
    return body


@lru_cache(maxsize=16)
def _replacements(on: date, language: str) -> tuple[tuple[bytes, bytes], ...]:
    plain = (UNDATED.isoformat().encode(), on.isoformat().encode())
    if not language:
        return (plain,)
    with translation.override(language):
        return (plain, (in_words(UNDATED).encode(), in_words(on).encode()))
