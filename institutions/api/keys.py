"""A program shows its key as `Authorization: Bearer`: who asks, for the endpoints."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.request import Request

from institutions import clock
from institutions.models import ApiKey, KeyScope
from institutions.services import api_keys

SCHEME = "bearer"


class KeyAuthentication(BaseAuthentication):
    """Recognises a key. It logs nobody in: what it opens stands in its client's scopes."""

    def authenticate(self, request: Request) -> tuple[AnonymousUser, ApiKey] | None:
        """Return nobody with the key, None where none is shown; raise `KeyRefused` for one that does not count."""
        scheme, _blank, token = get_authorization_header(request).decode("latin-1").partition(" ")
        if scheme.lower() != SCHEME:
            return None
        return AnonymousUser(), api_keys.key_shown(token.strip(), now=clock.now())


def key_of(request: Request) -> ApiKey | None:
    """Return the key that was shown, if any."""
    shown = getattr(request, "auth", None)
    return shown if isinstance(shown, ApiKey) else None


def ensure_key(request: Request, scope: KeyScope) -> ApiKey:
    """Return the key if it includes the scope; refuse (403) otherwise."""
    return api_keys.ensure_scope(key_of(request), scope)
