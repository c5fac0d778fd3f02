"""What is given up says so in time: a mark for an endpoint that will go, and what it answers once it has gone.

Until its last day an endpoint answers as before, with `Deprecation` (RFC 9745: since when), `Sunset` (RFC 8594: until
when) and a `Link` to what takes its place. After the day it answers 410. The promise to clients is in docs/api.md.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import TypeVar

from django.http import HttpRequest
from django.utils.http import http_date
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from institutions import clock
from institutions.errors import Withdrawn

NOTICE = timedelta(days=365)  # at least so long between the word and the end

ViewT = TypeVar("ViewT", bound=APIView)


def deprecated(*, since: date, until: date, instead: str) -> Callable[[type[ViewT]], type[ViewT]]:
    """Mark an endpoint as given up since a Shanghai date, `until` its last day; `instead` is the address to use.

    Raises ValueError where that is less than twelve months.
    """
    if until < since + NOTICE:
        raise ValueError(f"{until} is less than twelve months after {since}")
    headers = {
        "Deprecation": f"@{int(clock.start_of(since).timestamp())}",
        "Sunset": http_date(clock.start_of(until + timedelta(days=1)).timestamp()),
        "Link": f'<{instead}>; rel="successor-version"',
    }

    def mark(view: type[ViewT]) -> type[ViewT]:
        class Deprecated(view):  # type: ignore[valid-type, misc]
            __doc__ = view.__doc__

            def initial(self, request: Request, *args: object, **kwargs: object) -> None:
                """Refuse once the last day is over."""
                if clock.today() > until:
                    raise Withdrawn(
                        _("This address has been given up."),
                        rule="docs/api.md",
                        next_step=_("Use %(instead)s instead.") % {"instead": instead},
                    )
                super().initial(request, *args, **kwargs)

            def finalize_response(
                self, request: HttpRequest, response: Response, *args: object, **kwargs: object
            ) -> Response:
                """Say in every answer, in refusals too, since when and until when."""
                answer: Response = super().finalize_response(request, response, *args, **kwargs)
                for name, value in headers.items():
                    answer[name] = value
                return answer

        Deprecated.__name__ = Deprecated.__qualname__ = view.__name__
        Deprecated.__module__ = view.__module__
        return extend_schema(deprecated=True)(Deprecated)

    return mark
