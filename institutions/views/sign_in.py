"""The doors at which officers and hospital staff log in: password, then second factor; enrolment on the way.

Between the steps nobody is logged in: the session says whose password was right, for ten minutes, and every page but
these treats the visitor as a stranger.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Protocol

from django.conf import settings
from django.contrib import auth
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from institutions import clock
from institutions.errors import Invalid, TooOften, WrongState
from institutions.models import User
from institutions.requester import address_of
from institutions.selectors import users
from institutions.services import second_factors, sign_in
from institutions.session_store import AGENT
from institutions.views.problems import Problem, answer, problem_of
from institutions.views.qr_codes import qr_image

PENDING = "signing_in"
PROPOSED = "proposed_factor"
ADMIN, PORTAL = "admin", "portal"
HOMES = {ADMIN: "admin:index", PORTAL: "portal-inbox"}
DOORS = {ADMIN: "admin-login", PORTAL: "portal-login"}
BACKEND = "django.contrib.auth.backends.ModelBackend"


@dataclass(frozen=True, slots=True)
class Pending:
    """Somebody whose password was right and who is not logged in yet."""

    user: User
    door: str
    next: str


class _Step(Protocol):
    def __call__(self, request: HttpRequest, pending: Pending, /) -> HttpResponse: ...


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest, door: str) -> HttpResponse:
    """Ask for user name and password, and go on to the second factor where there is one or has to be."""
    asked = request.POST.get("next", request.GET.get("next", ""))
    if isinstance(request.user, User) and request.method != "POST":
        return redirect(_target(request, request.user, asked))
    facts: dict[str, object] = {"door": door, "next": asked, "has_left": "left" in request.GET} | _limits()
    if request.method != "POST":
        return answer(request, "sign_in/password.html", facts)
    username, typed = request.POST.get("username", ""), request.POST.get("password", "")
    facts["username"] = username
    missing = _missing(request, ("username", _("Write your user name.")), ("password", _("Write your password.")))
    if missing:
        return answer(request, "sign_in/password.html", facts, problems=missing)
    try:
        user = sign_in.check_password(
            username=username,
            password=typed,
            address=address_of(request),
            at=clock.real_now(),
            now=clock.now(),
        )
    except (Invalid, TooOften) as refused:
        problems = [problem_of(refused, "username")]
        return answer(request, "sign_in/password.html", facts, problems=problems)
    return _after_password(request, Pending(user, door, asked))


def _step(view: _Step) -> Callable[[HttpRequest], HttpResponse]:
    @never_cache
    @sensitive_post_parameters("code")
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def answered(request: HttpRequest) -> HttpResponse:
        pending = _pending(request)
        if pending is None:
            return redirect(_login_of(request))
        return view(request, pending)

    return answered


@_step
def code(request: HttpRequest, pending: Pending) -> HttpResponse:
    """Ask for a code of the authenticator, or for a recovery code, and log in."""
    facts: dict[str, object] = {"door": pending.door, "with_recovery": "recovery" in request.GET}
    if request.method != "POST":
        return answer(request, "sign_in/code.html", facts)
    problems = _judged(request, pending.user)
    if problems:
        return answer(request, "sign_in/code.html", facts, problems=problems)
    return _complete(request, pending, with_second_factor=True)


@_step
def enrol(request: HttpRequest, pending: Pending) -> HttpResponse:
    """Enrol the second factor of somebody who may not log in without; then log in and show the recovery codes."""
    if users.has_second_factor(pending.user):
        return redirect("sign-in-code")
    token = request.session.get(PROPOSED)
    if token is None:
        proposal = second_factors.propose(user=pending.user)
        request.session[PROPOSED] = proposal.sealed
    else:
        proposal = second_factors.proposed_again(user=pending.user, token=token)
    facts: dict[str, object] = {"door": pending.door, "proposal": proposal, "qr": qr_image(proposal.uri)}
    if request.method != "POST" or token is None:
        return answer(request, "sign_in/enrol.html", facts)
    try:
        recovery = second_factors.enrol(
            user=pending.user, token=token, code=request.POST.get("code", ""), at=clock.real_now(), now=clock.now()
        )
    except Invalid as refused:
        return answer(request, "sign_in/enrol.html", facts, problems=[problem_of(refused, "code")])
    except WrongState:
        return redirect("sign-in-code")
    onward = _complete(request, pending, with_second_factor=True)["Location"]
    return answer(request, "sign_in/recovery_codes.html", {"door": pending.door, "codes": recovery, "onward": onward})


@require_POST
def leave(request: HttpRequest, door: str) -> HttpResponse:
    """Log out, and go back to the door."""
    if isinstance(request.user, User):
        sign_in.note_logout(user=request.user, now=clock.now())
    auth.logout(request)
    return redirect(f"{reverse(DOORS[door])}?left=1")


def _after_password(request: HttpRequest, pending: Pending) -> HttpResponse:
    if users.has_second_factor(pending.user):
        following = "sign-in-code"
    elif users.needs_second_factor(pending.user):
        following = "sign-in-enrol"
    else:
        return _complete(request, pending, with_second_factor=False)
    request.session.flush()
    request.session[PENDING] = {
        "user": pending.user.pk,
        "hash": pending.user.get_session_auth_hash(),
        "door": pending.door,
        "next": pending.next,
        "ends": clock.real_now().timestamp() + settings.SIGN_IN_SECONDS,
    }
    return redirect(following)


def _pending(request: HttpRequest) -> Pending | None:
    kept = request.session.get(PENDING)
    if kept is None or kept["ends"] < clock.real_now().timestamp():
        return None
    user = User.objects.filter(pk=kept["user"], is_active=True).first()
    if user is None or user.get_session_auth_hash() != kept["hash"]:
        return None
    return Pending(user, kept["door"], kept["next"])


def _judged(request: HttpRequest, user: User) -> list[Problem]:
    missing = _missing(request, ("code", _("Write the code.")))
    if missing:
        return missing
    try:
        sign_in.check_code(
            user=user,
            code=request.POST["code"],
            address=address_of(request),
            at=clock.real_now(),
            now=clock.now(),
        )
    except (Invalid, TooOften, WrongState) as refused:
        return [problem_of(refused, "code")]
    return []


def _complete(request: HttpRequest, pending: Pending, *, with_second_factor: bool) -> HttpResponse:
    """Log somebody in: the only place that does."""
    request.session.flush()
    auth.login(request, pending.user, backend=BACKEND)
    request.session[AGENT] = request.headers.get("User-Agent", "")[:200]
    sign_in.note_success(user=pending.user, with_second_factor=with_second_factor, now=clock.now())
    return redirect(_target(request, pending.user, pending.next))


def _target(request: HttpRequest, user: User, asked: str) -> str:
    """Return where somebody goes after logging in: where they wanted to, if it is ours and for them."""
    is_ours = url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure())
    if asked and is_ours and (user.is_staff or not asked.startswith(reverse("admin:index"))):
        return asked
    return reverse(HOMES[ADMIN if user.is_staff else PORTAL])


def _login_of(request: HttpRequest) -> str:
    kept = request.session.get(PENDING) or {}
    return DOORS.get(kept.get("door", ""), DOORS[ADMIN])


def _missing(request: HttpRequest, *fields: tuple[str, str]) -> list[Problem]:
    return [Problem(name, message) for name, message in fields if not request.POST.get(name, "").strip()]


def _limits() -> dict[str, object]:
    return {
        "idle_minutes": settings.SESSION_IDLE_SECONDS // 60,
        "hours": settings.SESSION_COOKIE_AGE // 3600,
        "is_demonstration": not settings.SECOND_FACTOR_DEMANDED,
    }
