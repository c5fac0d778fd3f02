"""Databases and roster files for the benchmarks of the import. Everything is made under JIFEN_VAR_DIR."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
os.environ.setdefault("PUBLISHED_DIR", "off")  # many databases share a VAR_DIR here
django.setup()

from django.conf import settings  # noqa: E402
from django.db import connections  # noqa: E402
from psycopg import sql  # noqa: E402

from benchmarks.readiness import ensure_template  # noqa: E402
from config.runtime import postgres, services  # noqa: E402
from config.runtime.paths import runtime_paths  # noqa: E402
from institutions.services import population, population_roster  # noqa: E402

SEED, UNTIL, ROWS_A_PERSON = 1, date(2025, 6, 1), 1.06
TEMPLATE, COPY = "jifen", "jifen_benchmark"


def roster_file(rows: int, *, bad_share: float = 0.01, changed: float | None = None) -> Path:
    """Return a roster of about so many rows, made once; `changed` is the share that differs from the first month's."""
    folder = Path(settings.VAR_DIR) / "benchmarks"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"roster_{rows}_{bad_share}_{changed}.csv"
    if not path.exists():
        places = population.load_places(None, None)
        people = population.generate_people(places, int(rows / ROWS_A_PERSON), SEED, UNTIL)
        if changed is not None:
            people = population_roster.changed(people, seed=SEED, share=changed)
        population_roster.write_roster(people, places, path, seed=SEED, bad_share=bad_share)
    return path


@contextmanager
def fresh_database() -> Iterator[str]:
    """Lend a copy of the migrated database, to which Django is pointed; it is dropped afterwards."""
    ensure_template()
    paths = services.attach()
    wrapper = connections["default"]
    wrapper.close()
    with postgres.connect(paths, postgres.SUPERUSER, "postgres") as connection:
        drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(COPY))
        connection.execute(drop)
        postgres.ensure_database(connection, COPY, template=TEMPLATE)
        wrapper.settings_dict["NAME"] = COPY
        try:
            yield COPY
        finally:
            wrapper.close()
            wrapper.settings_dict["NAME"] = TEMPLATE
            connection.execute(drop)


def as_owner(database: str) -> "postgres.psycopg.Connection[tuple[object, ...]]":
    """Return an autocommit connection of the owner of the tables, for tables of the benchmark's own."""
    return postgres.connect(runtime_paths(), postgres.OWNER, database)
