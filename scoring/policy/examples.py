"""Worked examples of a rulebook: what one decision of so many points does by it. Computed by the rules; pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from scoring.policy.account import PolicyMeasure
from scoring.policy.events import Award
from scoring.policy.replay import replay
from scoring.policy.rulebook import Rulebook

DAYS_IN = 9  # the decision of an example takes effect on the tenth day of the version


@dataclass(frozen=True, slots=True)
class Example:
    """One decision: its points in one go, the day it takes effect, and what follows."""

    points: int
    on: date
    reminders: tuple[int, ...]
    measure: PolicyMeasure | None


def worked_examples(book: Rulebook) -> tuple[Example, ...]:
    """Return what a first decision does at every rung: at 1 point, each reminder, suspension row and the full tier."""
    if book.repeal:
        return ()
    rungs = {1, *(tier.at for tier in book.measures.reminders), *book.measures.suspend.cumulative}
    on = book.effective_from + timedelta(days=DAYS_IN)
    return tuple(_example(book, points, on) for points in sorted({*rungs, book.measures.full.at}))


def _example(book: Rulebook, points: int, on: date) -> Example:
    account = replay([Award("example", 1, on, points, on, book, points)])
    measure = max(account.measures, key=lambda each: each.ends_on, default=None)
    return Example(points, on, tuple(account.reminders_of(on.year, on)), measure)
