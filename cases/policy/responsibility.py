"""Who is not held responsible: a large case with juniors only, an institution whose managers never are (M6). Pure.

The answer may well be that nobody else was involved. The rule asks; it presumes nothing of anybody by name.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from cases.policy.concern_rules import ResponsibilityRule
from scoring.policy.rulebook_parts import Category, Degree


class Role(StrEnum):
    """Where a person stands in the institution, as far as category and registered position tell."""

    MANAGER = "manager"
    MEMBER = "member"
    JUNIOR = "junior"


class Gap(StrEnum):
    """What is asked about."""

    ONLY_JUNIORS = "only_juniors"
    ONLY_GENERAL = "only_general"
    NEVER_MANAGERS = "never_managers"


@dataclass(frozen=True, slots=True)
class Held:
    """One person held responsible in the case; `degree` is the highest of the lines."""

    category: str
    position: str
    degree: str


@dataclass(frozen=True, slots=True)
class Past:
    """The institution's cases of late, this one included: how many, and who was held responsible in them."""

    cases: int
    persons: int
    managers: int


def role_of(category: str, position: str, rule: ResponsibilityRule) -> Role:
    """Return where a person stands: a leading position outweighs the category."""
    if category == Category.PHARMACY_PRINCIPAL or any(word in position for word in rule.manager_positions):
        return Role.MANAGER
    if category in rule.junior_categories or any(word in position for word in rule.junior_positions):
        return Role.JUNIOR
    return Role.MEMBER


def gaps(amount: Decimal | None, held: Sequence[Held], past: Past, rule: ResponsibilityRule) -> list[Gap]:
    """Return what has to be asked about a case; nothing where nobody is held responsible yet."""
    if not held:
        return []
    found = []
    if amount is not None and amount >= rule.amount_from:
        if all(role_of(person.category, person.position, rule) is Role.JUNIOR for person in held):
            found.append(Gap.ONLY_JUNIORS)
        if all(person.degree == Degree.GENERAL for person in held):
            found.append(Gap.ONLY_GENERAL)
    if past.cases >= rule.cases_min and past.persons >= rule.persons_min and past.managers == 0:
        found.append(Gap.NEVER_MANAGERS)
    return found
