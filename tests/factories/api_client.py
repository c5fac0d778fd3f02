"""Makes organisations that read by program, and their keys, through the service; and clients that ask as a user."""

from collections.abc import Sequence
from datetime import datetime
from itertools import count

from rest_framework.test import APIClient

from institutions.models import ApiClient, ApiKey, KeyScope, User
from institutions.services import api_keys
from tests.factories.user import officer

NUMBERS = count(1)


def api_client(now: datetime, *, scopes: Sequence[str] = tuple(KeyScope), rate_per_minute: int = 300) -> ApiClient:
    """Return a new organisation that may read everything a key opens, unless told otherwise."""
    return api_keys.register_client(
        organisation=f"第{next(NUMBERS)}数据机构",
        contact_email="data@example.org",
        purpose="核对公布信息",
        scopes=scopes,
        rate_per_minute=rate_per_minute,
        by=officer("administrator"),
        now=now,
    )


def api_key(
    now: datetime, client: ApiClient | None = None, *, scopes: Sequence[str] = tuple(KeyScope), rate: int = 300
) -> tuple[ApiKey, str]:
    """Return a key for a year, and what its holder shows."""
    holder = client or api_client(now, scopes=scopes, rate_per_minute=rate)
    return api_keys.issue_key(client=holder, days=365, by=officer("administrator"), now=now)


def client(user: User) -> APIClient:
    """Return a client of the API that asks as a user."""
    made = APIClient()
    made.force_authenticate(user)
    return made
