"""Lends a kept population as it is, too large to copy, and puts back every row of it that a benchmark of pages changes.

What is put back is set down in tables of their own before anything is changed: after a run that was killed, the next
one puts it back first. Migrations of the code of now are applied, and stay.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management import call_command
from django.db import connections
from psycopg import sql

from benchmarks.populations import pointed_at
from config.runtime import postgres
from config.runtime.paths import runtime_paths
from scoring.publication import rendering
from scoring.services import scorecards

CHOSEN = "benchmark_chosen"
OF_CHOSEN = sql.SQL("practitioner_id IN (SELECT id FROM {})").format(sql.Identifier(CHOSEN))
PAGES_OF_CHOSEN = sql.SQL("scorecard_id IN (SELECT id FROM {})").format(sql.Identifier(CHOSEN))
EVERY = sql.SQL("true")
CHANGED = {
    "scoring_scorecard": OF_CHOSEN,
    "scoring_publishedpages": PAGES_OF_CHOSEN,
    "scoring_statuschange": OF_CHOSEN,
    "institutions_lookupcount": EVERY,
    "institutions_jobrun": EVERY,
    "institutions_clockposition": EVERY,
}


@contextmanager
def lent(database: str, cards: int) -> Iterator[str]:
    """Point Django at a kept population, of which the first `cards` scorecards may be published; put all back after.

    Nobody else's card may hold today, as in a population that was made and left alone: they would be filed too.
    """
    with pointed_at(database):
        _put_back(database)
        call_command("migrate", verbosity=0)
        _set_down(database, cards)
        scorecards._SEEN.add(rendering.made_with())  # or every page of another release would be marked
        try:
            yield database
        finally:
            connections["default"].close()
            _put_back(database)


def _set_down(database: str, cards: int) -> None:
    with _superuser(database) as connection, connection.transaction():
        choice = "CREATE TABLE {} AS SELECT practitioner_id AS id FROM scoring_scorecard ORDER BY 1 LIMIT {}"
        connection.execute(sql.SQL(choice).format(sql.Identifier(CHOSEN), sql.Literal(cards)))
        for table, which in CHANGED.items():
            copy = sql.SQL("CREATE TABLE {} AS SELECT * FROM {} WHERE {}")
            connection.execute(copy.format(_kept(table), sql.Identifier(table), which))
        due = sql.SQL("UPDATE scoring_scorecard SET dirty_at = now(), filed_in = '' WHERE {}").format(OF_CHOSEN)
        connection.execute(due)  # they are the first in order, so that nobody else is published


def _put_back(database: str) -> None:
    """In one transaction, past the triggers; nothing where nothing was set down."""
    with _superuser(database) as connection, connection.transaction():
        found = connection.execute("SELECT to_regclass(%s)", [CHOSEN]).fetchone()
        if found is None or found[0] is None:
            return
        connection.execute("SET LOCAL session_replication_role = replica")
        for table, which in reversed(CHANGED.items()):
            connection.execute(sql.SQL("DELETE FROM {} WHERE {}").format(sql.Identifier(table), which))
        for table in CHANGED:
            back = sql.SQL("INSERT INTO {} OVERRIDING SYSTEM VALUE SELECT * FROM {}")
            connection.execute(back.format(sql.Identifier(table), _kept(table)))
            connection.execute(sql.SQL("DROP TABLE {}").format(_kept(table)))
        connection.execute(sql.SQL("DROP TABLE {}").format(sql.Identifier(CHOSEN)))


def _kept(table: str) -> sql.Identifier:
    return sql.Identifier(f"benchmark_kept_{table}")


def _superuser(database: str) -> "postgres.psycopg.Connection[tuple[object, ...]]":
    return postgres.connect(runtime_paths(), postgres.SUPERUSER, database)
