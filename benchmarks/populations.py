"""Databases full of generated people, published as on the last day; made once and kept for as long as is asked."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from django.db import connections
from psycopg import sql

from benchmarks.readiness import ensure_template
from benchmarks.roster_files import TEMPLATE, as_owner
from config.runtime import postgres, services
from institutions.services import population, population_tables
from scoring.services import population as scored_population
from scoring.services import scorecards

SEED, UNTIL = 5, date(2025, 12, 31)
LAST_NOON = datetime(2025, 12, 31, 4, tzinfo=UTC)
PLACES = 20_000


@dataclass
class Populated:
    """A database, who is in it, and what it took to make (empty where it was there already)."""

    database: str
    people: int
    holders: int
    took: dict[str, float] = field(default_factory=dict)


@contextmanager
def pointed_at(database: str) -> Iterator[None]:
    """Have Django's connection lead to a database of the embedded services."""
    wrapper = connections["default"]
    before = wrapper.settings_dict["NAME"]
    wrapper.close()
    wrapper.settings_dict["NAME"] = database
    try:
        yield
    finally:
        wrapper.close()
        wrapper.settings_dict["NAME"] = before


@contextmanager
def populated(people: int, holders: int, *, keep: bool) -> Iterator[Populated]:
    """Lend a database with so many people, of whom about so many hold points.

    With `keep` it is there the next time. One that was there already is never dropped.
    """
    paths = services.attach()
    made = Populated(f"jifen_people_{people}_{holders}", people, holders)
    name = sql.Identifier(made.database)
    with postgres.connect(paths, postgres.SUPERUSER, "postgres") as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [made.database]).fetchone():
            ensure_template()
            unfinished = f"{made.database}_unfinished"
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(unfinished)))
            connections["default"].close()
            postgres.ensure_database(connection, unfinished, template=TEMPLATE)
            made.took = _fill(unfinished, people, holders)
            connection.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(unfinished), name))
        try:
            yield made
        finally:
            if made.took and not keep:
                connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))


def _fill(database: str, people: int, holders: int) -> dict[str, float]:
    places = population.load_places(None, PLACES)
    keys = population_tables.keys_for(SEED, UNTIL)
    chosen: list[scored_population.Scored] = []
    crowd = scored_population.choosing(
        population.generate_people(places, people, SEED, UNTIL), places, keys, share=holders / people, chosen=chosen
    )
    took: dict[str, float] = {}
    with pointed_at(database):
        began = time.perf_counter()
        population_tables.write_tables(crowd, places, keys=keys, now=LAST_NOON)
        took["people"] = time.perf_counter() - began
        began = time.perf_counter()
        scored_population.score(chosen, keys=keys, until=UNTIL, now=LAST_NOON)
        took["scored"] = time.perf_counter() - began
        began = time.perf_counter()
        took["cards"] = scorecards.publish_dirty(now=LAST_NOON)
        took["published"] = time.perf_counter() - began
    with as_owner(database) as owner:
        owner.execute("VACUUM ANALYZE")
    return took
