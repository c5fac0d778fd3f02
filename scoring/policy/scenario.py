"""Scenarios: one person's story with what has to follow from it, as a lawyer would write it (golden
cases).

`parse_scenario` turns the data of one YAML document into a `Scenario`, strictly: an unknown key or a
wrong type is an error, never ignored. What the *rules* refuse (a repair over the cap, a reversal of
nothing) is no error here: it is reported when the scenario is run.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from scoring.policy.account import Status
from scoring.policy.awarding import Line
from scoring.policy.place import Complaint, Complaints
from scoring.policy.plain_json import as_json
from scoring.policy.rulebook_parts import Degree
from scoring.policy.section import Section


class ScenarioErrors(Complaints):
    """A scenario is malformed; `errors` says where and why, all at once."""


class Action(StrEnum):
    """What an event does; each is the key by which the file names it."""

    AWARD = "award"
    LINES = "lines"
    REVERSE = "reverse"
    VARY = "vary"
    REPAIR = "repair"
    REREGISTER = "reregister"
    STAY = "stay"
    DISMISS = "dismiss"


AWARD_KEYS = ("ref", "scored_on", "months", "articles", "clause", "degree")
ALLOWED = {
    Action.AWARD: AWARD_KEYS,
    Action.LINES: AWARD_KEYS,
    Action.REVERSE: (),
    Action.VARY: ("points",),
    Action.REPAIR: (),
    Action.REREGISTER: (),
    Action.STAY: (),
    Action.DISMISS: (),
}
EXPECTED_FIELDS = ("points", "status", "until", "may_reapply", "reminders")


@dataclass(frozen=True, slots=True)
class ScenarioEvent:
    """One event of a file. `ref` names it (its own, or `event-3` for the third); `target` is the ref it
    is about.
    """

    ref: str
    path: str
    action: Action
    on: date
    points: int = 0
    lines: tuple[Line, ...] = ()
    target: str = ""
    scored_on: date | None = None
    months: int | None = None
    articles: frozenset[int] | None = None
    clause: str = ""
    degree: Degree | None = None


@dataclass(frozen=True, slots=True)
class Expectation:
    """What has to be so on a day: only the named `fields` are compared."""

    path: str
    on: date
    fields: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Scenario:
    """One story. `known_at` hides the events dated after it; None knows them all, on past days too."""

    title: str
    rulebook: str
    events: tuple[ScenarioEvent, ...]
    expect: tuple[Expectation, ...]
    known_at: date | None = None


def parse_scenario(data: object) -> Scenario:
    """The scenario in one YAML document; refuses (`ScenarioErrors`) everything that the format does not
    know.
    """
    errors: list[Complaint] = []
    if not isinstance(data, Mapping):
        raise ScenarioErrors([Complaint("", "has to be a mapping with scenario, rulebook, events and expect")])
    whole = Section(as_json(data, errors), "", errors)
    whole.know_only(("scenario", "rulebook", "events"), ("expect", "known_at"))
    scenario = Scenario(
        title=whole.text("scenario"),
        rulebook=whole.text("rulebook"),
        events=_events(whole),
        expect=tuple(_expectation(section) for section in whole.sections("expect")),
        known_at=whole.day("known_at") if "known_at" in whole.items else None,
    )
    if errors:
        raise ScenarioErrors(errors)
    return scenario


def _events(whole: Section) -> tuple[ScenarioEvent, ...]:
    events: list[ScenarioEvent] = []
    refs: set[str] = set()
    for number, section in enumerate(whole.sections("events"), start=1):
        event = _event(section, f"event-{number}")
        if event is None:
            continue
        if event.ref in refs:
            section.refuse("ref", f"a second event named {event.ref!r}")
        refs.add(event.ref)
        events.append(event)
    return tuple(events)


def _event(section: Section, number: str) -> ScenarioEvent | None:
    actions = [action for action in Action if action in section.items]
    if len(actions) != 1:
        found = " and ".join(actions) if actions else "none"
        section.refuse_whole(f"has to hold exactly one of {', '.join(Action)}; found {found}")
        return None
    action = actions[0]
    required = ("date", action, "points") if action is Action.VARY else ("date", action)
    section.know_only(required, ALLOWED[action])
    if action in (Action.AWARD, Action.LINES):
        return _award(section, action, number)
    event = ScenarioEvent(number, section.path, action, section.day("date"))
    if action is Action.REPAIR:
        return _with(event, points=section.whole("repair", minimum=0))
    if action is Action.REREGISTER:
        if section.items[action] is not True:
            section.refuse(action, "can only be true")
        return event
    points = section.whole("points", minimum=0) if action is Action.VARY else 0
    return _with(event, target=section.text(action), points=points)


def _with(event: ScenarioEvent, *, points: int, target: str = "") -> ScenarioEvent:
    return ScenarioEvent(event.ref, event.path, event.action, event.on, points=points, target=target)


def _award(section: Section, action: Action, number: str) -> ScenarioEvent:
    has = section.items.__contains__
    return ScenarioEvent(
        ref=section.text("ref") if has("ref") else number,
        path=section.path,
        action=action,
        on=section.day("date"),
        points=section.whole("award", minimum=0) if action is Action.AWARD else 0,
        lines=_lines(section) if action is Action.LINES else (),
        scored_on=section.day("scored_on") if has("scored_on") else None,
        months=section.whole("months") if has("months") else None,
        articles=frozenset(section.wholes("articles")) if has("articles") else None,
        clause=section.text("clause") if has("clause") else "",
        degree=section.choice("degree", Degree) if has("degree") else None,
    )


def _lines(section: Section) -> tuple[Line, ...]:
    lines: list[Line] = []
    for line in section.sections("lines"):
        line.know_only(("conduct", "points"), ("from", "to"))
        from_on = line.day("from") if "from" in line.items else None
        to_on = line.day("to") if "to" in line.items else None
        if from_on and to_on and to_on < from_on:
            line.refuse("to", f"lies before from: {to_on} < {from_on}")
        lines.append(Line(line.text("conduct"), line.whole("points", minimum=0), from_on, to_on))
    if isinstance(section.items.get("lines"), list) and not section.items["lines"]:
        section.refuse("lines", "has to hold at least one line")
    return tuple(lines)


def _expectation(section: Section) -> Expectation:
    section.know_only(("date",), EXPECTED_FIELDS)
    fields = {name: _expected(section, name) for name in EXPECTED_FIELDS if name in section.items}
    if section.items and not fields:
        section.refuse_whole(f"expects nothing; name any of {', '.join(EXPECTED_FIELDS)}")
    return Expectation(section.path, section.day("date"), fields)


def _expected(section: Section, name: str) -> object:
    match name:
        case "points":
            return section.whole(name, minimum=0)
        case "status":
            return section.choice(name, Status)
        case "until":
            return None if section.items[name] is None else section.day(name)
        case "may_reapply":
            return section.flag(name)
        case _:
            return sorted(section.wholes(name))
