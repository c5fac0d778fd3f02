"""Who is asking, at the door."""

from django.http import HttpRequest
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from institutions.errors import Forbidden
from institutions.models import User


def requester(request: HttpRequest | Request) -> User:
    """Return the user who is logged in; refuse the anonymous."""
    if not isinstance(request.user, User):
        raise Forbidden(_("You are not logged in."), next_step=_("Log in and try again."))
    return request.user


def address_of(request: HttpRequest | Request) -> str:
    """Return the address of the client, behind as many proxies as are ours (`settings.REST_FRAMEWORK`)."""
    return str(BaseThrottle().get_ident(request) or "")  # type: ignore[arg-type]  # asks for META only
