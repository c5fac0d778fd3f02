"""What every test stands on: a real PostgreSQL, tables made by the owner, and tests run as the application's
role.

The embedded services are started or attached to once. Migrations are applied once per state of the code, to a
template database; each test process gets a copy of it, loads the reference data and drops it at the end.
Transactional tests are cleaned up by the owner (the application may not TRUNCATE), and the reference data are
put back.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from django.db import connection, transaction
from django.utils import translation

from config.compile_messages import compile_messages
from config.runtime import services
from tests.infrastructure import databases, pipeline
from tests.infrastructure.databases import TestDatabase

LONGEST = ("tests/config/test_permission_matrix.py", "tests/cases/services/test_case_tables.py")


def pytest_sessionstart(session: pytest.Session) -> None:
    """Start the embedded services or attach to them; with pytest-xdist the controller does so before its workers."""
    if not session.config.option.collectonly:
        compile_messages()
        services.attach()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the long forms out, unless `-m` names them. Deselected, not skipped: nothing is promised and not done.

    The longest single tests begin, so that no process is left alone with one of them at the end.
    """
    items.sort(key=lambda item: not item.nodeid.startswith(LONGEST))
    if "endurance" in str(config.option.markexpr):
        return
    long_forms = [item for item in items if item.get_closest_marker("endurance")]
    if long_forms:
        config.hook.pytest_deselected(items=long_forms)
        items[:] = [item for item in items if item not in long_forms]


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A skipped test proves nothing, so a run with skips fails. (With pytest-xdist the controller sees them all.)"""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is not None and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any) -> Iterator[TestDatabase]:
    """Replace pytest-django's: make this process's database, as the owner; use it as the application."""
    with django_db_blocker.unblock():
        database = databases.create()
        database.load_reference_data()
        database.clean_up_as_owner(connection)
    yield database
    with django_db_blocker.unblock():
        connection.close()
        database.drop()


@pytest.fixture(scope="module")
def shared_rows(django_db_setup: TestDatabase, django_db_blocker: Any) -> Iterator[None]:
    """Let the fixtures of a module that ask for this one make rows once for all its tests; undone at its end.

    What a test itself writes is undone after it, as ever, where it is marked `django_db`. Objects that a test may
    change in memory, the clock and files are for the module's own fixtures to set again.
    """
    block: Any = transaction.atomic()
    block._from_testcase = True  # as Django's own test cases say: a durable block inside is not refused
    with django_db_blocker.unblock(), block:
        yield
        transaction.set_rollback(True)


@pytest.fixture
def now() -> datetime:
    """A fixed instant: 2025-06-10 10:00 in Shanghai."""
    return datetime(2025, 6, 10, 2, 0, tzinfo=UTC)


@pytest.fixture
def superuser_cursor(
    transactional_db: None, django_db_setup: TestDatabase
) -> Iterator[psycopg.Cursor[tuple[Any, ...]]]:
    """A cursor of the database's superuser, to tamper as no application could. Commits at once."""
    with django_db_setup.connect_superuser() as other, other.cursor() as cursor:
        yield cursor


@pytest.fixture
def owner_cursor(transactional_db: None, django_db_setup: TestDatabase) -> Iterator[psycopg.Cursor[tuple[Any, ...]]]:
    """A cursor of the role that owns the tables. Commits at once."""
    with django_db_setup.connect_owner() as other, other.cursor() as cursor:
        yield cursor


@pytest.fixture(scope="session")
def private_broker() -> Iterator[str]:
    """The address of a Valkey that only this test process and its workers use."""
    with pipeline.private_valkey() as url:
        yield url


@pytest.fixture
def celery_worker_process(
    transactional_db: None, django_db_setup: TestDatabase, private_broker: str
) -> Iterator[pipeline.Worker]:
    """A real Celery worker in its own process, on a real broker, working on this test's database.

    Tasks sent with `.delay()` go to it. `worker.wait_until(condition)` waits for its effects.
    """
    with pipeline.worker(django_db_setup.name, private_broker) as worker:
        yield worker


@pytest.fixture
def wait_until() -> Callable[..., None]:
    """Wait for a condition to come true, or fail saying which."""
    return pipeline.wait_until


@pytest.fixture
def in_english() -> Iterator[None]:
    """What is refused is said in English, whatever language the last request left behind."""
    with translation.override("en"):
        yield
