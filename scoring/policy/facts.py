"""Events as plain facts that survive JSON, and back: for traces and for decision letters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import date
from typing import TYPE_CHECKING

from scoring.policy.events import (
    Award,
    Dismissal,
    Event,
    LicenceLoss,
    Merge,
    Repair,
    Reregistration,
    Reversal,
    Stay,
    Variation,
)

if TYPE_CHECKING:
    from scoring.policy.rulebook import Rulebook

Fact = dict[str, "str | int | list[str] | list[int] | None"]

KINDS: dict[str, type[Event]] = {
    "award": Award,
    "reversal": Reversal,
    "variation": Variation,
    "repair": Repair,
    "reregistration": Reregistration,
    "stay": Stay,
    "dismissal": Dismissal,
    "licence_loss": LicenceLoss,
    "merge": Merge,
}
NAMES = {kind: name for name, kind in KINDS.items()}
DATES = {"on", "scored_on", "restored_on"}


def facts_from_events(events: Iterable[Event]) -> tuple[Fact, ...]:
    """One flat mapping per event; a rulebook becomes its label, a date its ISO text."""
    return tuple(_fact(event) for event in events)


def events_from_facts(facts: Iterable[Fact], rulebooks: Mapping[str, Rulebook]) -> list[Event]:
    """The events again; ``rulebooks`` maps labels to versions (KeyError names a missing one)."""
    return [_event(fact, rulebooks) for fact in facts]


def _fact(event: Event) -> Fact:
    fact: Fact = {"event": NAMES[type(event)]}
    for field in fields(event):
        value = getattr(event, field.name)
        if field.name == "record" and not value:  # a person with one record
            continue
        if field.name == "rulebook":
            value = value.label
        elif isinstance(value, date):
            value = value.isoformat()
        elif isinstance(value, frozenset):
            value = sorted(value)
        fact[field.name] = value
    return fact


def _event(fact: Fact, rulebooks: Mapping[str, Rulebook]) -> Event:
    values: dict[str, object] = {}
    for name, value in fact.items():
        if name == "event":
            continue
        if name == "rulebook":
            values[name] = rulebooks[str(value)]
        elif name in DATES and isinstance(value, str):
            values[name] = date.fromisoformat(value)
        elif isinstance(value, list):
            values[name] = frozenset(value)
        else:
            values[name] = value
    return KINDS[str(fact["event"])](**values)  # type: ignore[arg-type]
