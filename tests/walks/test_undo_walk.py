"""The undo walk: grant the appeal, and the world is the one in which the decision never took effect.

Each tale is lived four times, in worlds of their own: the decision takes effect and falls later; it never takes effect;
it takes effect and falls in part later; it was made that way at once. Apart from history and corrections, what is seen
then is the same: pages and JSON byte by byte, measures, status and points on every date of two years, totals, every
site's inbox; and no line of the manifest is open.

No day gets worse: where the other world would hold the person longer than they were held before the fall, the days are
cut, and there the comparison is the rule itself, day by day. Such tales are counted.
"""

import time
from collections import Counter
from collections.abc import Iterable
from datetime import date

import pytest

from tests.walks.undo_tale import tale
from tests.walks.undo_world import Seen, Town, World, rolled_back

NOT_BEFORE_THE_NIGHT = "right after"  # ends of measures that follow anew are told by the next night's work

pytestmark = pytest.mark.django_db


class Comparison:
    """Two worlds of one tale, and what is found to differ."""

    def __init__(self, town: Town, number: int, kind: str, counts: Counter[str]) -> None:
        self.tale, self.counts, self.kind = tale(number), counts, kind
        self.faults: list[str] = []
        with rolled_back():
            fallen = World(town, self.tale, falls=kind)
            self.after, self.end = fallen.live()
            self.before = fallen.before
            self.manifest = fallen.manifest()
        with rolled_back():
            is_part = kind == "part"
            refused = frozenset(fallen.refused)
            twin = World(town, self.tale, takes_effect=is_part, is_less_at_once=is_part, not_applied_for=refused)
            self.twin_after, self.twin_end = twin.live()

    def run(self) -> list[str]:
        """What differs, in words."""
        self.faults += [f"ledger: {fault}" for fault in (*self.after.faults, *self.end.faults)]
        open_lines = [line for line in self.manifest.lines if line.is_open]
        self.faults += [f"open line: {line.kind} {line.what}" for line in open_lines]
        self.counts["lines ticked"] += len(self.manifest.lines)
        self.counts["claims to resubmit"] += len(self.manifest.claims_to_resubmit)
        self._no_day_worse()
        if self._is_cut():
            self.counts["days cut, compared by the rule"] += 1
        else:
            self.counts["the same byte by byte"] += 1
            self._same(NOT_BEFORE_THE_NIGHT, self.after, self.twin_after)
            self._same("at the end", self.end, self.twin_end)
        return [
            f"tale {self.tale.number} ({self.tale.place.pack}, {self.kind}, {self.tale.way}): {f}" for f in self.faults
        ]

    def _is_cut(self) -> bool:
        """Whether the other world holds the person on a day on which they were not held as gravely before the fall."""
        return any(self.twin_after.gravity[day] > self.before[day] for day in self.before)

    def _no_day_worse(self) -> None:
        """Right after the fall each day is the lighter of what it was and what the other world says."""
        wrong = [
            day for day, was in self.before.items() if self.after.gravity[day] != min(was, self.twin_after.gravity[day])
        ]
        self.counts["days compared"] += len(self.before)
        self.counts["days given back"] += sum(self.after.gravity[d] < was for d, was in self.before.items())
        if wrong:
            self.faults.append(f"days not the lighter of both: {wrong[:3]} and {len(wrong)} in all")

    def _same(self, when: str, told: Seen, expected: Seen) -> None:
        for name in expected.pages:
            if told.pages[name] != expected.pages[name]:
                self.faults.append(f"{when}, page {name}: {_first_difference(told.pages[name], expected.pages[name])}")
        if told.measures != expected.measures:
            self.faults.append(f"{when}, measures: {told.measures}, not {expected.measures}")
        if told.days != expected.days:
            self.faults.append(f"{when}, days: {_different(told.days, expected.days)}")
        if told.totals != expected.totals:
            self.faults.append(f"{when}, totals: {told.totals}, not {expected.totals}")
        if when == NOT_BEFORE_THE_NIGHT:
            told, expected = told.until_the_night(), expected.until_the_night()
        if told.inboxes != expected.inboxes:
            self.faults.append(
                f"{when}, inboxes: +{told.inboxes - expected.inboxes} -{expected.inboxes - told.inboxes}"
            )


def walk(numbers: Iterable[int]) -> Counter[str]:
    """Live the tales and fail with everything that differs."""
    began, counts, faults = time.monotonic(), Counter[str](), list[str]()
    town = Town().settle()
    for number in numbers:
        for kind in ("whole", "part"):
            faults += Comparison(town, number, kind, counts).run()
            counts["worlds"] += 2
        counts["decisions"] += 1
        counts[f"pack {tale(number).place.pack}"] += 1
    counts["seconds"] = int(time.monotonic() - began)
    assert not faults, "\n".join([f"{len(faults)} differences, {dict(counts)}", *faults[:20]])
    return counts


def _different(told: dict[date, tuple[object, ...]], expected: dict[date, tuple[object, ...]]) -> str:
    day = next(day for day in expected if told[day] != expected[day])
    return f"{day}: {told[day]}, not {expected[day]}"


def _first_difference(told: bytes, expected: bytes) -> str:
    place = next(
        (n for n, (a, b) in enumerate(zip(told, expected, strict=False)) if a != b), min(len(told), len(expected))
    )
    part = slice(max(0, place - 60), place + 90)
    return f"{told[part].decode(errors='replace')!r}, not {expected[part].decode(errors='replace')!r}"


def test_ten_decisions_fall_as_though_they_had_never_been() -> None:
    counts = walk(range(10))

    assert counts["decisions"] == 10
    assert sum(key.startswith("pack ") for key in counts) == 6
    assert counts["the same byte by byte"] > counts["days cut, compared by the rule"]
    assert counts["days given back"] > 0
    assert counts["claims to resubmit"] > 0


@pytest.mark.endurance
def test_a_hundred_and_twenty_decisions_fall_as_though_they_had_never_been() -> None:
    counts = walk(range(120))

    assert counts["decisions"] == 120
    assert counts["the same byte by byte"] > 4 * counts["days cut, compared by the rule"]
    print(f"undo walk: {dict(counts)}")  # noqa: T201 - figures for the record
