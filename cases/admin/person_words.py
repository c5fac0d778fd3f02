"""What the file of a person says to officers in words: standings, suppositions, steps."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.selectors.person_file import AccountPart, EntryLine
from cases.views.person.options import Standing, note_of, standing_of
from scoring.models import PointsEntry
from scoring.refusal_texts import refusal_text
from scoring.selectors.what_if import Scenario, ScenarioKind
from scoring.views.trace_words import Step, step_of


@dataclass(frozen=True)
class Supposed:
    """One supposition: what is supposed, by which rule or decision, and where the person would stand."""

    title: str
    note: str
    standing: Standing | None
    refused: str


@dataclass(frozen=True)
class Row:
    """One ledger row: the row, its clauses, whether it still counts, and the steps that the rules took."""

    entry: PointsEntry
    clauses: str
    is_undone: bool
    steps: tuple[Step, ...]


def rows_of(account: AccountPart) -> tuple[Row, ...]:
    """Return the ledger rows, the latest posting first."""
    return tuple(_row(line) for line in reversed(account.entries))


def steps_of(account: AccountPart) -> tuple[Step, ...]:
    """Return the steps that belong to no ledger row."""
    return tuple(step_of(line) for line in account.other_steps)


def supposed(account: AccountPart) -> tuple[Supposed, ...]:
    """Return the suppositions, in the order in which the selector gives them."""
    return tuple(
        Supposed(
            title=_title(scenario),
            note=note_of(scenario),
            standing=None if scenario.refusal else standing_of(scenario.after),
            refused=refusal_text(scenario.refusal) if scenario.refusal else "",
        )
        for scenario in account.scenarios
    )


def _row(line: EntryLine) -> Row:
    named = [f"{item.get('clause')} · {item.get('finding_title') or item.get('conduct')}" for item in line.entry.lines]
    return Row(line.entry, "; ".join(named), line.is_undone, tuple(step_of(step) for step in line.trace))


def _title(scenario: Scenario) -> str:
    n, left = scenario.points, scenario.days_until
    match scenario.kind:
        case ScenarioKind.APPEAL_WON:
            text = ngettext("An appeal against %(n)d point is won", "An appeal against %(n)d points is won", n)
        case ScenarioKind.NEXT_RESET:
            text = ngettext("The year ends, in %(days)d day", "The year ends, in %(days)d days", left)
        case ScenarioKind.REPAIR:
            text = ngettext("%(n)d point is earned back", "%(n)d points are earned back", n)
        case ScenarioKind.REREGISTRATION:
            text = _("The person is registered again, with a new commitment")
        case ScenarioKind.ONE_MORE_CASE:
            text = ngettext("One more case with %(n)d point", "One more case with %(n)d points", n)
    return text % {"n": n, "days": left}
