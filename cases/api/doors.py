"""What every endpoint here shares: who asks, and the difference between 403 and 404."""

from rest_framework.request import Request

from institutions.errors import Forbidden
from institutions.models import User
from institutions.permissions import Permission, has_permission
from institutions.requester import requester


def ensure_reader(request: Request) -> User:
    """Return the officer; refuse (403) who sees no cases at all. What they see is narrowed by the selectors (404)."""
    user = requester(request)
    if not has_permission(user, Permission.CASE_VIEW):
        raise Forbidden(rule=Permission.CASE_VIEW.value)
    return user
