"""``verify_ledger`` finds what a superuser did, and names the person."""

from datetime import date

import pytest
from django.core.management import call_command

from scoring.models import PointsEntry, PointsTotal
from scoring.services import verification
from tests.factories.award import post_award, registered

DAY = date(2025, 6, 10)


@pytest.mark.django_db
def test_an_untouched_ledger_agrees(capsys: pytest.CaptureFixture[str]) -> None:
    post_award(registered(), 12, DAY)
    call_command("verify_ledger")
    assert "agree" in capsys.readouterr().out


@pytest.mark.django_db
def test_a_corrupted_cached_total_is_found() -> None:
    person = registered()
    post_award(person, 4, DAY)
    PointsTotal.objects.filter(practitioner=person).update(points=1)
    assert [d.check for d in verification.verify_ledger()] == ["total"]


def tamper(cursor, sql: str, *values: object) -> None:
    cursor.execute("SET session_replication_role = replica")  # triggers off, as only a superuser can
    cursor.execute(sql, values)
    cursor.execute("SET session_replication_role = DEFAULT")


@pytest.mark.django_db(transaction=True)
def test_a_superusers_edit_is_found_and_the_person_is_named(superuser_cursor, capsys) -> None:
    person = registered()
    entry = post_award(person, 12, DAY)
    tamper(superuser_cursor, "UPDATE scoring_pointsentry SET points = 3, single_points = 3 WHERE id = %s", entry.id)
    tamper(superuser_cursor, "UPDATE scoring_pointstotal SET points = 3 WHERE practitioner_id = %s", person.id)
    tamper(superuser_cursor, "DELETE FROM scoring_measure WHERE practitioner_id = %s", person.id)
    with pytest.raises(SystemExit) as exited:
        call_command("verify_ledger")
    assert exited.value.code == 1
    assert person.name in capsys.readouterr().out


@pytest.mark.django_db(transaction=True)
def test_a_removed_row_breaks_the_chain(superuser_cursor) -> None:
    person = registered()
    first = post_award(person, 2, DAY)
    post_award(person, 4, date(2025, 6, 11))
    tamper(superuser_cursor, "DELETE FROM scoring_consequence WHERE entry_id = %s", first.id)
    tamper(superuser_cursor, "DELETE FROM scoring_pointsentry WHERE id = %s", first.id)
    assert "seal" in {d.check for d in verification.verify_ledger()}


@pytest.mark.django_db(transaction=True)
def test_a_measure_that_does_not_follow_is_found(superuser_cursor) -> None:
    person = registered()
    post_award(person, 12, DAY)
    tamper(superuser_cursor, "DELETE FROM scoring_consequence WHERE practitioner_id = %s", person.id)
    tamper(superuser_cursor, "DELETE FROM scoring_measure WHERE practitioner_id = %s", person.id)
    assert [d.check for d in verification.verify_ledger()] == ["measures"]
    assert PointsEntry.objects.count() == 1
