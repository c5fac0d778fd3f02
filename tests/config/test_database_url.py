"""Database URLs: PostgreSQL only, every part understood."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.database_url import parse_database_url


def test_every_part_is_read() -> None:
    settings = parse_database_url("postgresql://ji%40fen:s%2Fecret@db:5433/jifen?sslmode=verify-full", "DATABASE_URL")
    assert (settings["USER"], settings["PASSWORD"]) == ("ji@fen", "s/ecret")
    assert (settings["HOST"], settings["PORT"], settings["NAME"]) == ("db", "5433", "jifen")
    assert settings["OPTIONS"] == {"sslmode": "verify-full"}


def test_socket_directory_may_be_given_as_host() -> None:
    assert parse_database_url("postgres:///jifen?host=/run/postgresql", "X")["HOST"] == "/run/postgresql"


@pytest.mark.parametrize("url", ["sqlite:///db.sqlite3", "mysql://h/n", "postgresql://host/", "jifen"])
def test_anything_else_is_refused_with_the_variables_name(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="DATABASE_OWNER_URL"):
        parse_database_url(url, "DATABASE_OWNER_URL")
