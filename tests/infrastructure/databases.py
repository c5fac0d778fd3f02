"""Databases for tests: a migrated template per state of the code, a copy per test process."""

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import django
import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import sql

from config.reference_data import load_reference_data
from config.runtime import postgres, services
from config.runtime.paths import RuntimePaths

TEMPLATE_PREFIX = "jifen_template_"
COPY_PREFIX = "jifen_test_"
TEMPLATES_KEPT = 3


class TestDatabase:
    """The database of one test process."""

    __test__ = False

    def __init__(self, paths: RuntimePaths, name: str) -> None:
        self.name = name
        self._paths = paths
        self._reference: ReferenceCopy | None = None

    def connect_superuser(self) -> psycopg.Connection[tuple[Any, ...]]:
        """An autocommit connection of the superuser."""
        return postgres.connect(self._paths, postgres.SUPERUSER, self.name)

    def connect_owner(self) -> psycopg.Connection[tuple[Any, ...]]:
        """An autocommit connection of the owner of the tables."""
        return postgres.connect(self._paths, postgres.OWNER, self.name)

    def load_reference_data(self) -> None:
        """Load it as the application does, and remember every row to put back after a flush."""
        from django.utils import timezone

        load_reference_data(now=timezone.now())
        with self.connect_superuser() as connection:
            self._reference = ReferenceCopy(connection)

    def clean_up_as_owner(self, wrapper: BaseDatabaseWrapper) -> None:
        """Let the superuser do the flush after a transactional test, and restore the reference data."""

        def execute_sql_flush(statements: list[str]) -> None:
            wrapper.close()
            with self.connect_superuser() as connection, connection.transaction():
                connection.execute("SET LOCAL session_replication_role = replica")
                for statement in statements:
                    connection.execute(statement.encode())
                if self._reference:
                    self._reference.restore(connection)

        wrapper.ops.execute_sql_flush = execute_sql_flush  # type: ignore[method-assign,assignment]

    def drop(self) -> None:
        """Drop the database, throwing out whoever is still connected."""
        with postgres.connect(self._paths, postgres.SUPERUSER, "postgres") as connection:
            _drop(connection, self.name)


class ReferenceCopy:
    """The rows of every table that is not empty, kept in memory."""

    def __init__(self, connection: psycopg.Connection[tuple[Any, ...]]) -> None:
        self._tables: list[tuple[sql.Identifier, bytes]] = []
        names = connection.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        )
        for (name,) in names.fetchall():
            table = sql.Identifier(name)
            with connection.cursor().copy(sql.SQL("COPY {} TO STDOUT").format(table)) as copy:
                rows = b"".join(bytes(block) for block in copy)
            if rows and name != "django_migrations":
                self._tables.append((table, rows))

    def restore(self, connection: psycopg.Connection[tuple[Any, ...]]) -> None:
        """Put the rows back, past triggers and foreign keys, since they come from a consistent copy."""
        for table, rows in self._tables:
            with connection.cursor().copy(sql.SQL("COPY {} FROM STDIN").format(table)) as copy:
                copy.write(rows)


def create() -> TestDatabase:
    """Make this process's database and point Django's default connection to it."""
    paths = services.attach()
    wrapper = connections["default"]
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")  # set by pytest-xdist, not ours to configure
    name = f"{COPY_PREFIX}{os.getpid()}_{worker}"
    with _locked(paths.var / "test-templates.lock"):
        template = _ensure_template(paths, wrapper)
        with postgres.connect(paths, postgres.SUPERUSER, "postgres") as connection:
            _drop_abandoned(connection, keep=template)
            postgres.ensure_database(connection, name, template=template)
            connection.execute(sql.SQL("ALTER DATABASE {} SET synchronous_commit = off").format(sql.Identifier(name)))
    _point(wrapper, name)
    return TestDatabase(paths, name)


def _ensure_template(paths: RuntimePaths, wrapper: BaseDatabaseWrapper) -> str:
    """The template for the present migrations, made if it is not there, migrated as the owner."""
    name = TEMPLATE_PREFIX + _digest()
    with postgres.connect(paths, postgres.SUPERUSER, "postgres") as connection:
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
        if found:
            return name
        unfinished = name + "_making"
        _drop(connection, unfinished)
        postgres.ensure_database(connection, unfinished)
        _point(wrapper, unfinished)
        call_command("migrate", verbosity=0)
        wrapper.close()
        rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
        connection.execute(rename.format(sql.Identifier(unfinished), sql.Identifier(name)))
    return name


def _digest() -> str:
    """A name for the state of everything that shapes the tables."""
    digest = hashlib.sha256(django.__version__.encode())
    root = Path(settings.BASE_DIR)
    others = ("config/owner.py", "config/settings/base.py", "requirements.txt")
    files = [*sorted(root.glob("*/migrations/*.py")), *(root / other for other in others)]
    for file in files:
        digest.update(str(file.relative_to(root)).encode() + file.read_bytes())
    return digest.hexdigest()[:16]


def _point(wrapper: BaseDatabaseWrapper, name: str) -> None:
    wrapper.close()
    wrapper.settings_dict["NAME"] = name
    settings.DATABASES["default"]["NAME"] = name


def _drop_abandoned(connection: psycopg.Connection[tuple[Any, ...]], keep: str) -> None:
    """Drop copies whose process is gone, and all but the newest templates."""
    rows = connection.execute("SELECT datname FROM pg_database WHERE datname LIKE 'jifen\\_t%' ORDER BY oid").fetchall()
    names = [name for (name,) in rows]
    for name in names:
        if name.startswith(COPY_PREFIX) and not _is_alive(int(name.removeprefix(COPY_PREFIX).split("_")[0])):
            _drop(connection, name)
    templates = [name for name in names if name.startswith(TEMPLATE_PREFIX) and name != keep]
    for name in templates[: -(TEMPLATES_KEPT - 1)]:
        _drop(connection, name)


def _drop(connection: psycopg.Connection[tuple[Any, ...]], name: str) -> None:
    connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
