"""The rules by which tips are paid, read once from the files that ship."""

from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

from django.utils.translation import gettext as _

from cases.policy import rewards
from institutions.errors import RuleRefused

RULES = Path(__file__).resolve().parent.parent / "reward_rules" / "rules.yaml"


@cache
def reward_rules() -> tuple[rewards.RewardRule, ...]:
    """Return the versions, the earliest first."""
    return rewards.read_rules(RULES.read_text(encoding="utf-8"))


def reward_for(confirmed: Decimal, on: date) -> rewards.Reward:
    """Return what a tip may be paid for a confirmed amount (yuan) on a Shanghai date; refuses a day without a rule."""
    try:
        return rewards.reward_for(confirmed, on=on, rules=reward_rules())
    except rewards.NoRewardRule as error:
        raise RuleRefused(_("No rule on rewards holds on that day."), rule="cases/reward_rules") from error
