"""Refusals carry their facts and become problem documents (RFC 9457)."""

import pytest

from institutions.errors import Forbidden, Invalid, JifenError, NotThere, RuleRefused, TooOften, WrongState


@pytest.mark.parametrize(
    ("error", "status"),
    [(Forbidden, 403), (NotThere, 404), (WrongState, 409), (Invalid, 422), (RuleRefused, 422), (TooOften, 429)],
)
def test_each_refusal_has_its_status(error, status):
    assert error().as_problem()["status"] == status


def test_a_problem_says_what_by_which_rule_in_which_state_and_what_next():
    problem = WrongState(
        "Not yet.", rule="statement_working_days", state="proposed", next_step="Wait.", errors=[{"field": "on"}]
    ).as_problem()
    assert problem["detail"] == "Not yet."
    assert problem["rule"] == "statement_working_days"
    assert problem["state"] == "proposed"
    assert problem["next_step"] == "Wait."
    assert problem["errors"] == [{"field": "on"}]
    assert problem["type"] == "urn:jifen:problem:wrong-state"


def test_empty_facts_are_left_out():
    assert set(NotThere().as_problem()) == {"type", "title", "status", "code", "detail"}


def test_a_refusal_reads_as_a_sentence():
    assert str(JifenError("Refused.", next_step="Do this.")) == "Refused. Do this."
