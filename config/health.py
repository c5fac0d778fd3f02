"""`/healthz` and `/readyz`, for those who start and watch the processes. JSON; no detail that helps a stranger."""

import logging
from collections.abc import Callable
from functools import cache

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from config.celery import app
from institutions import clock
from institutions.selectors.freshness import freshness

BROKER_SECONDS = 2

logger = logging.getLogger(__name__)


@require_safe
@never_cache
def healthz(_request: HttpRequest) -> JsonResponse:
    """Say that this process answers; asks nothing of anybody."""
    return JsonResponse({"status": "alive"})


@require_safe
@never_cache
def readyz(_request: HttpRequest) -> JsonResponse:
    """Say whether this process can work: database, migrations, broker (503 where one is missing); and the last runs.

    A missed night does not make it unready: pages then say of when they are, and nobody is served better elsewhere.
    """
    checks = {name: _passes(name, check) for name, check in CHECKS.items()}
    is_ready = all(checks.values())
    body: dict[str, object] = {"status": "ready" if is_ready else "not ready", "checks": checks}
    if checks["database"] and checks["migrations"]:
        found = freshness(clock.now())
        body |= {"as_of": found.as_of, "is_stale": found.is_stale, "missed": found.missed, "last_done": found.last_done}
    return JsonResponse(body, status=200 if is_ready else 503)


def _passes(name: str, check: Callable[[], bool]) -> bool:
    try:
        return check()
    except Exception as error:  # noqa: BLE001 - whatever is wrong with a service, the answer is "not ready"
        logger.warning("not ready: %s: %s", name, type(error).__name__)
        return False


def _database_answers() -> bool:
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone() == (1,))


def _migrations_are_applied() -> bool:
    """Once they are, this process, whose code stays the same, need not ask again."""
    try:
        return _ensured_migrations()
    except LookupError:
        return False


@cache
def _ensured_migrations() -> bool:
    executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise LookupError("migrations are missing")  # an exception, so that it is not remembered
    return True


def _broker_answers() -> bool:
    with app.connection_for_write() as connection:
        connection.ensure_connection(max_retries=0, timeout=BROKER_SECONDS)
        return bool(connection.connected)


CHECKS: dict[str, Callable[[], bool]] = {
    "database": _database_answers,
    "migrations": _migrations_are_applied,
    "broker": _broker_answers,
}
