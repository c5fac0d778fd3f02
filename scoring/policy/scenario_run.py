"""Running a scenario: its events through the same policy as the server, and what became of its
expectations.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from scoring.policy.account import Account, Refusal, StatusOn, TraceLine
from scoring.policy.awarding import Line, lines_to_points
from scoring.policy.choice import NoRuleInForce
from scoring.policy.events import (
    Award,
    Dismissal,
    Event,
    Repair,
    Reregistration,
    Reversal,
    Stay,
    Variation,
)
from scoring.policy.place import Complaint
from scoring.policy.replay import replay
from scoring.policy.rulebook import Rulebook
from scoring.policy.scenario import Action, Expectation, Scenario, ScenarioErrors, ScenarioEvent

Chooser = Callable[[date], Rulebook]


@dataclass(frozen=True, slots=True)
class FieldCheck:
    """One field of an expectation: what was expected and what was got."""

    name: str
    expected: object
    got: object

    @property
    def ok(self) -> bool:
        """Whether they agree."""
        return self.expected == self.got


@dataclass(frozen=True, slots=True)
class Check:
    """One expectation with the outcome of each of its fields."""

    expectation: Expectation
    fields: tuple[FieldCheck, ...]

    @property
    def ok(self) -> bool:
        """Whether every field agrees."""
        return all(checked.ok for checked in self.fields)


@dataclass(frozen=True, slots=True)
class ScenarioRun:
    """What a scenario came to: the account, the reasons in the order of dates, refusals and checks."""

    scenario: Scenario
    account: Account
    timeline: tuple[TraceLine, ...]
    refusals: tuple[Refusal, ...]
    checks: tuple[Check, ...]
    rulebooks: dict[str, Rulebook]

    @property
    def ok(self) -> bool:
        """Whether every expectation holds."""
        return all(check.ok for check in self.checks)


@dataclass
class _Posting:
    """The events of a scenario on their way to the policy, and what is to be told about them."""

    choose: Chooser
    events: list[Event] = field(default_factory=list)
    notes: list[TraceLine] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    errors: list[Complaint] = field(default_factory=list)
    rulebooks: dict[str, Rulebook] = field(default_factory=dict)

    def refuse(self, event: ScenarioEvent, rule: str, reason: str) -> None:
        self.refusals.append(Refusal(event.ref, event.on, rule, reason))
        self.notes.append(TraceLine(event.on, event.ref, "refusal", rule, "", {}, reason, "no effect"))

    def rules_for(self, event: ScenarioEvent) -> Rulebook | None:
        """The rulebook of the event's day; none in force is a refusal of the event, not of the file."""
        try:
            rulebook = self.choose(event.on)
        except NoRuleInForce as none:
            self.refuse(event, "rulebook", str(none))
            return None
        self.rulebooks[rulebook.label] = rulebook
        return rulebook


def run_scenario(scenario: Scenario, choose: Chooser) -> ScenarioRun:
    """Run the story under the rulebooks that `choose` names for each day.

    Refuses (`ScenarioErrors`) a clause that the rulebook of its day does not have. Events that the rules
    refuse have no effect and are reported with the reason.
    """
    posting = _Posting(choose)
    seqs = {event.ref: seq for seq, event in enumerate(scenario.events)}
    for event in scenario.events:
        if scenario.known_at is None or event.on <= scenario.known_at:
            _post(posting, event, seqs[event.ref])
    if posting.errors:
        raise ScenarioErrors(posting.errors)
    account = replay(posting.events)
    lines = [
        *posting.notes,
        *account.trace,
        *_term_warnings(account, posting.rulebooks),
        *_status_lines(account),
        *_year_lines(account),
    ]
    last = len(seqs)
    return ScenarioRun(
        scenario=scenario,
        account=account,
        timeline=tuple(sorted(lines, key=lambda line: (line.on, seqs.get(line.ref, last)))),
        refusals=tuple(sorted([*posting.refusals, *account.refusals], key=lambda r: (r.on, seqs[r.ref]))),
        checks=tuple(_check(expectation, account) for expectation in scenario.expect),
        rulebooks=posting.rulebooks,
    )


def _post(posting: _Posting, event: ScenarioEvent, seq: int) -> None:
    match event.action:
        case Action.AWARD | Action.LINES:
            _post_award(posting, event, seq)
        case Action.REPAIR:
            rulebook = posting.rules_for(event)
            if rulebook is not None:
                posting.events.append(Repair(event.ref, seq, event.on, event.points, rulebook))
        case Action.REVERSE:
            posting.events.append(Reversal(event.ref, seq, event.on, event.target))
        case Action.VARY:
            posting.events.append(Variation(event.ref, seq, event.on, event.target, event.points))
        case Action.REREGISTER:
            posting.events.append(Reregistration(event.ref, seq, event.on))
        case Action.STAY:
            posting.events.append(Stay(event.ref, seq, event.on, event.target))
        case Action.DISMISS:
            posting.events.append(Dismissal(event.ref, seq, event.on, event.target))


def _post_award(posting: _Posting, event: ScenarioEvent, seq: int) -> None:
    rulebook = posting.rules_for(event)
    if rulebook is None:
        return
    if event.clause and event.clause not in rulebook.clauses:
        known = ", ".join(rulebook.clauses)
        complaint = Complaint(f"{event.path}.clause", f"{rulebook.label} has no clause {event.clause}; it has {known}")
        posting.errors.append(complaint)
        return
    points, single = event.points, event.points
    if event.action is Action.LINES:
        points, single = _count_lines(posting, event, rulebook)
        if points == 0:
            posting.refuse(event, "award", "every line scores 0: nothing is recorded")
            return
    if event.clause:
        posting.notes.append(_clause_note(event, points, rulebook))
    posting.events.append(
        Award(
            ref=event.ref,
            seq=seq,
            on=event.on,
            points=points,
            scored_on=event.scored_on or event.on,
            rulebook=rulebook,
            single_points=single,
            months=event.months,
            articles=_articles(event, rulebook),
            clauses=frozenset({event.clause} if event.clause else ()),
        )
    )


def _count_lines(posting: _Posting, event: ScenarioEvent, rulebook: Rulebook) -> tuple[int, int]:
    counted = lines_to_points(event.lines, rulebook)
    for dropped in counted.dropped:
        parameters: dict[str, object] = {dropped.rule: getattr(rulebook, dropped.rule)}
        outcome = f"{_line_text(dropped.line)} adds nothing"
        note = TraceLine(
            event.on, event.ref, "lines", dropped.rule, rulebook.label, parameters, dropped.reason, outcome
        )
        posting.notes.append(note)
    parameters = {"same_conduct": rulebook.same_conduct, "single_scope": rulebook.single_scope}
    outcome = f"{counted.points} points, {counted.single_points} in one go"
    posting.notes.append(
        TraceLine(event.on, event.ref, "lines", "same_conduct", rulebook.label, parameters, counted.arithmetic, outcome)
    )
    return counted.points, counted.single_points


def _line_text(line: Line) -> str:
    return f"line {line.conduct} ({line.points})"


def _clause_note(event: ScenarioEvent, points: int, rulebook: Rulebook) -> TraceLine:
    """What the clause suggests beside what was given: a suggestion and a warning, never a block."""
    clause = rulebook.clauses[event.clause]
    band = f"{clause.band.minimum}–{clause.band.maximum}"
    parameters: dict[str, object] = {"band": band}
    if event.degree is not None:
        parameters[f"degrees.{event.degree}"] = rulebook.suggested_points(event.clause, event.degree)
    inside = clause.band.allows(points)
    arithmetic = f"{points} {'in' if inside else 'outside'} the band {band}"
    outcome = clause.title if inside else f"{clause.title} (needs a countersignature with a reason)"
    return TraceLine(
        event.on, event.ref, "clause", f"clauses.{clause.code}", rulebook.label, parameters, arithmetic, outcome
    )


def _term_warnings(account: Account, rulebooks: dict[str, Rulebook]) -> list[TraceLine]:
    """A line for every term that an officer chose outside the range of its row: a warning, never a block."""
    warnings: list[TraceLine] = []
    for line in account.trace:
        chosen = line.parameters.get("chosen")
        _, _, row_name = line.rule.partition("measures.suspend.months.")
        if not isinstance(chosen, int) or not row_name:
            continue
        table_name, _, points = row_name.partition(".")
        rule = rulebooks[line.rulebook].measures.suspend
        row = (rule.single if table_name == "single" and rule.single else rule.cumulative)[int(points)]
        if not row.allows(chosen):
            arithmetic = f"{chosen} months outside the range {row.minimum}–{row.maximum}"
            outcome = "needs a countersignature with a reason"
            place = f"{line.rule}.range"
            warnings.append(TraceLine(line.on, line.ref, "term", place, line.rulebook, {}, arithmetic, outcome))
    return warnings


def _articles(event: ScenarioEvent, rulebook: Rulebook) -> frozenset[int]:
    """The articles of the basis: as written, else those that the clause refers to."""
    if event.articles is not None:
        return event.articles
    return frozenset(rulebook.clauses[event.clause].articles) if event.clause else frozenset()


def _status_lines(account: Account) -> list[TraceLine]:
    """A line for every day on which the status, its last day or the right to reapply changes."""
    lines: list[TraceLine] = []
    before = StatusOn(account.status_on(date.min).status)
    for day in account.boundaries():
        now = account.status_on(day)
        if (now.status, now.until, now.may_reapply) != (before.status, before.until, before.may_reapply):
            ref = ", ".join(now.awards or before.awards)
            lines.append(TraceLine(day, ref, "status", "status", "", {}, "", _status_text(now)))
        before = now
    return lines


def _status_text(status: StatusOn) -> str:
    until = f" until {status.until}" if status.until else ""
    return f"{status.status}{until}{', may reapply' if status.may_reapply else ''}"


def _year_lines(account: Account) -> list[TraceLine]:
    """A line for every 1 January on which points held the day before are no longer shown."""
    lines: list[TraceLine] = []
    for year in sorted({award.year for award in account.awards}):
        held, shown = account.total(year, date(year, 12, 31)), account.points_on(date(year + 1, 1, 1))
        if held and held != shown:
            arithmetic = f"T({year}) = {held}, T({year + 1}) = {shown}"
            first = date(year + 1, 1, 1)
            lines.append(TraceLine(first, "", "year", "cycle", "", {}, arithmetic, f"{shown} points"))
    return lines


def _check(expectation: Expectation, account: Account) -> Check:
    status = account.status_on(expectation.on)
    got: dict[str, object] = {
        "points": account.points_on(expectation.on),
        "status": status.status,
        "until": status.until,
        "may_reapply": status.may_reapply,
        "reminders": account.reminders_of(expectation.on.year, expectation.on),
    }
    fields = tuple(FieldCheck(name, value, got[name]) for name, value in expectation.fields.items())
    return Check(expectation, fields)
