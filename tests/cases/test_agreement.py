"""`check_attributions` finds what a superuser tampered with."""

import pytest
from django.core.management import call_command

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


def test_an_award_that_still_stands_though_it_was_set_aside(now, superuser_cursor):
    it = procedure(State.EFFECTIVE, now=now).attribution
    tamper(
        superuser_cursor,
        "UPDATE cases_attribution SET state = 'set_aside', set_aside_at = now(), set_aside_by_id = decided_by_id, "
        "set_aside_reason = 'x' WHERE id = %s",
        it.pk,
    )
    assert reasons() == "was set aside, but its award still stands"


def test_a_claim_outside_the_group_of_its_case(now, superuser_cursor):
    procedure(State.DECIDED, now=now)
    tamper(superuser_cursor, "UPDATE cases_scoredconduct SET scope = uuidv7()")
    assert reasons() == "the claim on forged-records is outside its case's group"


def test_an_entry_that_is_no_award_of_this_case(now, superuser_cursor):
    walk = procedure(State.EFFECTIVE, now=now)
    reversal = ledger.reverse_award(entry=walk.entry, reason="x", by=None, now=now)
    tamper(superuser_cursor, "UPDATE scoring_pointsentry SET case_reference = 'x' WHERE id = %s", reversal.pk)
    tamper(superuser_cursor, "UPDATE cases_attribution SET entry_id = %s", reversal.pk)
    found = reasons()
    for part in ("its entry has the cause", "its entry is a reversal", "its entry refers to the case x"):
        assert part in found


def test_the_command_exits_1_and_names_the_case(now, superuser_cursor, capsys):
    it = procedure(State.EFFECTIVE, now=now).attribution
    tamper(superuser_cursor, "UPDATE cases_attribution SET served_on = served_on + 1")
    for options in ({}, {"json": True}):
        with pytest.raises(SystemExit):
            call_command("check_attributions", **options)
        assert it.case.number in capsys.readouterr().out


def test_an_effect_whose_award_was_reversed_behind_its_back(now):
    walk = procedure(State.EFFECTIVE, now=now)
    ledger.reverse_award(entry=walk.entry, reason="x", by=None, now=now)
    assert reasons() == "is in effect, but its award was reversed"


def test_a_variation_is_no_disagreement(now):
    walk = procedure(State.EFFECTIVE, now=now)
    ledger.vary_award(entry=walk.entry, points=4, reason="x", by=None, now=now)
    assert reasons() == ""
