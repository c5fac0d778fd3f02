"""Until when files are kept: open is without end, the last end counts, months are dated data."""

from datetime import date
from typing import Any

import pytest

from cases.policy.retention import Kept, Mark, RetentionErrors, kept_until, parse_rules, rule_on
from cases.selectors.retention import retention_rules

ROW: dict[str, Any] = {
    "effective_from": "2025-01-01", "case_months": 60, "repair_months": 24, "abandoned_months": 12,
    "assumption": True, "note": "为测试虚构。",
}  # fmt: skip


def test_whatever_is_open_holds_without_end() -> None:
    marks = [Mark("appeal_window", date(2025, 6, 1)), Mark("appeal", None)]

    assert kept_until(marks, 60) == Kept(None, "appeal")
    assert not kept_until(marks, 60).is_over(date(2999, 1, 1))


def test_the_months_count_from_the_last_end() -> None:
    kept = kept_until([Mark("measure", date(2026, 2, 28)), Mark("appeal_window", date(2025, 6, 1))], 12)

    assert kept == Kept(date(2027, 2, 28), "measure")
    assert [kept.is_over(day) for day in (date(2027, 2, 28), date(2027, 3, 1))] == [False, True]


def test_a_file_that_nothing_is_known_of_is_kept() -> None:
    with pytest.raises(ValueError, match="is kept"):
        kept_until([], 12)


def test_the_rule_of_the_day_holds() -> None:
    rules = parse_rules([{**ROW, "effective_from": "2027-01-01", "case_months": 36}, ROW])

    assert [rule_on(rules, day).case_months for day in (date(2026, 12, 31), date(2027, 1, 1))] == [60, 36]
    with pytest.raises(LookupError):
        rule_on(rules, date(2024, 12, 31))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"case_months": 3}, "0.case_months: has to be a whole number of at least 6"),
        ({"assumption": False}, "neither a source nor assumption"),
        ({"years": 5}, "0.years: unknown key"),
        ({"effective_from": "soon"}, "0.effective_from: has to be a date"),
    ],
)
def test_rules_that_are_not_whole_are_refused_with_the_place(change: dict[str, Any], said: str) -> None:
    with pytest.raises(RetentionErrors, match=said.replace(".", r"\.")):
        parse_rules([ROW | change])


def test_two_rules_from_one_day_are_refused() -> None:
    with pytest.raises(RetentionErrors, match="a day of its own"):
        parse_rules([ROW, ROW])


def test_the_shipped_rule_is_marked_as_an_assumption() -> None:
    (rule,) = retention_rules()

    assert rule.assumption
    assert rule.note
    assert rule.effective_from == date(2025, 1, 1)
