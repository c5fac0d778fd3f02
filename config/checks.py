"""System checks of the house: the database must follow the text rules and the roles the product relies on."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections

LOCALES = ("C.UTF-8", "C.utf8")
POSTGRES_VERSION_MIN = 180000


@register(Tags.database)
def check_text_rules(databases: Sequence[str] | None = None, **_kwargs: Any) -> list[CheckMessage]:
    """Chinese text matches and sorts the same everywhere: the database is UTF-8 and C.UTF-8."""
    return [problem for alias in databases or () for problem in _text_problems(alias)]


@register(Tags.database)
def check_server(databases: Sequence[str] | None = None, **_kwargs: Any) -> list[CheckMessage]:
    """PostgreSQL is 18 or newer, and the application's role is neither superuser nor owner of the tables."""
    return [problem for alias in databases or () for problem in _server_problems(alias)]


def _text_problems(alias: str) -> list[CheckMessage]:
    with connections[alias].cursor() as cursor:
        cursor.execute(
            "SELECT pg_encoding_to_char(encoding), COALESCE(datlocale, datctype), datcollate "
            "FROM pg_database WHERE datname = current_database()"
        )
        encoding, character_type, collation = cursor.fetchone()
    if encoding == "UTF8" and character_type in LOCALES and collation in LOCALES:
        return []
    return [
        Error(
            f"Database {alias!r} has encoding {encoding}, character type {character_type} and "
            f"collation {collation}; it must have UTF8 and C.UTF-8.",
            hint="CREATE DATABASE … ENCODING 'UTF8' LOCALE 'C.UTF-8' TEMPLATE template0, and move the data.",
            id="jifen.E001",
        )
    ]


def _server_problems(alias: str) -> list[CheckMessage]:
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int, current_setting('is_superuser')")
        version, superuser = cursor.fetchone()
        cursor.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public' AND tableowner = current_user")
        (owned,) = cursor.fetchone()
    problems: list[CheckMessage] = []
    if version < POSTGRES_VERSION_MIN:
        problems.append(Error(f"Database {alias!r} is older than PostgreSQL 18.", id="jifen.E002"))
    if superuser == "on" or owned:
        problems.append(
            Error(
                f"The application connects to database {alias!r} as a role that could rewrite history.",
                hint="DATABASE_URL must name a role that owns no table; migrations use DATABASE_OWNER_URL.",
                id="jifen.E003",
            )
        )
    return problems
