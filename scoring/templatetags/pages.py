"""Dates and instants as the pages write them: 2025年6月10日 and 10 June 2025."""

from datetime import date, datetime
from functools import lru_cache

from django import template
from django.utils import formats
from django.utils.translation import get_language

from institutions.clock import SHANGHAI

register = template.Library()


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
