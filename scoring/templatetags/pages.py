"""How the pages write: 2025年6月10日 and 10 June 2025, and Chinese with Chinese punctuation."""

import re
from datetime import date, datetime
from functools import lru_cache

from django import template
from django.utils import formats
from django.utils.translation import get_language

from institutions.clock import SHANGHAI

register = template.Library()

_HAN = r"\u4e00-\u9fff"
_PAIR = re.compile(rf"\(([^()]*[{_HAN}][^()]*)\)|(?<=[{_HAN}])\(([^()]*)\)")
_MARK = re.compile(rf"(?<=[{_HAN}》）”])[,;:?!]|[,;:?!](?=[{_HAN}《（“])")
_FULL = str.maketrans(",;:?!", "，；：？！")


@register.filter
def day(value: date | str | None) -> str:
    """Write a Shanghai date (or its ISO form) in the reader's language; nothing for nothing."""
    if not value:
        return ""
    return _written(value, get_language())


@lru_cache(maxsize=4_000)
def _written(value: date | str, _language: str | None) -> str:
    when = date.fromisoformat(value) if isinstance(value, str) else value
    return formats.date_format(when, "DATE_FORMAT")


@register.filter
def moment(value: datetime | None) -> str:
    """Write an instant as Shanghai date and time, to the minute; nothing for nothing."""
    if value is None:
        return ""
    return formats.date_format(value.astimezone(SHANGHAI), "DATETIME_FORMAT")


@register.filter
def full_width(text: str) -> str:
    """Set the marks beside Chinese characters in full width, as print does; other text stays as it is.

    The packs are typed with the marks of a keyboard, and their wording is sealed (ADR 0061).
    """
    paired = _PAIR.sub(lambda found: f"（{found[1] or found[2] or ''}）", text)
    return _MARK.sub(lambda found: found[0].translate(_FULL), paired)
