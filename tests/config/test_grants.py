"""The application's role may read and write rows, and nothing that would rewrite history."""

import psycopg
import pytest
from django.db import ProgrammingError, connection

from config.runtime.postgres import APP


def _current_user() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, session_user")
        current, session = cursor.fetchone()
        assert current == session
        return str(current)


@pytest.mark.django_db
def test_tests_run_as_the_application() -> None:
    assert _current_user() == APP


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "TRUNCATE django_session",
        "DROP TABLE django_session",
        "ALTER TABLE django_session DISABLE TRIGGER ALL",
        "CREATE TABLE history_of_my_own (id int)",
        "DELETE FROM django_migrations",
        "SET session_replication_role = replica",
    ],
)
def test_application_is_refused(statement: str) -> None:
    with (
        connection.cursor() as cursor,
        pytest.raises(ProgrammingError, match=r"permission denied|must be owner"),
    ):
        cursor.execute(statement)


@pytest.mark.django_db(transaction=True)
def test_owner_is_another_role(owner_cursor: psycopg.Cursor) -> None:
    owner_cursor.execute("SELECT tableowner FROM pg_tables WHERE tablename = 'django_session'")
    assert owner_cursor.fetchone() == ("jifen_owner",)
