"""What may happen to one person around one decision that will fall: the same for the same number.

The decision goes through the whole procedure of a case. Before it, after it and after its fall other awards are posted
(some late, with an effect before it), repairs are earned, HR reads the record. Terms are left to the rules, and nobody
is registered anew: what an officer chose for one row, and what was accepted once, stays by design and has no twin.
"""

import random
from dataclasses import dataclass
from datetime import date, timedelta

from tests.walks.story import CLAUSES, PLACES, Place

FIRST, LAST = date(2025, 7, 15), date(2026, 5, 31)
PROCEDURE_DAYS = 25  # from the notice of intent to the decision: longer than every statement window
WAYS = ("appeal", "set_aside", "annulment")
SIZES = (2, 3, 4, 5, 6, 8, 9, 10, 11, 12)
SIZES_THAT_CAN_SHRINK = (2, 3, 5, 6, 8, 9, 11, 12)


@dataclass(frozen=True)
class TaleLine:
    """One finding of the decision: the act, the points, and what a variation leaves of them."""

    conduct: str
    points: int
    left: int


@dataclass(frozen=True)
class Other:
    """Another award: posted on a day, effective then or before."""

    number: int
    posted_on: date
    effective_on: date
    points: int
    site: str


@dataclass(frozen=True)
class Tale:
    """One person, the decision that falls, and everything beside it. ``way``: by which door it falls."""

    number: int
    place: Place
    sites: tuple[str, ...]
    lines: tuple[TaleLine, ...]
    served_on: date
    undone_on: date
    ends_on: date
    way: str
    others: tuple[Other, ...]
    repairs: tuple[tuple[date, int], ...]
    readings: tuple[tuple[date, str], ...]

    @property
    def opened_on(self) -> date:
        """The day on which the person was told what is intended."""
        return self.served_on - timedelta(days=PROCEDURE_DAYS)


def clause_of(points: int) -> str:
    """A clause in whose band the points lie."""
    return next(clause for top, clause in CLAUSES.items() if points <= top)


def tale(number: int, *, seed: int = 20261123) -> Tale:
    """The tale of a number; the packs take turns."""
    dice = random.Random(f"undo {seed}:{number}")
    place = PLACES[number % len(PLACES)]
    sites = [place.sites[0]]
    if dice.random() < 0.6:
        sites.append(dice.choice([place.sites[1], dice.choice(PLACES).sites[1]]))
    served = FIRST + timedelta(days=dice.randrange((LAST - FIRST).days))
    undone = served + timedelta(days=dice.choice([1, 9, 20, 45, 90, 200, 400]))
    ends = undone + timedelta(days=dice.choice([2, 30, 120]))
    return Tale(
        number=number,
        place=place,
        sites=tuple(sites),
        lines=_lines(dice),
        served_on=served,
        undone_on=undone,
        ends_on=ends,
        way=dice.choice(WAYS),
        others=tuple(_others(dice, sites, served, ends)),
        repairs=_repairs(dice, place, served, ends),
        readings=tuple(
            (served + timedelta(days=dice.randrange(1, 30)), dice.choice(PLACES).sites[0])
            for _ in range(dice.randrange(3))
        ),
    )


def _lines(dice: random.Random) -> tuple[TaleLine, ...]:
    """One to three findings, some about the same act; a variation leaves less of the first, or lets it fall."""
    count = dice.choice([1, 1, 2, 2, 3])
    points = [dice.choice(SIZES if count > 1 else SIZES_THAT_CAN_SHRINK) for _ in range(count)]
    acts = [dice.choice("xy") if count > 1 else "x" for _ in range(count)]
    lines = [TaleLine(act, worth, worth) for act, worth in zip(acts, points, strict=True)]
    fallen = max(range(count), key=lambda place: points[place])
    least = next(top for top in CLAUSES if points[fallen] <= top) - 2  # of the same clause
    shrinks = points[fallen] > least and acts.count(acts[fallen]) == 1
    left = least if shrinks and (count == 1 or dice.random() < 0.5) else 0
    lines[fallen] = TaleLine(acts[fallen], points[fallen], left)
    return tuple(lines)


def _others(dice: random.Random, sites: list[str], served: date, ends: date) -> list[Other]:
    found = []
    for number in range(dice.choice([0, 1, 1, 2, 3])):
        posted = served + timedelta(days=dice.randrange(-60, (ends - served).days))
        late = dice.choice([0, 0, 0, 5, 40])
        effective = max(date(2025, 6, 2), posted - timedelta(days=late))
        found.append(Other(number, max(posted, effective), effective, dice.choice(SIZES), dice.choice(sites)))
    return sorted(found, key=lambda other: other.posted_on)


def _repairs(dice: random.Random, place: Place, served: date, ends: date) -> tuple[tuple[date, int], ...]:
    """Points earned back where the pack knows it."""
    if place.pack != "tianjin":
        return ()
    days = [served + timedelta(days=dice.randrange(5, max(6, (ends - served).days))) for _ in range(dice.randrange(3))]
    return tuple((day, 1) for day in sorted(days))
