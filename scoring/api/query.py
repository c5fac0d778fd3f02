"""Reading the two clocks from a query: `as_of` a Shanghai date, `known_at` a Shanghai date or an instant."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from django.utils.translation import gettext as _
from rest_framework.request import Request

from institutions import clock
from institutions.errors import Invalid


def read_date(request: Request, name: str) -> date | None:
    """Return a date of the query, None where it is not given; raises Invalid for anything but YYYY-MM-DD."""
    given = request.query_params.get(name, "")
    if not given:
        return None
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise _not_valid(name, _("Give a date like 2025-06-30.")) from None


def read_known_at(request: Request) -> datetime | None:
    """Return the instant up to which things are known: the end of a day for a date; raises Invalid otherwise."""
    given = request.query_params.get("known_at", "").replace(" ", "+")  # a + that was not escaped
    if not given:
        return None
    try:
        if len(given) == len("2025-06-30"):
            return clock.start_of(date.fromisoformat(given) + timedelta(days=1)) - timedelta(microseconds=1)
        instant = datetime.fromisoformat(given)
    except ValueError:
        raise _not_valid("known_at", _("Give a date, or an instant with its time zone.")) from None
    if instant.tzinfo is None:
        raise _not_valid("known_at", _("Give a date, or an instant with its time zone."))
    return instant.astimezone(UTC)


def _not_valid(field: str, message: str) -> Invalid:
    return Invalid(errors=[{"field": field, "code": "invalid", "message": message}])
