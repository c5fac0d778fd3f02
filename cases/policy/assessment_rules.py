"""Within how many working days an expert gives an opinion before a decision. Dated data; pure.

The number is an assumption until a province gives its own (`cases/assessment_rules/rules.yaml`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import yaml


class NoAssessmentRule(LookupError):
    """No version holds on the day."""


@dataclass(frozen=True, slots=True)
class AssessmentRule:
    """The time for an opinion in working days, from a Shanghai date on; `assumption` names what has no source."""

    effective_from: date
    working_days: int
    source: str
    assumption: tuple[str, ...]
    note: str


def read_rules(text: str) -> tuple[AssessmentRule, ...]:
    """Read the versions, the earliest first; raises ValueError for one that cannot be."""
    rules: list[AssessmentRule] = []
    for row in yaml.safe_load(text):
        rule = AssessmentRule(
            effective_from=row["effective_from"],
            working_days=int(row["working_days"]),
            source=row["source"],
            assumption=tuple(row.get("assumption", ())),
            note=row.get("note", ""),
        )
        if rule.working_days < 1:
            raise ValueError(f"assessment rule from {rule.effective_from}: {rule.working_days} working days cannot be")
        if rules and rules[-1].effective_from >= rule.effective_from:
            raise ValueError(f"assessment rule from {rule.effective_from}: not after its predecessor")
        rules.append(rule)
    return tuple(rules)


def rule_on(day: date, rules: Sequence[AssessmentRule]) -> AssessmentRule:
    """Return the version that holds on a Shanghai date; raises NoAssessmentRule before the first."""
    held = [rule for rule in rules if rule.effective_from <= day]
    if not held:
        raise NoAssessmentRule(day)
    return held[-1]


def paused_days(opened_on: date, ended_on: date, deadline_on: date) -> int:
    """Return for how many calendar days an assessment stopped the time to decide.

    That time runs from the day after the statement window (`deadline_on`), so days before it were never running.
    """
    return max(0, (ended_on - max(opened_on, deadline_on)).days)
