"""A year of case work over a generated population, set by set in SQL: for lists and charts at the size of a province.

The same rows every time (`case_load.sql`). They are put in past the triggers (the superuser's replication role), since
a hundred thousand procedures through the services would take a day; constraints hold. Never run on a real database.
"""

from pathlib import Path

from psycopg import ClientCursor

from config.runtime import postgres
from config.runtime.paths import runtime_paths

CASES = 100_000
STATEMENTS = Path(__file__).with_suffix(".sql")
# Of the cases, newest last: up to which share everybody in them is in effect, decided, to be decided, told, proposed,
# drafted. Beyond stand cases of which nobody is held responsible yet, and so does every two hundredth older one.
STATES = {"effective": 0.93, "decided": 0.95, "due": 0.965, "intent_served": 0.975, "proposed": 0.985, "draft": 0.99}


def load(database: str, *, officers: tuple[int, int, int], cases: int = CASES) -> None:
    """Put a year of case work into a database of generated people; three users are proposer, decider and judge."""
    facts = dict(STATES) | {"cases": cases, "first": officers[0], "second": officers[1], "third": officers[2]}
    with postgres.connect(runtime_paths(), postgres.SUPERUSER, database) as connection:
        connection.cursor_factory = ClientCursor  # tables are made from queries with values in them
        with connection.transaction():
            for statement in filter(str.strip, STATEMENTS.read_text().split(";\n")):
                connection.execute(statement.encode(), facts)
        connection.execute("VACUUM ANALYZE")
