"""Mitigating and aggravating circumstances as coded inputs, and how each moves what is suggested. Pure.

The circumstances are data (`cases/factors.yaml`), each with the points by which it moves the suggestion and where the
number comes from. None of them ever moves a clause's band: stepping outside it stays a matter of a countersignature.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from scoring.policy.place import Complaint, Complaints


class Factor(StrEnum):
    """The circumstances that can be entered for a line."""

    SELF_REPORT = "self_report"
    ORDERED_BY_SUPERIOR = "ordered_by_superior"
    REFUSED_TO_COOPERATE = "refused_to_cooperate"
    REPEAT = "repeat"


class FactorErrors(Complaints):
    """The list of circumstances was refused; `errors` says where and why, all at once."""


@dataclass(frozen=True, slots=True)
class FactorRule:
    """One circumstance: the points by which it moves the suggestion, and where that number comes from."""

    factor: Factor
    shift: int
    source: str
    is_assumption: bool

    @property
    def is_mitigating(self) -> bool:
        """Say whether it speaks for the person."""
        return self.shift < 0


@dataclass(frozen=True, slots=True)
class FactorStep:
    """What one circumstance did to the suggestion: the points before and after it."""

    factor: Factor
    shift: int
    before: int
    after: int
    is_assumption: bool


FactorRules = Mapping[str, FactorRule]


def parse_factors(data: Mapping[str, object]) -> dict[str, FactorRule]:
    """Return the rules by code; refuse (`FactorErrors`) one that is missing, unknown, or without effect or source."""
    errors: list[Complaint] = []
    found: dict[str, FactorRule] = {}
    for code in sorted({*data, *(factor.value for factor in Factor)}):
        row = data.get(code)
        if code not in set(Factor) or not isinstance(row, Mapping):
            errors.append(Complaint(code, "has to be one of the known circumstances, each given once"))
            continue
        shift, source = row.get("points"), row.get("source")
        if not isinstance(shift, int) or isinstance(shift, bool) or shift == 0:
            errors.append(Complaint(f"{code}.points", "has to be a whole number other than 0"))
        elif not isinstance(source, str) or not source.strip():
            errors.append(Complaint(f"{code}.source", "has to say where the number comes from"))
        else:
            found[code] = FactorRule(Factor(code), shift, source.strip(), row.get("assumption") is True)
    if errors:
        raise FactorErrors(errors)
    return {factor.value: found[factor.value] for factor in Factor}


def shifted(base: int, factors: Iterable[str], rules: FactorRules, bounds: tuple[int, int]) -> list[FactorStep]:
    """Return what each circumstance does to the suggestion, in the order of the list; it stays within the bounds.

    A circumstance of which there is no rule does nothing.
    """
    steps: list[FactorStep] = []
    points, chosen = base, set(factors)
    for rule in (rule for code, rule in rules.items() if code in chosen):
        after = min(max(points + rule.shift, bounds[0]), bounds[1])
        steps.append(FactorStep(rule.factor, rule.shift, points, after, rule.is_assumption))
        points = after
    return steps
