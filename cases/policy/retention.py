"""Until when a file has to be kept: no day before everything it may be needed for has ended (F64). Pure.

What is still open holds a file without end. From the last of what has ended, the months of the rule are counted. The
months are dated data (`cases/retention_rules/rules.yaml`), marked as assumptions where no text is known.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from scoring.policy.place import Complaint, Complaints
from scoring.policy.plain_json import as_json
from scoring.policy.section import Section
from scoring.policy.terms import add_months

MONTHS_MIN = 6  # shorter than any appeal may take: a slip of the pen, not a rule


class RetentionErrors(Complaints):
    """Retention rules were refused; `errors` says where and why, all at once."""


@dataclass(frozen=True, slots=True)
class RetentionRule:
    """The months that hold from a day on."""

    effective_from: date
    case_months: int
    repair_months: int
    abandoned_months: int
    assumption: bool
    note: str


@dataclass(frozen=True, slots=True)
class Mark:
    """Something for which a file may be needed: it is open (`ended_on` None), or ended on a day."""

    name: str
    ended_on: date | None


@dataclass(frozen=True, slots=True)
class Kept:
    """Until when a file has to be kept: `until` is None while something is open, which `because` names."""

    until: date | None
    because: str

    def is_over(self, on: date) -> bool:
        """Say whether a day lies after the last day."""
        return self.until is not None and self.until < on


def kept_until(marks: Iterable[Mark], months: int) -> Kept:
    """Return until when a file is kept; refuses (ValueError) to answer where nothing is known of it."""
    known = list(marks)
    if not known:
        raise ValueError("a file that nothing is known of is kept")
    still_open = next((mark for mark in known if mark.ended_on is None), None)
    if still_open is not None:
        return Kept(None, still_open.name)
    last = max(known, key=lambda mark: mark.ended_on or date.min)
    assert last.ended_on is not None
    return Kept(add_months(last.ended_on, months), last.name)


def rule_on(rules: Sequence[RetentionRule], on: date) -> RetentionRule:
    """Return the rule that holds on a day; refuses (LookupError) a day before the first."""
    held = [rule for rule in rules if rule.effective_from <= on]
    if not held:
        raise LookupError(f"no retention rule holds on {on}")
    return max(held, key=lambda rule: rule.effective_from)


def parse_rules(rows: Sequence[Mapping[str, object]]) -> list[RetentionRule]:
    """Return the rules of a file, by date; refuses (`RetentionErrors`, with the place) what is not whole."""
    errors: list[Complaint] = []
    rules = [_rule(Section.of(as_json(row, errors), str(number), errors)) for number, row in enumerate(rows)]
    starts = [rule.effective_from for rule in rules]
    if not rules or len(set(starts)) < len(starts):
        errors.append(Complaint("", "needs at least one rule, each from a day of its own"))
    if errors:
        raise RetentionErrors(errors)
    return sorted(rules, key=lambda rule: rule.effective_from)


def _rule(section: Section) -> RetentionRule:
    months = ("case_months", "repair_months", "abandoned_months")
    section.know_only(("effective_from", *months), ("assumption", "note", "source"))
    if not section.items.get("source") and not section.flag("assumption"):
        section.refuse_whole("has neither a source nor assumption: true")
    return RetentionRule(
        effective_from=section.day("effective_from"),
        case_months=section.whole("case_months", minimum=MONTHS_MIN),
        repair_months=section.whole("repair_months", minimum=MONTHS_MIN),
        abandoned_months=section.whole("abandoned_months", minimum=MONTHS_MIN),
        assumption=section.flag("assumption"),
        note=section.text("note"),
    )
