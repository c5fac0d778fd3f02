"""`check_attributions` finds what a superuser tampered with."""

import pytest

from cases.selectors.agreement import disagreements
from cases.states import State
from scoring.services import ledger
from tests.factories.attribution import procedure

pytestmark = pytest.mark.django_db(transaction=True)


def tamper(cursor, statement, *values):
    cursor.execute("SET session_replication_role = replica")
    cursor.execute(statement, values)
    cursor.execute("SET session_replication_role = DEFAULT")


def reasons():
    return " | ".join(item.reason for item in disagreements())


def test_an_effect_whose_entry_is_another_persons(now, superuser_cursor):
    first, second = (procedure(State.EFFECTIVE, now=now).attribution for _ in range(2))
    tamper(
        superuser_cursor,
        "UPDATE cases_attribution SET entry_id = NULL, effective_at = NULL, state = 'served' WHERE id = %s",
        second.pk,
    )
    tamper(superuser_cursor, "UPDATE cases_attribution SET entry_id = %s WHERE id = %s", second.entry_id, first.pk)
    assert "its entry belongs to another person" in reasons()


def test_an_award_whose_attribution_is_gone_back(now, superuser_cursor):
    it = procedure(State.EFFECTIVE, now=now).attribution
    tamper(
        superuser_cursor,
        "UPDATE cases_attribution SET entry_id = NULL, effective_at = NULL, state = 'served' WHERE id = %s",
        it.pk,
    )
    assert reasons() == "is served, but the ledger holds its award"


def test_an_award_without_attribution(now, superuser_cursor):
    it = procedure(State.EFFECTIVE, now=now).attribution
    tamper(superuser_cursor, "UPDATE cases_attribution SET id = uuidv7() WHERE id = %s", it.pk)
    assert "the ledger holds an award for an attribution that does not exist" in reasons()


def test_a_day_of_effect_that_is_not_the_day_of_service(now, superuser_cursor):
    it = procedure(State.EFFECTIVE, now=now).attribution
    tamper(superuser_cursor, "UPDATE cases_attribution SET served_on = served_on + 1 WHERE id = %s", it.pk)
    assert "but was served on" in reasons()


def test_an_effect_whose_award_was_reversed_behind_its_back(now):
    walk = procedure(State.EFFECTIVE, now=now)
    ledger.reverse_award(entry=walk.entry, reason="x", by=None, now=now)
    assert reasons() == "is in effect, but its award was reversed"


def test_a_variation_is_no_disagreement(now):
    walk = procedure(State.EFFECTIVE, now=now)
    ledger.vary_award(entry=walk.entry, points=4, reason="x", by=None, now=now)
    assert reasons() == ""
