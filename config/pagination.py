"""How long lists are cut into pages: by number, or by cursor for whoever goes through all of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from rest_framework.exceptions import NotFound
from rest_framework.pagination import CursorPagination, PageNumberPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

CURSOR = "cursor"


class ByCursor(CursorPagination):
    """Pages that follow each other in the order in which the rows were made; as fast at the end as at the beginning."""

    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200
    ordering = "pk"  # ours are in the order of making
    cursor_query_param = CURSOR

    def paginate_queryset(
        self, queryset: QuerySet[Any] | Sequence[Any], request: Request, view: APIView | None = None
    ) -> list[Any] | None:
        """Return one page; a cursor that is none of ours is not there (404)."""
        try:
            page: list[Any] | None = super().paginate_queryset(queryset, request, view)
        except (ValidationError, ValueError) as error:  # it names no key
            raise NotFound(self.invalid_cursor_message) from error
        return page


class Pagination(PageNumberPagination):
    """Numbered pages of 50 in the list's own order, with the count; or, where `cursor` is given, pages by cursor.

    A client may ask for up to 200 rows with `page_size`. An empty `cursor` begins; `next` leads on. Nothing that is
    there from the beginning is left out or met twice, whatever is added meanwhile.
    """

    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200
    _cursor: ByCursor | None = None

    def paginate_queryset(
        self, queryset: QuerySet[Any] | Sequence[Any], request: Request, view: APIView | None = None
    ) -> list[Any] | None:
        """Return one page."""
        if CURSOR not in request.query_params:
            return super().paginate_queryset(queryset, request, view)
        self._cursor = ByCursor()
        return self._cursor.paginate_queryset(queryset, request, view)

    def get_paginated_response(self, data: Any) -> Response:
        """Wrap the rows: the count where pages are numbered, and the addresses of the pages before and after."""
        if self._cursor is not None:
            return self._cursor.get_paginated_response(data)
        return super().get_paginated_response(data)

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Describe it; by cursor there is no count."""
        described: dict[str, Any] = super().get_paginated_response_schema(schema)
        return described | {"required": ["results"]}

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        """Describe the parameters."""
        cursor = {
            "name": CURSOR,
            "required": False,
            "in": "query",
            "description": "Pages by cursor, in the order of making: empty to begin, then as `next` says.",
            "schema": {"type": "string"},
        }
        return [*super().get_schema_operation_parameters(view), cursor]
