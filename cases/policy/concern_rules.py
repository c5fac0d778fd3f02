"""When a question is asked before a decision: dated parameters, read from `cases/concern_rules/rules.yaml`. Pure.

A question never changes points and stops nobody for ever: it asks for a written answer. No public text fixes the
numbers, so they are data, marked as assumptions.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from scoring.policy.place import Complaint, Complaints
from scoring.policy.plain_json import as_json
from scoring.policy.rulebook_parts import Category
from scoring.policy.section import Section

CELL_MIN = 5  # below this a cell could tell of a person: a promise of the product, which data may only raise


class ConcernRuleErrors(Complaints):
    """The rules were refused; `errors` says where and why, all at once."""


@dataclass(frozen=True, slots=True)
class ConsistencyRule:
    """When the points of a line are out of line with those of other decisions."""

    amount_bands: tuple[int, ...]
    cell_min: int
    fence_percent: int
    distance_min: int


@dataclass(frozen=True, slots=True)
class ResponsibilityRule:
    """When it is asked who is not held responsible."""

    amount_from: int
    months: int
    cases_min: int
    persons_min: int
    manager_positions: tuple[str, ...]
    junior_positions: tuple[str, ...]
    junior_categories: frozenset[str]


@dataclass(frozen=True, slots=True)
class ContinuityRule:
    """At which sites one person may be all there is."""

    site_kinds: frozenset[str]
    site_words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ConcernRule:
    """What holds from a day on."""

    effective_from: date
    consistency: ConsistencyRule
    responsibility: ResponsibilityRule
    continuity: ContinuityRule
    assumption: bool
    note: str


def rule_on(rules: Sequence[ConcernRule], on: date) -> ConcernRule:
    """Return the rule that holds on a day; before the first, the first (a question does no harm)."""
    held = [rule for rule in rules if rule.effective_from <= on]
    return max(held or rules[:1], key=lambda rule: rule.effective_from)


def parse_rules(rows: Sequence[Mapping[str, object]]) -> list[ConcernRule]:
    """Return the rules of a file, by date; refuses (`ConcernRuleErrors`, with the place) what is not whole."""
    errors: list[Complaint] = []
    rules = [_rule(Section.of(as_json(row, errors), str(number), errors)) for number, row in enumerate(rows)]
    starts = [rule.effective_from for rule in rules]
    if not rules or len(set(starts)) < len(starts):
        errors.append(Complaint("", "needs at least one rule, each from a day of its own"))
    if errors:
        raise ConcernRuleErrors(errors)
    return sorted(rules, key=lambda rule: rule.effective_from)


def _rule(section: Section) -> ConcernRule:
    parts = ("consistency", "responsibility", "continuity")
    section.know_only(("effective_from", *parts), ("assumption", "note", "source"))
    if not section.items.get("source") and not section.flag("assumption"):
        section.refuse_whole("has neither a source nor assumption: true")
    return ConcernRule(
        effective_from=section.day("effective_from"),
        consistency=_consistency(section.section("consistency")),
        responsibility=_responsibility(section.section("responsibility")),
        continuity=_continuity(section.section("continuity")),
        assumption=section.flag("assumption"),
        note=section.text("note"),
    )


def _consistency(section: Section) -> ConsistencyRule:
    section.know_only(("amount_bands", "cell_min", "fence_percent", "distance_min"))
    bands = section.wholes("amount_bands")
    if list(bands) != sorted(bands):
        section.refuse("amount_bands", "has to rise")
    return ConsistencyRule(
        amount_bands=bands,
        cell_min=section.whole("cell_min", minimum=CELL_MIN),
        fence_percent=section.whole("fence_percent"),
        distance_min=section.whole("distance_min"),
    )


def _responsibility(section: Section) -> ResponsibilityRule:
    numbers = ("amount_from", "months", "cases_min", "persons_min")
    section.know_only((*numbers, "manager_positions", "junior_positions", "junior_categories"))
    return ResponsibilityRule(
        amount_from=section.whole("amount_from"),
        months=section.whole("months"),
        cases_min=section.whole("cases_min"),
        persons_min=section.whole("persons_min"),
        manager_positions=_words(section, "manager_positions"),
        junior_positions=_words(section, "junior_positions"),
        junior_categories=frozenset(section.choices("junior_categories", Category)),
    )


def _continuity(section: Section) -> ContinuityRule:
    section.know_only(("site_kinds", "site_words"))
    return ContinuityRule(frozenset(_words(section, "site_kinds")), _words(section, "site_words"))


def _words(section: Section, key: str) -> tuple[str, ...]:
    value = section.items.get(key, [])
    words = [word for word in value if isinstance(word, str) and word.strip()] if isinstance(value, list) else []
    if not isinstance(value, list) or len(words) < len(value):
        section.refuse(key, "has to be a list of texts")
    return tuple(words)
