"""Makes the database that others are copied from: migrated, with the reference data. Works on a fresh clone."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management import call_command
from django.db import connections
from django.utils import timezone
from psycopg import sql

from config.reference_data import load_reference_data
from config.runtime import postgres, services


def ensure_template() -> None:
    """Migrate the embedded services' own database and load the reference data; nothing where both are done."""
    services.attach()
    call_command("migrate", verbosity=0)
    load_reference_data(now=timezone.now())
    connections["default"].close()


@contextmanager
def migrated_copy(source: str, name: str) -> Iterator[str]:
    """Lend a copy of a database, brought up to the code of now; the original is left alone, the copy is dropped."""
    paths = services.attach()
    wrapper = connections["default"]
    wrapper.close()
    before, drop = wrapper.settings_dict["NAME"], sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
    with postgres.connect(paths, postgres.SUPERUSER, "postgres") as connection:
        connection.execute(drop.format(sql.Identifier(name)))
        postgres.ensure_database(connection, name, template=source)
        wrapper.settings_dict["NAME"] = name
        try:
            call_command("migrate", verbosity=0)
            yield name
        finally:
            wrapper.close()
            wrapper.settings_dict["NAME"] = before
            connection.execute(drop.format(sql.Identifier(name)))
