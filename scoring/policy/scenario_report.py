"""A run as text for people and as plain values for machines: each line with its rule, parameters and
arithmetic.
"""

from __future__ import annotations

import re
from datetime import date

from scoring.policy.account import TraceLine
from scoring.policy.rulebook import Rulebook
from scoring.policy.rulebook_parts import Provenance
from scoring.policy.scenario_files import PlacedRun
from scoring.policy.scenario_run import Check, FieldCheck

MARK = " (assumption)"


def text_of(placed: PlacedRun) -> str:
    """The timeline with the reason of each line, what was refused, and each expectation with its outcome."""
    scenario, run = placed.placed.scenario, placed.run
    known = f" · known at {scenario.known_at}" if scenario.known_at else ""
    out = [
        f"scenario: {scenario.title} ({placed.placed.file}:{placed.placed.line})",
        f"rulebook: {scenario.rulebook}{known}",
    ]
    for line in run.timeline:
        out += _timeline_text(line, run.rulebooks)
    out += [f"  refused  {r.on} {r.ref}: {r.reason} [{r.rule}]" for r in run.refusals]
    out += [_check_text(check, placed) for check in run.checks]
    return "\n".join(out)


def summary_of(runs: list[PlacedRun]) -> str:
    """One closing line: how many scenarios and expectations, and how many failed."""
    checks = [check for placed in runs for check in placed.run.checks]
    failed = sum(not check.ok for check in checks)
    outcome = f"{failed} FAILED" if failed else "all ok"
    return f"{_count(len(runs), 'scenario')}, {_count(len(checks), 'expectation')}: {outcome}"


def json_of(runs: list[PlacedRun]) -> dict[str, object]:
    """Everything that the text says, as values that JSON knows; dates as ISO texts."""
    return {"ok": all(placed.run.ok for placed in runs), "scenarios": [_scenario_json(p) for p in runs]}


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _timeline_text(line: TraceLine, rulebooks: dict[str, Rulebook]) -> list[str]:
    rule = " ".join(word for word in (line.rulebook, line.rule) if word)
    out = [f"  {line.on}  {line.ref:<8} {line.event:<14} {line.outcome}"]
    values = _parameters_text(line, rulebooks)
    reason = " · ".join(part for part in (rule, values, line.arithmetic) if part)
    if reason and line.event != "status":
        out.append(f"{'':<14}{reason}")
    return out


def _parameters_text(line: TraceLine, rulebooks: dict[str, Rulebook]) -> str:
    shown = [(key, value) for key, value in line.parameters.items() if value is not None]
    return ", ".join(f"{key}={value}{MARK if _is_assumed(line, key, rulebooks) else ''}" for key, value in shown)


def _is_assumed(line: TraceLine, key: str, rulebooks: dict[str, Rulebook]) -> bool:
    """Whether a parameter of a line is an assumption of its rulebook: looked for below the rule, then
    above it.
    """
    rulebook = rulebooks.get(line.rulebook)
    if rulebook is None:
        return False
    place = line.rule
    while True:
        found = rulebook.provenance.get(f"{place}.{key}" if place else key) or _in_list(rulebook, place, key)
        if found is not None:
            return found.assumption
        if not place:
            return False
        place = place.rpartition(".")[0]


def _in_list(rulebook: Rulebook, place: str, key: str) -> Provenance | None:
    """The weakest provenance of `key` among the items of the list at `place`, or None where there is no
    such list.
    """
    pattern = re.compile(rf"{re.escape(place)}\.\d+\.{re.escape(key)}")
    found = [provenance for path, provenance in rulebook.provenance.items() if pattern.fullmatch(path)]
    return next((p for p in found if p.assumption), found[0] if found else None)


def _check_text(check: Check, placed: PlacedRun) -> str:
    on = check.expectation.on
    if check.ok:
        return f"  ok       {on} " + ", ".join(f"{c.name} {_plain_text(c.got)}" for c in check.fields)
    line = placed.placed.document.line_of(check.expectation.path)
    wrong = "; ".join(_wrong_text(c) for c in check.fields if not c.ok)
    return f"  FAILED   {on} {wrong} ({placed.placed.file}:{line})"


def _wrong_text(checked: FieldCheck) -> str:
    return f"{checked.name}: expected {_plain_text(checked.expected)}, got {_plain_text(checked.got)}"


def _plain_text(value: object) -> str:
    if value is None:
        return "none"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _scenario_json(placed: PlacedRun) -> dict[str, object]:
    scenario, run = placed.placed.scenario, placed.run
    return {
        "file": placed.placed.file,
        "line": placed.placed.line,
        "scenario": scenario.title,
        "rulebook": scenario.rulebook,
        "known_at": _plain(scenario.known_at),
        "ok": run.ok,
        "timeline": [_timeline_json(line, run.rulebooks) for line in run.timeline],
        "refused": [{"date": r.on.isoformat(), "ref": r.ref, "rule": r.rule, "reason": r.reason} for r in run.refusals],
        "expect": [_check_json(check, placed) for check in run.checks],
    }


def _timeline_json(line: TraceLine, rulebooks: dict[str, Rulebook]) -> dict[str, object]:
    return {
        "date": line.on.isoformat(),
        "ref": line.ref,
        "event": line.event,
        "rulebook": line.rulebook,
        "rule": line.rule,
        "parameters": {key: _plain(value) for key, value in line.parameters.items()},
        "assumptions": [key for key in line.parameters if _is_assumed(line, key, rulebooks)],
        "arithmetic": line.arithmetic,
        "outcome": line.outcome,
    }


def _check_json(check: Check, placed: PlacedRun) -> dict[str, object]:
    return {
        "date": check.expectation.on.isoformat(),
        "line": placed.placed.document.line_of(check.expectation.path),
        "ok": check.ok,
        "fields": {c.name: {"expected": _plain(c.expected), "got": _plain(c.got), "ok": c.ok} for c in check.fields},
    }


def _plain(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in value]
    return value if isinstance(value, int) or value is None else str(value)
