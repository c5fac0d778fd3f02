"""Every total and status has a trace that recomputes to the same value."""

import json
from datetime import date

import pytest

from institutions.models import Practitioner
from scoring.models import RulebookVersion
from scoring.policy.facts import events_from_facts, facts_from_events
from scoring.policy.rulebook import parse_rulebook
from scoring.selectors.accounts import load_account
from scoring.selectors.why import recomputed, why_account
from scoring.services import ledger
from tests.factories.award import at_noon, post_award, registered

pytestmark = pytest.mark.django_db
DAY = date(2025, 6, 10)


def busy_person() -> Practitioner:
    person = registered()
    post_award(person, 9, DAY, months=3)
    second = post_award(person, 3, date(2025, 7, 1))
    post_award(person, 2, date(2026, 2, 1), scored_on=date(2025, 12, 20))
    ledger.reverse_award(entry=second, reason="撤销", by=None, now=at_noon(date(2025, 9, 1)))
    return person


@pytest.mark.parametrize("on", [DAY, date(2025, 8, 1), date(2025, 9, 2), date(2026, 1, 1), date(2026, 3, 1)])
def test_the_trace_recomputes_to_the_same_total_and_status(on: date) -> None:
    why = why_account(busy_person(), on=on)
    books = {
        f"{v.rulebook}@{v.version}": parse_rulebook(v.pack)
        for v in RulebookVersion.objects.all()
        if v.digest in {b.digest for b in why.rulebooks}
    }
    assert recomputed(why, books) == (why.total, why.status)


def test_the_trace_names_rule_version_parameters_and_arithmetic() -> None:
    person = registered()
    post_award(person, 10, DAY)
    why = why_account(person, on=date(2025, 6, 11))
    line = next(t for t in why.trace if t.event == "award")
    assert line.rulebook == "inner-mongolia@1"
    assert line.rule == "measures.suspend.months.cumulative.10"
    assert line.parameters["default"] == 4
    assert "T(2025) = 10" in line.arithmetic
    assert line.outcome == "suspend 2025-06-11..2025-10-10"
    assert why.arithmetic == "T(2025, 2025-06-11) = 10 (2025-06-10) = 10"
    assert any("suspend" in path for path in why.rulebooks[0].assumptions)


def test_facts_survive_json() -> None:
    loaded = load_account(busy_person())
    facts = json.loads(json.dumps(facts_from_events(loaded.events)))
    books = {a.rulebook.label: a.rulebook for a in loaded.account.awards}
    assert tuple(events_from_facts(facts, books)) == loaded.events
