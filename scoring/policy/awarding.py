"""From the lines of one decision to the points of one award (§5 item 1)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scoring.policy.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class Line:
    """One finding scored under one clause: ``from_on``/``to_on`` bound the act, both included."""

    conduct: str
    points: int
    from_on: date | None = None
    to_on: date | None = None
    key: str = ""


@dataclass(frozen=True, slots=True)
class Dropped:
    """A line that adds no points, with the rule and the reason."""

    line: Line
    rule: str
    reason: str


@dataclass(frozen=True, slots=True)
class AwardPoints:
    """What a decision's lines come to. ``single_points`` is what counts as "in one go"."""

    points: int
    single_points: int
    by_conduct: tuple[tuple[str, int], ...]
    dropped: tuple[Dropped, ...]
    arithmetic: str


def lines_to_points(
    lines: Iterable[Line], rulebook: Rulebook, already_scored: frozenset[str] = frozenset()
) -> AwardPoints:
    """Add up the lines of one person in one decision.

    Lines of one conduct count once at the highest (or are summed, where the rulebook says so);
    different conducts add. A finding wholly before ``conduct_cutoff`` and a conduct already scored
    for the person in a linked case (``already_scored``) add nothing, with that reason.
    """
    counted: dict[str, list[Line]] = {}
    dropped: list[Dropped] = []
    for line in lines:
        refusal = _why_not(line, rulebook, already_scored)
        if refusal is not None:
            dropped.append(refusal)
        else:
            counted.setdefault(line.conduct, []).append(line)
    by_conduct: list[tuple[str, int]] = []
    for conduct, same in counted.items():
        if rulebook.same_conduct == "sum":
            by_conduct.append((conduct, sum(x.points for x in same)))
            continue
        highest = max(same, key=lambda x: x.points)
        by_conduct.append((conduct, highest.points))
        dropped += [
            Dropped(x, "same_conduct", f"{conduct}: the same conduct counts once, at {highest.points}")
            for x in same
            if x is not highest
        ]
    points = sum(p for _, p in by_conduct)
    single = max((p for _, p in by_conduct), default=0) if rulebook.single_scope == "conduct" else points
    arithmetic = " + ".join(f"{conduct} {p}" for conduct, p in by_conduct) or "nothing counts"
    return AwardPoints(points, single, tuple(by_conduct), tuple(dropped), f"{arithmetic} = {points}")


def _why_not(line: Line, rulebook: Rulebook, already_scored: frozenset[str]) -> Dropped | None:
    ended = line.to_on or line.from_on
    cutoff = rulebook.conduct_cutoff
    if cutoff is not None and ended is not None and ended < cutoff:
        return Dropped(line, "conduct_cutoff", f"the act ended {ended}, before scheme start {cutoff}")
    if line.conduct in already_scored:
        return Dropped(line, "same_conduct", f"{line.conduct} was already scored in a linked case")
    return None
