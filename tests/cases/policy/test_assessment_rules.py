"""The time for an expert's opinion: dated, an assumption and shown as one; and the days that do not count."""

from datetime import date

import pytest

from cases.policy.assessment_rules import NoAssessmentRule, paused_days, read_rules, rule_on
from cases.selectors.expert_assessments import known_rules

RULE = "- {effective_from: 2025-01-01, working_days: 15, source: 办法}\n"


def test_the_shipped_number_is_an_assumption_with_its_source():
    rule = known_rules()[0]
    assert (rule.working_days, rule.assumption) == (15, ("working_days",))
    assert rule.source
    assert rule.note


def test_the_version_of_the_day_holds_and_before_the_first_there_is_none():
    rules = read_rules(RULE + "- {effective_from: 2026-01-01, working_days: 20, source: 新办法}\n")
    assert [rule_on(day, rules).working_days for day in (date(2025, 12, 31), date(2026, 1, 1))] == [15, 20]
    with pytest.raises(NoAssessmentRule):
        rule_on(date(2024, 12, 31), rules)


@pytest.mark.parametrize("text", [RULE.replace("15", "0"), RULE + RULE])
def test_what_cannot_be_is_refused(text):
    with pytest.raises(ValueError, match="assessment rule from 2025-01-01"):
        read_rules(text)


@pytest.mark.parametrize(
    ("opened", "ended", "days"),
    [
        (date(2026, 3, 12), date(2026, 3, 17), 5),
        (date(2026, 3, 5), date(2026, 3, 12), 2),  # the window was open until the tenth
        (date(2026, 3, 5), date(2026, 3, 9), 0),
        (date(2026, 3, 12), date(2026, 3, 12), 0),
    ],
)
def test_only_days_after_the_window_stop_the_time_to_decide(opened, ended, days):
    assert paused_days(opened, ended, date(2026, 3, 10)) == days
