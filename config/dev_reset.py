"""`python -m config.dev_reset`: a fresh development database.

Embedded mode only; everything in it is lost.
"""

import os

import django
from django.conf import settings
from django.core.management import call_command
from psycopg import sql


def reset() -> None:
    """Drop the database, make it anew, migrate, load the reference data."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    django.setup()
    if not settings.EMBEDDED:
        raise SystemExit("DATABASE_URL is set. This only ever drops the embedded database.")
    from config.runtime import postgres, services

    paths = services.attach()
    with postgres.connect(paths, postgres.SUPERUSER, "postgres") as connection:
        drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
        connection.execute(drop.format(sql.Identifier(postgres.DATABASE)))
        postgres.ensure_database(connection, postgres.DATABASE)
    call_command("migrate")
    call_command("load_reference_data")


if __name__ == "__main__":
    reset()
