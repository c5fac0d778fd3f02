"""The owner's hand: what only the role that owns the tables may do (migrations and grants).

The application connects as a role that owns nothing. `acting_as_owner()` lends a command the owner's
connection; `apply_grants()` gives the application what it needs and no more: no TRUNCATE, no DDL.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connections
from psycopg import sql

READ_ONLY_TABLES = ("django_migrations",)
# django-pgtrigger lets a session variable, which anybody may set, switch its triggers off. Ours hold always.
NEVER_IGNORE_TRIGGERS = """
CREATE OR REPLACE FUNCTION public._pgtrigger_should_ignore(trigger_name NAME) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$ SELECT false $$
"""


@contextmanager
def acting_as_owner(alias: str = "default") -> Iterator[None]:
    """Connect `alias` as the owner of the tables while the block runs.

    The database itself stays the one the alias names, so that tests migrate their own. Refuses when the
    deployment names no owner.
    """
    if settings.DATABASE_OWNER is None:
        raise ImproperlyConfigured(
            "Set DATABASE_OWNER_URL: migrations run as the role that owns the tables, which the application is not."
        )
    connection = connections[alias]
    application = {key: connection.settings_dict[key] for key in ("USER", "PASSWORD", "HOST", "PORT")}
    owner = {key: settings.DATABASE_OWNER.get(key, "") for key in application}
    connection.close()
    connection.settings_dict.update(owner)
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(application)


def apply_grants(alias: str = "default") -> None:
    """Let the application's role read and write rows of every table, and nobody pass by a trigger.

    To be called while acting as the owner, after every migration: each one brings the library's own switch back.
    """
    application = settings.DATABASE_APPLICATION_ROLE
    role = sql.Identifier(application)
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT current_user")
        if cursor.fetchone()[0] == application:
            raise ImproperlyConfigured(
                f"DATABASE_URL and DATABASE_OWNER_URL both name the role {application!r}. The application's "
                "role must not own the tables, or nothing keeps it from rewriting history."
            )
        for statement in (
            "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
            "GRANT USAGE ON SCHEMA public TO {}",
            "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {}",
            "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {}",
            "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {}",
            "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {}",
            "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {}",
        ):
            cursor.execute(sql.SQL(statement).format(role))
        cursor.execute("SELECT to_regprocedure('public._pgtrigger_should_ignore(name)')")
        if cursor.fetchone()[0]:
            cursor.execute(NEVER_IGNORE_TRIGGERS)
        # Imports stage their rows in temporary tables, which nobody else sees and which go with the session.
        cursor.execute("SELECT current_database()")
        database = sql.Identifier(cursor.fetchone()[0])
        cursor.execute(sql.SQL("GRANT TEMPORARY ON DATABASE {} TO {}").format(database, role))
        for table in READ_ONLY_TABLES:
            cursor.execute("SELECT to_regclass(%s)", [table])
            if cursor.fetchone()[0]:
                revoke = sql.SQL("REVOKE INSERT, UPDATE, DELETE ON {} FROM {}")
                cursor.execute(revoke.format(sql.Identifier(table), role))
