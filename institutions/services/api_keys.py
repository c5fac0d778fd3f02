"""Keys of organisations that read by program: given, replaced, revoked; recognised by their hash.

A key is shown to the administrator once. Replacing one leaves the old key valid for a while, so that nobody is cut
off; revoking ends it at once.
"""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from institutions import permissions
from institutions.clock import local_date
from institutions.errors import Forbidden, Invalid, KeyRefused, WrongState
from institutions.json_types import JsonObject
from institutions.models import ApiClient, ApiKey, KeyScope, User
from institutions.permissions import Permission
from institutions.services import audit

ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"  # 32 characters, none read for another
BEGINNING, PREFIX_LENGTH, SECRET_LENGTH = "jf_", 8, 32
KEY_LENGTH = len(BEGINNING) + PREFIX_LENGTH + 1 + SECRET_LENGTH
DAYS_MAX = 400
GRACE_DAYS = 14


@transaction.atomic
def register_client(
    *,
    organisation: str,
    contact_email: str,
    purpose: str,
    scopes: Sequence[str],
    rate_per_minute: int,
    by: User,
    now: datetime,
) -> ApiClient:
    """Take in an organisation with what it may read and how fast; it has no key yet.

    Refuses who does not manage users of the whole country, a name that is there already, and scopes unknown or none.
    """
    _ensure_manages(by)
    known = ApiClient.objects.select_for_update(no_key=True).filter(organisation=organisation.strip()).first()
    if known is not None:
        raise WrongState(_("This organisation is registered already."), state=known.organisation)
    _ensure_scopes(scopes)
    client = ApiClient.objects.create(
        organisation=organisation.strip(),
        contact_email=contact_email,
        purpose=purpose,
        scopes=sorted(set(scopes)),
        rate_per_minute=rate_per_minute,
        created_at=now,
    )
    detail: JsonObject = {"scopes": list(client.scopes), "rate_per_minute": rate_per_minute}
    audit.record_event(action="api_client.registered", subject=client, detail=detail, reason=purpose, by=by, now=now)
    return client


@transaction.atomic
def change_client(
    *, client: ApiClient, scopes: Sequence[str], rate_per_minute: int, reason: str, by: User, now: datetime
) -> ApiClient:
    """Change what a client may read and how fast; from the next request on. Refuses as `register_client` does."""
    _ensure_manages(by)
    client = ApiClient.objects.select_for_update(no_key=True).get(pk=client.pk)
    _ensure_scopes(scopes)
    client.scopes, client.rate_per_minute = sorted(set(scopes)), rate_per_minute
    client.save(update_fields=["scopes", "rate_per_minute"])
    detail: JsonObject = {"scopes": list(client.scopes), "rate_per_minute": rate_per_minute}
    audit.record_event(action="api_client.changed", subject=client, detail=detail, reason=reason, by=by, now=now)
    return client


@transaction.atomic
def issue_key(*, client: ApiClient, days: int, by: User, now: datetime) -> tuple[ApiKey, str]:
    """Give a client a key for so many days; return its row and the key, which nobody can find out again.

    Keys that the client has already end after the days of grace at the latest. Refuses a term of none or too many days.
    """
    _ensure_manages(by)
    client = ApiClient.objects.select_for_update(no_key=True).get(pk=client.pk)
    if not 1 <= days <= DAYS_MAX:
        raise Invalid(
            _("A key is given for 1 to %(most)d days.") % {"most": DAYS_MAX},
            errors=[{"field": "days", "code": "invalid", "message": f"1–{DAYS_MAX}"}],
        )
    grace = now + timedelta(days=GRACE_DAYS)
    for old in client.keys.filter(revoked_at__isnull=True, expires_at__gt=grace):
        old.expires_at = grace
        old.save(update_fields=["expires_at"])
    prefix, secret = _random(PREFIX_LENGTH), _random(SECRET_LENGTH)
    token = f"{BEGINNING}{prefix}_{secret}"
    key = ApiKey.objects.create(
        client=client, prefix=prefix, digest=_digest(token), created_at=now, expires_at=now + timedelta(days=days)
    )
    detail = {"client": client.organisation, "prefix": prefix, "expires_at": key.expires_at.isoformat()}
    audit.record_event(action="api_key.issued", subject=key, detail=detail, by=by, now=now)
    return key, token


@transaction.atomic
def revoke_key(*, key: ApiKey, reason: str, by: User, now: datetime) -> ApiKey:
    """End a key at once; a second time changes nothing."""
    _ensure_manages(by)
    key = ApiKey.objects.select_for_update(no_key=True).get(pk=key.pk)
    if key.revoked_at is not None:
        return key
    key.revoked_at, key.revoked_by = now, by
    key.save(update_fields=["revoked_at", "revoked_by"])
    audit.record_event(
        action="api_key.revoked", subject=key, detail={"prefix": key.prefix}, reason=reason, by=by, now=now
    )
    return key


def key_shown(token: str, *, now: datetime) -> ApiKey:
    """Return the key that a program shows; raise `KeyRefused`, in the same words, for any that does not count now.

    The day of its last use is written down, once a day.
    """
    found = ApiKey.objects.select_related("client").filter(digest=_digest(token[: KEY_LENGTH + 1])).first()
    if found is None or found.revoked_at is not None or found.expires_at <= now:
        raise KeyRefused(next_step=_("Ask the administration that gave you the key for a new one."))
    today = local_date(now)
    if found.last_used_on != today:
        ApiKey.objects.filter(pk=found.pk).update(last_used_on=today)
        found.last_used_on = today
    return found


def ensure_scope(key: ApiKey | None, scope: KeyScope) -> ApiKey:
    """Return the key if it includes the scope; refuse (403) without one, or with one for something else."""
    if key is None or scope not in key.client.scopes:
        raise Forbidden(
            _("This needs an API key that includes it."),
            rule=scope.value,
            next_step=_("Send it as Authorization: Bearer; the page on the API says who gives keys."),
        )
    return key


def _ensure_manages(by: User) -> None:
    permissions.ensure_permission(by, Permission.USER_MANAGE, region=permissions.WHOLE_COUNTRY)


def _ensure_scopes(scopes: Sequence[str]) -> None:
    if not scopes or not set(scopes) <= set(KeyScope.values):
        raise Invalid(
            _("Say what the client may read."), errors=[{"field": "scopes", "code": "invalid", "message": "scopes"}]
        )


def _random(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _place in range(length))


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
