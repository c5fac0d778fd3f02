"""What a tip may be paid: a share of the amount that was confirmed, within bounds. Dated data; pure.

The bounds have a source; the share is an assumption until a province gives its own (`cases/reward_rules/rules.yaml`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import yaml

CENT = Decimal("0.01")


class NoRewardRule(LookupError):
    """No version holds on the day."""


@dataclass(frozen=True, slots=True)
class RewardRule:
    """Bounds in yuan and the share of the confirmed amount, from a Shanghai date on."""

    effective_from: date
    minimum: Decimal
    maximum: Decimal
    share: Decimal
    source: str
    assumption: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Reward:
    """A reward in yuan, with how it came about."""

    amount: Decimal
    share_of_amount: Decimal
    bound: str  # "minimum", "maximum" or ""
    rule: RewardRule


def read_rules(text: str) -> tuple[RewardRule, ...]:
    """Read the versions, the earliest first; raises ValueError for one that cannot be."""
    rules: list[RewardRule] = []
    for row in yaml.safe_load(text):
        rule = RewardRule(
            effective_from=row["effective_from"],
            minimum=Decimal(str(row["minimum"])),
            maximum=Decimal(str(row["maximum"])),
            share=Decimal(str(row["share"])),
            source=row["source"],
            assumption=tuple(row.get("assumption", ())),
            note=row.get("note", ""),
        )
        if not (0 < rule.minimum <= rule.maximum and 0 < rule.share <= 1):
            raise ValueError(f"reward rule from {rule.effective_from}: bounds or share cannot be")
        if rules and rules[-1].effective_from >= rule.effective_from:
            raise ValueError(f"reward rule from {rule.effective_from}: not after its predecessor")
        rules.append(rule)
    return tuple(rules)


def reward_for(confirmed: Decimal, *, on: date, rules: Sequence[RewardRule]) -> Reward:
    """Return the reward for an amount (yuan) confirmed on a Shanghai date.

    Raises ValueError for an amount that is not positive, and NoRewardRule before the first version.
    """
    if confirmed <= 0:
        raise ValueError("a reward needs a confirmed amount")
    held = [rule for rule in rules if rule.effective_from <= on]
    if not held:
        raise NoRewardRule(on)
    rule = held[-1]
    share = (confirmed * rule.share).quantize(CENT, ROUND_HALF_UP)
    if share < rule.minimum:
        return Reward(rule.minimum, share, "minimum", rule)
    if share > rule.maximum:
        return Reward(rule.maximum, share, "maximum", rule)
    return Reward(share, share, "", rule)
