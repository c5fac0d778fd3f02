"""What other rules would make of an account: the same events under a draft, and which parameter makes the difference.

Pure. A draft changes an account only through the rules of its awards and repairs; everything else is the same replay.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from scoring.policy.account import GRAVITY, Account, Status
from scoring.policy.awarding import Line, lines_to_points
from scoring.policy.events import Award, Event, Repair
from scoring.policy.outcome import outcome_of
from scoring.policy.replay import replay
from scoring.policy.rulebook import Rulebook, RulebookErrors, parse_rulebook
from scoring.policy.rulebook_parts import PointsDatedBy
from scoring.policy.rulebook_resolve import leaves

Swap = Callable[[Rulebook, Rulebook], Rulebook]
# Everything of a pack that an account follows from; the rest says how things are told, shown or decided.
TELLING = (
    "cycle", "conduct_cutoff", "points_dated_by", "same_conduct", "single_scope", "effect_starts", "termination_end",
    "appeal_stays", "repair",
)  # fmt: skip
LADDER = ("measures.reminders", "measures.suspend", "measures.full")
_VARIANTS: dict[tuple[str, str, str], Rulebook | None] = {}


@dataclass(frozen=True, slots=True)
class Placed:
    """An award or repair whose rules a draft may change: the rules it has, those it would have, and its lines.

    Without lines the points stay as they were posted. What is not posted yet is added up under either.
    """

    old: Rulebook
    new: Rulebook
    lines: tuple[Line, ...] = ()
    is_posted: bool = True


@dataclass(frozen=True, slots=True)
class MeasureKept:
    """A measure as a comparison shows it; `ends_on` is the last day."""

    kind: str
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an account stands: points of the year, the gravest status from a day on, every measure and reminder."""

    points: int
    status: str
    since: date | None
    until: date | None
    measures: tuple[MeasureKept, ...]
    reminders: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class ParameterChange:
    """One parameter that two packs have differently; None where one has it not."""

    path: str
    before: object
    after: object


def parameter_changes(old: Rulebook, new: Rulebook) -> tuple[ParameterChange, ...]:
    """Return every parameter that differs between two resolved packs, in the order of the newer one."""
    was, will = dict(leaves(dict(old.resolved))), dict(leaves(dict(new.resolved)))
    paths = [*will, *(path for path in was if path not in will)]
    return tuple(
        ParameterChange(path, was.get(path), will.get(path))
        for path in paths
        if (path in was) != (path in will) or was.get(path) != will.get(path)
    )


def telling_groups(old: Rulebook, new: Rulebook) -> tuple[str, ...]:
    """Return the groups of parameters, differing between two packs, from which something about accounts follows."""
    changed = {change.path for change in parameter_changes(old, new)}
    groups = (*TELLING, *LADDER)
    return tuple(g for g in groups if any(path == g or path.startswith(f"{g}.") for path in changed))


def in_full(_old: Rulebook, new: Rulebook) -> Rulebook:
    """The swap that takes the new rules whole."""
    return new


def as_it_is(old: Rulebook, _new: Rulebook) -> Rulebook:
    """The swap that leaves the rules as they are."""
    return old


def only(group: str) -> Swap:
    """Return the swap that takes one group of parameters from the new rules; where that gives no pack, nothing."""

    def swap(old: Rulebook, new: Rulebook) -> Rulebook:
        return _variant(old, new, group) or old

    return swap


def redrafted(events: Iterable[Event], placed: dict[str, Placed], swap: Swap) -> Account:
    """Return the account of events of which those in `placed`, by their refs, have the rules that `swap` gives.

    Points are added up anew from the lines; an award that would come to nothing was never posted.
    """
    return replay(list(_under(events, placed, swap)))


def standing_of(account: Account, on: date) -> Standing:
    """Where an account stands from a Shanghai date on: what two accounts are compared by."""
    outcome = outcome_of(account, on)
    gravest = max(outcome.course, key=lambda each: GRAVITY[each.status.status])
    measures = sorted(
        (MeasureKept(str(m.kind), m.starts_on, m.ends_on) for m in account.measures),
        key=lambda m: (m.starts_on, m.kind, m.ends_on),
    )
    status = gravest.status
    return Standing(
        points=outcome.points,
        status=str(status.status),
        since=status.since if status.status is not Status.NORMAL else None,
        until=status.until,
        measures=tuple(measures),
        reminders=tuple(sorted((r.at, str(r.kind)) for r in account.reminders if r.year == on.year)),
    )


def causes(
    events: Sequence[Event], placed: dict[str, Placed], before: Standing, groups: Iterable[str], on: date
) -> tuple[str, ...]:
    """Return the groups of parameters each of which changes the account by itself; all of them where none does."""
    named = tuple(groups)
    alone = tuple(g for g in named if standing_of(redrafted(events, placed, only(g)), on) != before)
    return alone or named


def _under(events: Iterable[Event], placed: dict[str, Placed], swap: Swap) -> Iterator[Event]:
    for event in events:
        place = placed.get(event.ref)
        if place is None or not isinstance(event, Award | Repair):
            yield event
            continue
        book = swap(place.old, place.new)
        if isinstance(event, Repair):
            yield replace(event, rulebook=book)
            continue
        if place.is_posted and book.digest == place.old.digest:
            yield event
            continue
        award = _award(event, place, book)
        if award is not None:
            yield award


def _award(award: Award, place: Placed, book: Rulebook) -> Award | None:
    scored_on = award.on if book.points_dated_by is PointsDatedBy.EFFECTIVE else award.scored_on
    if place.is_posted and not place.lines:
        return replace(award, rulebook=book, scored_on=scored_on)
    added = lines_to_points(place.lines, book)
    if added.points < 1:
        return None
    return replace(award, rulebook=book, scored_on=scored_on, points=added.points, single_points=added.single_points)


def _variant(old: Rulebook, new: Rulebook, group: str) -> Rulebook | None:
    key = (old.digest, new.digest, group)
    if key not in _VARIANTS:
        _VARIANTS[key] = _parsed_variant(old, new, group)
    return _VARIANTS[key]


def _parsed_variant(old: Rulebook, new: Rulebook, group: str) -> Rulebook | None:
    """The old pack with one group of the new one; None where the two do not go together (a ladder with a gap)."""
    pack = {key: value for key, value in old.resolved.items() if key not in ("provenance", "extends", "assumption")}
    top, _dot, inner = group.partition(".")
    if inner:
        mine, others = old.resolved[top], new.resolved[top]
        assert isinstance(mine, dict)
        assert isinstance(others, dict)
        pack[top] = {**mine, inner: others[inner]}
    else:
        pack[top] = new.resolved[top]
    pack |= {"source": old.source or "comparison", "repeal": False}
    try:
        return parse_rulebook(pack)
    except RulebookErrors:
        return None
