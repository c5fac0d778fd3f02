"""`/n/{number}/options`: where the person would stand if they won, earned points back, or the year ended."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from cases.views.person.doors import Visit, behind_letter
from cases.views.person.letter import frame, is_english
from scoring.policy.account import Status, StatusOn
from scoring.policy.outcome import Outcome
from scoring.refusal_texts import refusal_text
from scoring.selectors.what_if import Scenario, ScenarioKind, what_if
from scoring.templatetags.pages import day, full_width
from scoring.views.scorecard_page import SHAPES, status_word


@dataclass(frozen=True)
class Standing:
    """Points and status on a day in words, and what is known to come after."""

    points: str
    word: str
    shape: str
    dates: str
    later: tuple[str, ...]


@dataclass(frozen=True)
class Option:
    """One supposition: what is supposed, by which rule, and where the person would stand."""

    kind: str
    title: str
    note: str
    standing: Standing | None
    refused: str


@require_safe
@behind_letter
def options(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Show where the person stands today, and where they would stand after each thing that may happen."""
    scenarios = what_if(visit.person, visit.today)
    shown = {
        "now": standing_of(scenarios[0].before) if scenarios else None,
        "options": [_option(scenario) for scenario in scenarios if scenario.kind is not ScenarioKind.ONE_MORE_CASE],
        "warnings": [_option(scenario) for scenario in scenarios if scenario.kind is ScenarioKind.ONE_MORE_CASE],
    }
    return render(request, "person/options.html", frame(visit) | shown)


def standing_of(outcome: Outcome) -> Standing:
    """Put an outcome into words."""
    status = outcome.status
    points = ngettext("%(points)d point in %(year)d", "%(points)d points in %(year)d", outcome.points)
    return Standing(
        points=points % {"points": outcome.points, "year": outcome.year},
        word=status_word(str(status.status)),
        shape=SHAPES[status.status],
        dates=_dates(status),
        later=tuple(
            _("From %(day)s: %(status)s") % {"day": day(step.on), "status": _sentence(step.status)}
            for step in outcome.course[1:]
        ),
    )


def _sentence(status: StatusOn) -> str:
    dates = _dates(status)
    return status_word(str(status.status)) + (f" ({dates})" if dates else "")


def _dates(status: StatusOn) -> str:
    if status.status is Status.NORMAL:
        return ""
    if status.may_reapply:
        return _("a new registration may be applied for")
    if status.until is None:
        return _("from %(first)s") % {"first": day(status.since)}
    return _("%(first)s to %(last)s") % {"first": day(status.since), "last": day(status.until)}


def _option(scenario: Scenario) -> Option:
    return Option(
        kind=str(scenario.kind),
        title=_title(scenario),
        note=note_of(scenario),
        standing=None if scenario.refusal else standing_of(scenario.after),
        refused=refusal_text(scenario.refusal) if scenario.refusal else "",
    )


def _title(scenario: Scenario) -> str:
    points = {"points": scenario.points}
    match scenario.kind:
        case ScenarioKind.APPEAL_WON:
            return (
                ngettext(
                    "You win an appeal against %(points)d point",
                    "You win an appeal against %(points)d points",
                    scenario.points,
                )
                % points
            )
        case ScenarioKind.NEXT_RESET:
            left = scenario.days_until
            return ngettext("The year ends, in %(days)d day", "The year ends, in %(days)d days", left) % {"days": left}
        case ScenarioKind.REPAIR:
            return (
                ngettext("You earn %(points)d point back", "You earn %(points)d points back", scenario.points) % points
            )
        case ScenarioKind.REREGISTRATION:
            return _("You are registered again, with a new commitment")
        case ScenarioKind.ONE_MORE_CASE:
            return (
                ngettext("One more case with %(points)d point", "One more case with %(points)d points", scenario.points)
                % points
            )


def note_of(scenario: Scenario) -> str:
    """Return on what a scenario rests: the decision, the clause or the rules; "" where the title says all."""
    if scenario.entry is not None:
        return _("Decision of %(day)s, case %(case)s") % {
            "day": day(scenario.entry.effective_on),
            "case": scenario.entry.case_reference,
        }
    if scenario.clause is not None:
        title = (
            scenario.clause.title_en if is_english() and scenario.clause.title_en else full_width(scenario.clause.title)
        )
        return _("General responsibility under %(clause)s %(title)s") % {"clause": scenario.clause.code, "title": title}
    if scenario.kind is ScenarioKind.REPAIR and scenario.rulebook is not None:
        return _("By: %(rules)s") % {
            "rules": scenario.rulebook.title_en
            if is_english() and scenario.rulebook.title_en
            else full_width(scenario.rulebook.title)
        }
    return ""
