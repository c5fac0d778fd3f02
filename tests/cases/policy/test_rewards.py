"""What a tip may be paid: a share of the confirmed amount, between bounds that have a source."""

from datetime import date
from decimal import Decimal

import pytest

from cases.policy.rewards import NoRewardRule, read_rules, reward_for
from cases.selectors.rewards import reward_rules

ON = date(2025, 6, 10)


@pytest.mark.parametrize(
    ("confirmed", "amount", "bound"),
    [
        ("0.01", "200", "minimum"),
        ("9000", "200", "minimum"),
        ("10000", "200.00", ""),
        ("123456.78", "2469.14", ""),
        ("10000000", "200000.00", ""),
        ("10000000.50", "200000", "maximum"),
    ],
)
def test_the_share_is_held_between_the_bounds(confirmed, amount, bound):
    reward = reward_for(Decimal(confirmed), on=ON, rules=reward_rules())
    assert (reward.amount, reward.bound) == (Decimal(amount), bound)


def test_the_bounds_have_a_source_and_the_share_is_an_assumption():
    rule = reward_rules()[-1]
    assert (rule.minimum, rule.maximum) == (Decimal(200), Decimal(200_000))
    assert "医保办发" in rule.source
    assert rule.assumption == ("share",)


def test_no_rule_holds_before_the_first_version_and_no_reward_without_an_amount():
    with pytest.raises(NoRewardRule):
        reward_for(Decimal(1), on=date(2022, 12, 31), rules=reward_rules())
    with pytest.raises(ValueError, match="confirmed amount"):
        reward_for(Decimal(0), on=ON, rules=reward_rules())


@pytest.mark.parametrize(
    "text",
    [
        "- {effective_from: 2025-01-01, minimum: 5, maximum: 4, share: '0.1', source: x}",
        "- {effective_from: 2025-01-01, minimum: 1, maximum: 4, share: '1.1', source: x}",
        "- {effective_from: 2025-01-01, minimum: 1, maximum: 4, share: '0.1', source: x}\n"
        "- {effective_from: 2025-01-01, minimum: 1, maximum: 4, share: '0.1', source: x}",
    ],
)
def test_rules_that_cannot_be_are_refused(text):
    with pytest.raises(ValueError, match="reward rule"):
        read_rules(text)
