"""What is wrong with a form of the log-in, and the page that says so."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from institutions.errors import JifenError, TooOften

WAIT_SECONDS = 15 * 60
# Pages of the log-in load nothing inline, also where they stand below /admin/.
CONTENT_POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)


@dataclass(frozen=True, slots=True)
class Problem:
    """A message and the field to which it leads."""

    field: str
    message: str
    status: int = 422


def problem_of(refused: JifenError, field: str) -> Problem:
    """Return a refusal as the problem of a field."""
    return Problem(field, str(refused), refused.status)


def answer(
    request: HttpRequest,
    template: str,
    facts: dict[str, object],
    *,
    problems: Sequence[Problem] = (),
) -> HttpResponse:
    """Render a page of the log-in with its problems and the status of the first; never kept by anybody."""
    code = problems[0].status if problems else 200
    errors = {problem.field: problem.message for problem in problems}
    response = render(request, template, facts | {"problems": problems, "errors": errors}, status=code)
    response["Cache-Control"] = "no-store"
    response["Content-Security-Policy"] = CONTENT_POLICY
    if code == TooOften.status:
        response["Retry-After"] = str(WAIT_SECONDS)
    return response
