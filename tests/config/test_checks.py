"""The system checks of the database say what is wrong with it, and nothing when all is well."""

import pytest
from django.core.checks import Tags, run_checks

from config import checks
from config.owner import acting_as_owner


def _ids() -> list[str | None]:
    return [message.id for message in run_checks(tags=[Tags.database], databases=["default"])]


@pytest.mark.django_db(transaction=True)
def test_the_embedded_database_passes() -> None:
    assert _ids() == []


@pytest.mark.django_db(transaction=True)
def test_connecting_as_the_owner_is_an_error() -> None:
    with acting_as_owner():
        assert _ids() == ["jifen.E003"]


@pytest.mark.django_db(transaction=True)
def test_other_text_rules_are_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "LOCALES", ("zh_CN.UTF-8",))
    assert _ids() == ["jifen.E001"]


@pytest.mark.django_db(transaction=True)
def test_an_older_postgresql_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "POSTGRES_VERSION_MIN", 990000)
    assert _ids() == ["jifen.E002"]
