"""Errors to HTTP, in one place: problem details (RFC 9457) under /api/, designed pages elsewhere."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from rest_framework import exceptions as drf
from rest_framework.response import Response
from rest_framework.views import set_rollback

from config.structured_logs import request_id
from institutions.errors import PROBLEM_BASE, JifenError, KeyRefused
from institutions.json_types import JsonObject

PROBLEM_TYPE = "application/problem+json"


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """Answer a refusal with a problem document; anything else is a fault of ours, left to the 500 page."""
    problem = problem_of(error)
    if problem is None:
        return None
    set_rollback()
    headers = {}
    if isinstance(error, drf.APIException) and getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = error.auth_header  # type: ignore[attr-defined]
    if isinstance(error, KeyRefused):
        headers["WWW-Authenticate"] = "Bearer"
    wait = getattr(error, "wait", None)
    if isinstance(error, drf.Throttled) and wait:
        headers["Retry-After"] = str(int(wait) + 1)
    return Response(_with_request(problem), status=problem["status"], headers=headers, content_type=PROBLEM_TYPE)


def problem_of(error: Exception) -> dict[str, Any] | None:
    """The problem document of a refusal, or None for anything that is a fault of ours."""
    if isinstance(error, JifenError):
        return dict(error.as_problem())
    if isinstance(error, Http404):
        error = drf.NotFound()
    elif isinstance(error, PermissionDenied):
        error = drf.PermissionDenied()
    if isinstance(error, drf.ValidationError):
        return _problem(
            422,
            "invalid",
            _("What was sent is not valid"),
            errors=list(_field_errors(error.get_full_details())),
        )
    if isinstance(error, drf.APIException):
        code = str(getattr(error.detail, "code", error.default_code)).replace("_", "-")
        return _problem(error.status_code, code, _TITLES().get(error.status_code, str(error.detail)), str(error.detail))
    return None


def page(request: HttpRequest, status: int) -> HttpResponse:
    """An error page in the reader's language, or a problem document where a machine asked."""
    title, detail = _TITLES()[status], _DETAILS()[status]
    if request.path.startswith("/api/"):
        problem = _problem(status, _CODES[status], title, detail)
        return JsonResponse(_with_request(problem), status=status, content_type=PROBLEM_TYPE)
    facts = {"status": status, "title": title, "detail": detail, "request_id": request_id.get()}
    facts["is_desk"] = request.path.startswith("/admin/")
    return render(request, "error.html", facts, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: the request itself cannot be understood."""
    return page(request, 400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: not you."""
    return page(request, 403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form whose token is missing or stale."""
    return page(request, 403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: not there for you."""
    return page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: our fault; the request id lets us find it."""
    return page(request, 500)


_CODES = {400: "bad-request", 403: "forbidden", 404: "not-found", 429: "too-often", 500: "server-error"}


def _TITLES() -> dict[int, str]:  # noqa: N802
    return {
        400: _("The request cannot be understood"),
        401: _("You have to log in"),
        403: _("You are not allowed to do this"),
        404: _("Not found"),
        405: _("This address does not do that"),
        406: _("This address does not answer in that form"),
        415: _("This address does not read that form"),
        429: _("Too many requests"),
        500: _("Something went wrong on our side"),
    }


def _DETAILS() -> dict[int, str]:  # noqa: N802
    return {
        400: _("Check the address and what you sent, and try again."),
        403: _("Your role does not allow this. Ask your administrator if you think it should."),
        404: _("The address is mistyped, or what was here has been withdrawn."),
        429: _("Wait a minute and try again."),
        500: _("Nothing was changed by your request. We have been told; try again later."),
    }


def _problem(
    status: int, code: str, title: str, detail: str = "", errors: list[JsonObject] | None = None
) -> dict[str, Any]:
    problem: dict[str, Any] = {"type": PROBLEM_BASE + code, "title": title, "status": status, "code": code}
    if detail:
        problem["detail"] = detail
    if errors:
        problem["errors"] = errors
    return problem


def _with_request(problem: dict[str, Any]) -> dict[str, Any]:
    return problem | {"request_id": request_id.get()} if request_id.get() else problem


def _field_errors(details: Any, path: str = "") -> Any:
    """Flatten DRF's nested error details to `{field, code, message}`, the field as a dotted path."""
    if isinstance(details, dict) and set(details) == {"message", "code"}:
        yield {"field": path, "code": str(details["code"]), "message": str(details["message"])}
    elif isinstance(details, dict):
        for name, inner in details.items():
            step = "" if name == "non_field_errors" else str(name)
            yield from _field_errors(inner, ".".join(filter(None, (path, step))))
    else:
        for position, inner in enumerate(details):
            leaf = isinstance(inner, dict) and set(inner) == {"message", "code"}
            yield from _field_errors(inner, path if leaf else f"{path}.{position}".lstrip("."))
