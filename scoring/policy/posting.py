"""What is settled once, when an event is posted, in the order of posting.

Corrections remember what the person was under just before them, so that no day gets worse;
re-registrations are accepted or refused for good; an officer's choice of months remembers the table
row that it was made for. Everything else is replayed in the order of dates (``replay``).
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass, field, replace
from datetime import date

from scoring.policy.account import KIND_GRAVITY, Account, Refusal, Status
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
from scoring.policy.spans import Span

RowKey = tuple[str, int]  # (table, points)


@dataclass(frozen=True, slots=True)
class Cap:
    """The days a correction found under measures, by gravity: nothing posted before may exceed them."""

    seq: int
    on: date
    under: dict[int, tuple[Span, ...]]
    waiting: dict[str, int]  # awards under an open stay: days not served, which run after the dismissal
    records: frozenset[str]  # of the person as they were then: a merge afterwards does not spread it

    @staticmethod
    def of(found: Replayed, seq: int, on: date, records: frozenset[str]) -> Cap:
        """The days of the account under a measure at least as grave, per gravity."""
        under = {
            gravity: tuple((m.starts_on, m.ends_on) for m in found.account.measures if KIND_GRAVITY[m.kind] >= gravity)
            for gravity in set(KIND_GRAVITY.values())
        }
        return Cap(seq, on, under, found.waiting, records)


@dataclass
class Standing:
    """The events that stand after everything posted so far, and what was settled at posting."""

    awards: dict[str, Award] = field(default_factory=dict)
    repairs: list[Repair] = field(default_factory=list)
    reregistrations: list[Reregistration] = field(default_factory=list)
    stays: list[Stay | Dismissal] = field(default_factory=list)
    licence_losses: list[LicenceLoss] = field(default_factory=list)
    caps: list[Cap] = field(default_factory=list)
    chosen_rows: dict[str, RowKey | None] = field(default_factory=dict)
    refusals: list[Refusal] = field(default_factory=list)
    merges: list[Merge] = field(default_factory=list)
    records: frozenset[str] = frozenset()

    def era(self, seq: int, records: Container[str]) -> int:
        """How many re-registrations of these records were accepted before ``seq``."""
        return sum(1 for r in self.reregistrations if r.seq < seq and r.record in records)

    def stayed(self, ref: str) -> bool:
        """Whether an accepted appeal against ``ref`` is still open."""
        about = [s for s in self.stays if s.award == ref]
        return bool(about) and isinstance(about[-1], Stay)


@dataclass(frozen=True, slots=True)
class Replayed:
    """One replay of what stands: the account, the table row of each suspension, days that wait under a stay."""

    account: Account
    rows: dict[str, RowKey]
    waiting: dict[str, int]


Replay = Callable[[Standing], Replayed]


def settle(events: Iterable[Event], replay: Replay) -> Standing:
    """What stands after all ``events`` were posted; each is settled with what was posted on its own record, and from
    a merge on with what was posted on both. Refuses (ValueError) records that no merge joins."""
    people: dict[str, Standing] = {}
    person_of: dict[str, str] = {}

    def person(record: str) -> str:
        while record in person_of:
            record = person_of[record]
        return record

    for event in sorted(events, key=lambda e: (e.seq, isinstance(e, Merge))):
        key = person(event.record)
        standing = people.setdefault(key, Standing(records=frozenset({event.record})))
        if isinstance(event, Merge):
            into = person(event.into)
            kept = people.get(into, Standing(records=frozenset({event.into})))
            people[into] = joined(kept, people.pop(key), event)
            person_of[key] = into
        else:
            post(standing, event, replay)
    if len(people) > 1:
        raise ValueError(f"events of {len(people)} people: {sorted(people)}")
    return next(iter(people.values()), Standing())


def joined(kept: Standing, gone: Standing, merge: Merge) -> Standing:
    """One person's standing out of two records'; what was settled on either stays settled."""
    return Standing(
        awards={a.ref: a for a in sorted([*kept.awards.values(), *gone.awards.values()], key=_seq)},
        repairs=sorted([*kept.repairs, *gone.repairs], key=_seq),
        reregistrations=sorted([*kept.reregistrations, *gone.reregistrations], key=_seq),
        stays=sorted([*kept.stays, *gone.stays], key=_seq),
        licence_losses=sorted([*kept.licence_losses, *gone.licence_losses], key=_seq),
        caps=sorted([*kept.caps, *gone.caps], key=lambda cap: cap.seq),
        chosen_rows=kept.chosen_rows | gone.chosen_rows,
        refusals=[*kept.refusals, *gone.refusals],
        merges=[*kept.merges, *gone.merges, merge],
        records=kept.records | gone.records,
    )


def _seq(event: Event) -> int:
    return event.seq


def post(standing: Standing, event: Event, replay: Replay) -> None:
    """Add one event to what stands, or note why it has no effect."""
    if isinstance(event, Award):
        _post_award(standing, event, replay)
    elif isinstance(event, (Reversal, Variation)):
        _post_correction(standing, event, replay)
    elif isinstance(event, Reregistration):
        _post_reregistration(standing, event, replay)
    elif isinstance(event, (Stay, Dismissal)):
        _post_stay(standing, event)
    elif isinstance(event, Repair):
        standing.repairs.append(event)
    elif isinstance(event, LicenceLoss):
        standing.licence_losses.append(event)


def _refuse(standing: Standing, event: Event, rule: str, reason: str, **values: object) -> None:
    standing.refusals.append(Refusal(event.ref, event.on, rule, reason, values))


def _post_award(standing: Standing, event: Award, replay: Replay) -> None:
    if event.points < 1:
        _refuse(standing, event, "award", "an award needs at least 1 point")
        return
    if event.ref in standing.awards:
        _refuse(standing, event, "award", f"{event.ref} was already posted")
        return
    standing.awards.pop(event.replaces, None)  # put back whole by a court: judged freely, like any late posting
    standing.awards[event.ref] = event
    if event.months is not None:
        standing.chosen_rows[event.ref] = replay(standing).rows.get(event.ref)


def _post_correction(standing: Standing, event: Reversal | Variation, replay: Replay) -> None:
    award = standing.awards.get(event.award)
    if award is None:
        _refuse(standing, event, "correction", f"no standing award {event.award}")
        return
    if isinstance(event, Variation) and not 1 <= event.points < award.points:
        reason = f"a variation needs at least 1 and fewer than {award.points} points, got {event.points}"
        _refuse(standing, event, "variation", reason)
        return
    if standing.stayed(event.award):  # the appeal is over with its outcome, and so is its stay
        standing.stays.append(Dismissal(event.ref, event.seq, event.on, event.award, event.record))
    standing.caps.append(Cap.of(replay(standing), event.seq, event.on, standing.records))
    if isinstance(event, Reversal):
        del standing.awards[event.award]
        return
    single = min(award.single_points, event.points if event.single_points is None else event.single_points)
    standing.awards[event.award] = replace(award, points=event.points, single_points=min(single, event.points))


def _post_reregistration(standing: Standing, event: Reregistration, replay: Replay) -> None:
    status = replay(standing).account.status_on(event.on)
    if status.status is not Status.TERMINATED:
        _refuse(standing, event, "reregistration", f"status on {event.on} is {status.status}, not terminated")
    elif not status.may_reapply:
        _refuse(standing, event, "reregistration", f"the bar runs until {status.until}", until=status.until)
    else:
        standing.reregistrations.append(event)


def _post_stay(standing: Standing, event: Stay | Dismissal) -> None:
    award = standing.awards.get(event.award)
    if award is None:
        _refuse(standing, event, "stay", f"no standing award {event.award}")
    elif not award.rulebook.appeal_stays:
        _refuse(standing, event, "appeal_stays", f"under {award.rulebook.id} an appeal stays nothing")
    elif isinstance(event, Stay) == standing.stayed(event.award):
        state = "already stayed" if isinstance(event, Stay) else "not stayed"
        _refuse(standing, event, "stay", f"{event.award} is {state}")
    else:
        standing.stays.append(event)
