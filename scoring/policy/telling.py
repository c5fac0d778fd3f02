"""What each award gave to tell when it was posted: the reminders it passed, the status it changed.

Asked of the events that stand, it says what would have been told had those that fell never been posted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from scoring.policy.account import PolicyMeasure, ReminderFired
from scoring.policy.events import Award, Dismissal, Event, Merge, Reversal, Stay, Variation
from scoring.policy.replay import replay


@dataclass(frozen=True, slots=True)
class Told:
    """What one award gave to tell: its reminders with the total they name, and the measures that it changed."""

    award: str
    reminders: tuple[tuple[ReminderFired, int], ...]
    changed: frozenset[tuple[object, ...]]
    first_day: date | None
    total: int


def standing_events(events: Iterable[Event]) -> list[Event]:
    """The events as though what fell had never been posted and what was varied had been posted so at once."""
    awards: dict[str, Award] = {}
    others: list[Event] = []
    for event in sorted(events, key=_seq):
        match event:
            case Award():
                awards.pop(event.replaces, None)
                awards[event.ref] = event
            case Reversal():
                awards.pop(event.award, None)
            case Variation():
                if event.award in awards:
                    awards[event.award] = _varied(awards[event.award], event)
            case _:
                others.append(event)
    kept = [e for e in others if not isinstance(e, Stay | Dismissal) or e.award in awards]
    return sorted([*awards.values(), *kept], key=_seq)


def told_by_each(events: Iterable[Event]) -> Mapping[str, Told]:
    """What every standing award gave to tell at its posting, by its ref."""
    standing = standing_events(events)
    return {event.ref: _told(event, standing) for event in standing if isinstance(event, Award)}


def _varied(award: Award, variation: Variation) -> Award:
    single = award.single_points if variation.single_points is None else variation.single_points
    return replace(award, points=variation.points, single_points=min(single, variation.points))


def _told(award: Award, standing: Sequence[Event]) -> Told:
    known = _known_with(award, standing)
    before, then = replay(known), replay([*known, award])
    changed = {_key(m): m for m in then.measures}
    for measure in before.measures:
        changed.pop(_key(measure), None)
    return Told(
        award=award.ref,
        reminders=tuple((r, then.total(r.year, award.on)) for r in then.reminders if r.award == award.ref),
        changed=frozenset(changed),
        first_day=min((m.starts_on for m in changed.values()), default=None),
        total=then.total(award.year, award.on),
    )


def _known_with(award: Award, standing: Sequence[Event]) -> list[Event]:
    """What stood on the person's account when the award was posted: of merged records only what was one by then."""
    earlier = [event for event in standing if event.seq < award.seq]
    records, grown = {award.record}, True
    while grown:
        joined = {
            r for e in earlier if isinstance(e, Merge) and {e.record, e.into} & records for r in (e.record, e.into)
        }
        grown, records = not joined <= records, records | joined
    return [event for event in earlier if event.record in records]


def _key(measure: PolicyMeasure) -> tuple[object, ...]:
    return (
        measure.award, measure.kind, measure.tier, measure.year,
        measure.starts_on, measure.ends_on, measure.months_imposed,
    )  # fmt: skip


def _seq(event: Event) -> int:
    return event.seq
