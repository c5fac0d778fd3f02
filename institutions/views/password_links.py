"""A new password by a link in an e-mail. The pages say the same whether or not there is somebody to write to."""

from django.contrib.auth.tokens import default_token_generator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import urlsafe_base64_decode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from institutions import clock
from institutions.errors import Invalid, TooOften
from institutions.models import User
from institutions.requester import address_of
from institutions.services import passwords
from institutions.views.account import different
from institutions.views.problems import Problem, answer, problem_of

TOKEN = "password_link"  # noqa: S105  # where the session keeps it
IN_SESSION = "set"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for a user name or e-mail address, and have a link sent."""
    if request.method != "POST":
        return answer(request, "sign_in/link_ask.html", {})
    typed = request.POST.get("login", "")
    if not typed.strip():
        problem = Problem("login", _("Write your user name or your e-mail address."))
        return answer(request, "sign_in/link_ask.html", {}, problems=[problem])
    try:
        passwords.ask_for_link(typed=typed, address=address_of(request), at=clock.real_now())
    except TooOften as refused:
        return answer(request, "sign_in/link_ask.html", {"typed": typed}, problems=[problem_of(refused, "login")])
    return answer(request, "sign_in/link_sent.html", {})


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def new_password(request: HttpRequest, reference: str, token: str) -> HttpResponse:
    """Take a new password from whoever comes by the link.

    The token is moved from the address into the session, so that no page's address carries it.
    """
    user = _user(reference)
    if user is not None and token != IN_SESSION and default_token_generator.check_token(user, token):
        request.session[TOKEN] = token
        return redirect("password-new", reference, IN_SESSION)
    kept = request.session.get(TOKEN, "") if token == IN_SESSION else ""
    if user is None or not default_token_generator.check_token(user, kept):
        response = answer(request, "sign_in/link_stale.html", {})
        response.status_code = 404
        return response
    if request.method != "POST":
        return answer(request, "sign_in/link_new.html", {"user_name": user.username})
    new = request.POST.get("new", "")
    problems = [] if new == request.POST.get("again", "") else [different()]
    if not problems:
        try:
            passwords.set_by_link(user=user, new=new, now=clock.now())
        except Invalid as refused:
            problems = [problem_of(refused, "new")]
    if problems:
        return answer(request, "sign_in/link_new.html", {"user_name": user.username}, problems=problems)
    del request.session[TOKEN]
    return answer(request, "sign_in/link_done.html", {"is_officer": user.is_staff})


def _user(reference: str) -> User | None:
    try:
        key = int(urlsafe_base64_decode(reference).decode())
    except (ValueError, UnicodeDecodeError):
        return None
    return User.objects.filter(pk=key, is_active=True).first()
