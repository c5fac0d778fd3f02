"""Opening a letter by number and access code, and keeping it open for a visit.

The code stands in the address once, when the letter's QR code is scanned; the answer is a redirect to the address
without it, and a signed cookie for that one letter. Nothing of these pages is kept by caches or search engines.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cases.models import Attribution
from cases.selectors.persons import attribution_of
from institutions import clock
from institutions.errors import NotThere, TooOften
from institutions.models import Notice, Practitioner
from institutions.selectors import service_desks
from institutions.services import letter_visits, notice_tokens
from scoring.api.throttling import LookupThrottle

COOKIE = "letter"
WAIT = 15 * 60  # seconds; said to whoever tried too often

P = ParamSpec("P")
ResponseT = TypeVar("ResponseT", bound=HttpResponseBase)


@dataclass(frozen=True)
class Visit:
    """An open letter: whose it is, what it is about, and when the page was asked for."""

    notice: Notice
    person: Practitioner
    attribution: Attribution | None
    now: datetime

    @property
    def today(self) -> date:
        """Return the Shanghai date of the visit."""
        return clock.local_date(self.now)

    @property
    def path(self) -> str:
        """Return the address of the letter's page."""
        return reverse("letter", args=[self.notice.number])


Page = Callable[Concatenate[HttpRequest, Visit, P], HttpResponseBase]
Door = Callable[Concatenate[HttpRequest, str, P], HttpResponseBase]


def behind_letter(page: Page[P]) -> Door[P]:
    """Show a page only while its letter is open in this browser; else ask for number and access code."""

    @wraps(page)
    def answer(request: HttpRequest, number: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        now = clock.now()
        try:
            notice = letter_visits.resume(number, request.COOKIES.get(COOKIE, ""), now)
        except NotThere as refused:
            was_open = COOKIE in request.COOKIES or request.method == "POST"
            return _private(ask_for_code(request, number=number, refused=refused if was_open else None))
        assert notice.practitioner is not None  # a visit is to a letter to a person
        response = page(request, Visit(notice, notice.practitioner, attribution_of(notice), now), *args, **kwargs)
        if COOKIE not in response.cookies:
            _keep_open(response, notice, now)
        return _private(response)

    return answer  # type: ignore[return-value]  # Concatenate cannot say that the first two are positional


@require_http_methods(["GET", "HEAD", "POST"])
def code_page(request: HttpRequest) -> HttpResponse:
    """Ask for number and access code, and open the letter that they open."""
    if request.method != "POST":
        return _private(ask_for_code(request, number=request.GET.get("number", "")))
    number, code = request.POST.get("number", ""), request.POST.get("code", "")
    problems = []
    if not number.strip():
        problems.append({"field": "number", "message": _("Write the number of the letter.")})
    if not code.strip():
        problems.append({"field": "code", "message": _("Write the access code of the letter.")})
    if problems:
        return _private(ask_for_code(request, number=number, problems=problems))
    return open_letter(request, number, code)


def open_letter(request: HttpRequest, number: str, code: str) -> HttpResponse:
    """Open a letter by its code and go to its page without the code in the address; say calmly where it fails."""
    now = clock.now()
    try:
        notice = notice_tokens.notice_for(number, code, now, address=LookupThrottle().get_ident(request))
    except TooOften as refused:
        response = render(
            request, "person/too_often.html", {"refused": refused, "desk": _national_desk(now)}, status=429
        )
        response["Retry-After"] = str(WAIT)
        return _private(response)
    except NotThere as refused:
        return _private(ask_for_code(request, number=number, refused=refused))
    opened = redirect("letter", number=notice.number)
    _keep_open(opened, notice, now)
    return _private(opened)


def ask_for_code(
    request: HttpRequest,
    *,
    number: str,
    refused: NotThere | None = None,
    problems: list[dict[str, str]] | None = None,
) -> HttpResponse:
    """Render the form for number and access code, with what was refused or is missing."""
    facts = {
        "number": number.strip()[: notice_tokens.NUMBER_LENGTH_MAX],
        "refused": refused,
        "problems": problems or [],
        "errors": {problem["field"]: problem["message"] for problem in problems or []},
        "desk": _national_desk(clock.now()),
    }
    status = 404 if refused else 422 if problems else 200
    return render(request, "person/code.html", facts, status=status)


def close(response: HttpResponse, notice: Notice) -> HttpResponse:
    """Close a letter in this browser."""
    response.delete_cookie(COOKIE, path=_cookie_path(notice))
    return response


def _keep_open(response: HttpResponseBase, notice: Notice, now: datetime) -> None:
    response.set_cookie(
        COOKIE,
        letter_visits.begin(notice, now),
        max_age=letter_visits.LASTS,
        path=_cookie_path(notice),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _cookie_path(notice: Notice) -> str:
    return reverse("letter", args=[notice.number])


def _private(response: ResponseT) -> ResponseT:
    response["Cache-Control"] = "no-store, private"
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response["Referrer-Policy"] = "same-origin"  # forms need to say where they come from; nobody else learns it
    patch_vary_headers(response, ["Accept-Language", "Cookie"])
    return response


def _national_desk(now: datetime) -> object:
    return service_desks.desk_for("", on=clock.local_date(now))
