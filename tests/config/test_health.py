"""`/healthz` and `/readyz`: whether a process lives, and whether it can work."""

from collections.abc import Iterator

import pytest
from django.db import DatabaseError, connection
from django.test import Client

from config import health
from config.celery import app


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    health._ensured_migrations.cache_clear()
    yield
    health._ensured_migrations.cache_clear()


def test_healthz_asks_nothing_of_anybody() -> None:
    response = Client().get("/healthz")
    assert (response.status_code, response.json()) == (200, {"status": "alive"})
    assert "no-store" in response["Cache-Control"]


@pytest.mark.django_db
def test_readyz_names_what_it_looked_at_and_the_last_runs() -> None:
    response = Client().get("/readyz")
    body = response.json()
    assert response.status_code == 200
    assert body["status"] == "ready"
    assert body["checks"] == {"database": True, "migrations": True, "broker": True}
    assert set(body) == {"status", "checks", "as_of", "is_stale", "missed", "last_done"}


@pytest.mark.django_db
def test_readyz_is_503_without_the_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app.conf, "broker_url", "redis+socket:///nowhere/valkey.sock")
    monkeypatch.setattr(app, "_pool", None)
    response = Client().get("/readyz")
    assert response.status_code == 503
    assert response.json()["checks"] == {"database": True, "migrations": True, "broker": False}


@pytest.mark.django_db
def test_readyz_is_503_while_a_migration_is_missing(owner_cursor) -> None:
    owner_cursor.execute(
        "DELETE FROM django_migrations WHERE app = 'scoring' AND name = "
        "(SELECT max(name) FROM django_migrations WHERE app = 'scoring') RETURNING *"
    )
    (row,) = owner_cursor.fetchall()
    try:
        response = Client().get("/readyz")
        assert response.status_code == 503
        assert response.json()["checks"]["migrations"] is False
    finally:
        owner_cursor.execute("INSERT INTO django_migrations VALUES (%s, %s, %s, %s)", row)
    assert Client().get("/readyz").status_code == 200


@pytest.mark.django_db
def test_readyz_is_503_without_the_database_and_tells_no_stranger_why(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise DatabaseError("password of jifen_app is wrong")

    monkeypatch.setattr(connection, "cursor", refuse)
    response = Client().get("/readyz")
    assert response.status_code == 503
    assert response.json()["checks"]["database"] is False
    assert "password" not in response.content.decode()
