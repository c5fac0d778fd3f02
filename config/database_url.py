"""Turns `postgresql://user:password@host:port/name?option=value` into Django's database settings."""

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

SCHEMES = ("postgres", "postgresql")


def parse_database_url(url: str, variable: str) -> dict[str, Any]:
    """Django settings for `url`, which came from the environment variable `variable`.

    Refuses other engines than PostgreSQL and a URL without a database name. A socket directory may be given
    as `?host=/run/postgresql`; other query options go to libpq.
    """
    parts = urlsplit(url)
    if parts.scheme not in SCHEMES:
        raise ImproperlyConfigured(f"{variable} must be a postgresql:// URL; it begins with {parts.scheme!r}.")
    name = unquote(parts.path.lstrip("/"))
    if not name:
        raise ImproperlyConfigured(f"{variable} names no database: postgresql://user:password@host/NAME.")
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", unquote(parts.hostname or "")),
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
    }
