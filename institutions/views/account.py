"""`/account/`: one's own log-in: password, second factor, recovery codes, sessions. Only ever one's own."""

from collections.abc import Callable
from functools import wraps
from typing import Protocol

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from institutions import clock
from institutions.errors import Invalid, TooOften, WrongState
from institutions.models import RecoveryCode, SecondFactor, User
from institutions.requester import address_of
from institutions.selectors import users
from institutions.selectors.delegations import own_of
from institutions.selectors.login_sessions import sessions_of
from institutions.services import login_sessions, passwords, second_factors, sign_in
from institutions.views.problems import Problem, answer, problem_of
from institutions.views.qr_codes import qr_image
from institutions.views.sign_in import PROPOSED

HOME = "account"


class _Own(Protocol):
    def __call__(self, request: HttpRequest, user: User, /) -> HttpResponse: ...


def _own(view: _Own) -> Callable[[HttpRequest], HttpResponse]:
    @never_cache
    @sensitive_post_parameters()
    @wraps(view)
    def answered(request: HttpRequest) -> HttpResponse:
        if not isinstance(request.user, User):
            return redirect(f"{settings.LOGIN_URL}?next={request.path}")
        return view(request, request.user)

    return answered


@_own
def account(request: HttpRequest, user: User) -> HttpResponse:
    """Show the state of one's log-in and what can be done about it."""
    factor = SecondFactor.objects.filter(user=user).first()
    facts: dict[str, object] = {
        "factor": factor,
        "is_demanded": users.needs_second_factor(user),
        "codes_left": RecoveryCode.objects.filter(user=user, used_at=None).count(),
        "sessions": sessions_of(user, this=request.session.session_key, at=clock.real_now()),
        "delegations": own_of(user, on=clock.today()) if user.is_staff else [],
        "idle_minutes": settings.SESSION_IDLE_SECONDS // 60,
        "hours": settings.SESSION_COOKIE_AGE // 3600,
    }
    return answer(request, "account/home.html", facts)


@require_http_methods(["GET", "HEAD", "POST"])
@_own
def change_password(request: HttpRequest, user: User) -> HttpResponse:
    """Change one's own password, given the old one."""
    if request.method != "POST":
        return answer(request, "account/password.html", {})
    old, new, again = (request.POST.get(name, "") for name in ("old", "new", "again"))
    if new != again:
        return answer(request, "account/password.html", {}, problems=[different()])
    try:
        passwords.change_own(
            user=user,
            old=old,
            new=new,
            session_key=request.session.session_key,
            at=clock.real_now(),
            now=clock.now(),
        )
    except (Invalid, TooOften) as refused:
        field = "new" if refused.rule == "new" else "old"
        return answer(request, "account/password.html", {}, problems=[problem_of(refused, field)])
    update_session_auth_hash(request, user)
    messages.success(request, _("Your password is changed. Sessions in other browsers have ended."))
    return redirect(HOME)


@require_http_methods(["GET", "HEAD", "POST"])
@_own
def second_factor(request: HttpRequest, user: User) -> HttpResponse:
    """Enrol a second factor of one's own accord, or replace the old one, given a code of it."""
    has_one = users.has_second_factor(user)
    token = request.session.get(PROPOSED)
    if token is None:
        proposal = second_factors.propose(user=user)
        request.session[PROPOSED] = proposal.sealed
    else:
        proposal = second_factors.proposed_again(user=user, token=token)
    facts: dict[str, object] = {"proposal": proposal, "qr": qr_image(proposal.uri), "has_one": has_one}
    if request.method != "POST" or token is None:
        return answer(request, "account/second_factor.html", facts)
    problems = judged(request, user, "old") if has_one else []
    if problems:
        return answer(request, "account/second_factor.html", facts, problems=problems)
    act = second_factors.replace if has_one else second_factors.enrol
    try:
        codes = act(user=user, token=token, code=request.POST.get("code", ""), at=clock.real_now(), now=clock.now())
    except (Invalid, WrongState) as refused:
        return answer(request, "account/second_factor.html", facts, problems=[problem_of(refused, "code")])
    del request.session[PROPOSED]
    return answer(request, "account/recovery_codes.html", {"codes": codes})


@require_http_methods(["GET", "HEAD", "POST"])
@_own
def recovery_codes(request: HttpRequest, user: User) -> HttpResponse:
    """Give new recovery codes for a code of the authenticator or one of the old ones."""
    if not users.has_second_factor(user):
        return redirect("account-second-factor")
    if request.method != "POST":
        return answer(request, "account/recovery_ask.html", {})
    problems = judged(request, user, "code")
    if problems:
        return answer(request, "account/recovery_ask.html", {}, problems=problems)
    codes = second_factors.renew_recovery_codes(user=user, now=clock.now())
    return answer(request, "account/recovery_codes.html", {"codes": codes})


@require_http_methods(["GET", "HEAD", "POST"])
@_own
def give_up(request: HttpRequest, user: User) -> HttpResponse:
    """Do without a second factor, given a code of it; officers may not."""
    if users.needs_second_factor(user) or not users.has_second_factor(user):
        return redirect(HOME)
    if request.method != "POST":
        return answer(request, "account/give_up.html", {})
    problems = judged(request, user, "code")
    if problems:
        return answer(request, "account/give_up.html", {}, problems=problems)
    second_factors.give_up(user=user, now=clock.now())
    messages.success(request, _("From now on you log in with your password alone."))
    return redirect(HOME)


@require_POST
@_own
def end_session(request: HttpRequest, user: User) -> HttpResponse:
    """End one of one's other sessions, or all of them."""
    reference, key = request.POST.get("session", ""), request.session.session_key or ""
    if reference:
        login_sessions.end_one(user=user, reference=reference, now=clock.now())
        messages.success(request, _("The session has ended."))
    else:
        login_sessions.end_others(user=user, keep=key, now=clock.now())
        messages.success(request, _("Your other sessions have ended."))
    return redirect(HOME)


def judged(request: HttpRequest, user: User, field: str) -> list[Problem]:
    """Judge the code in a field, using it up; return what is wrong with it."""
    try:
        sign_in.check_code(
            user=user,
            code=request.POST.get(field, ""),
            address=address_of(request),
            at=clock.real_now(),
            now=clock.now(),
        )
    except (Invalid, TooOften, WrongState) as refused:
        return [problem_of(refused, field)]
    return []


def different() -> Problem:
    """Return the problem of two passwords that are not the same."""
    return Problem("again", _("The two new passwords are not the same."))
