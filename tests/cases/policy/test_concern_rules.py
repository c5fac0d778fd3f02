"""The dated parameters of the questions: what a file may say, and what it may not."""

from datetime import date
from typing import Any

import pytest
import yaml

from cases.policy.concern_rules import ConcernRuleErrors, parse_rules, rule_on
from cases.selectors.concern_shape import RULES, concern_rules


def rows() -> list[dict[str, Any]]:
    return yaml.safe_load(RULES.read_text(encoding="utf-8"))


def test_what_ships_is_whole_and_says_that_it_is_assumed():
    assert all(rule.assumption and rule.note for rule in concern_rules())


@pytest.mark.parametrize(
    ("part", "key", "value", "place"),
    [
        ("consistency", "cell_min", 4, "0.consistency.cell_min"),
        ("consistency", "amount_bands", [5, 3], "0.consistency.amount_bands"),
        ("consistency", "limit", 3, "0.consistency.limit"),
        ("responsibility", "amount_from", "viel", "0.responsibility.amount_from"),
        ("responsibility", "junior_categories", ["boss"], "0.responsibility.junior_categories"),
        ("responsibility", "manager_positions", [1], "0.responsibility.manager_positions"),
        ("continuity", "site_words", "卫生室", "0.continuity.site_words"),
    ],
)
def test_a_wrong_value_is_refused_with_its_place(part, key, value, place):
    changed = rows()
    changed[0][part][key] = value
    with pytest.raises(ConcernRuleErrors) as refused:
        parse_rules(changed)
    assert place in [error.path for error in refused.value.errors]


def test_numbers_without_a_source_are_marked_as_assumed():
    changed = rows()
    del changed[0]["assumption"]
    with pytest.raises(ConcernRuleErrors, match="neither a source nor assumption"):
        parse_rules(changed)


def test_an_empty_file_and_two_rules_of_one_day_are_refused():
    for wrong in ([], rows() * 2):
        with pytest.raises(ConcernRuleErrors, match="each from a day of its own"):
            parse_rules(wrong)


def test_the_rule_of_a_day_is_the_latest_that_has_begun():
    later = rows()[0] | {"effective_from": date(2026, 1, 1)}
    old, new = parse_rules([*rows(), later])
    assert rule_on([old, new], date(2025, 12, 31)) is old
    assert rule_on([old, new], date(2026, 1, 1)) is new
    assert rule_on([old, new], date(2024, 1, 1)) is old
