"""Runs of days as (first, last) pairs, both included."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from scoring.policy.terms import ONE_DAY

Span = tuple[date, date]


def joined(spans: Iterable[Span]) -> list[Span]:
    """The same days as few runs in order: overlapping and adjoining runs become one."""
    result: list[Span] = []
    for first, last in sorted(s for s in spans if s[0] <= s[1]):
        if result and first <= result[-1][1] + ONE_DAY:
            result[-1] = (result[-1][0], max(result[-1][1], last))
        else:
            result.append((first, last))
    return result


def intersection(spans: Iterable[Span], cover: Iterable[Span]) -> list[Span]:
    """The days that are in both."""
    covers = joined(cover)
    return joined(
        (max(first, c_first), min(last, c_last))
        for first, last in spans
        for c_first, c_last in covers
        if max(first, c_first) <= min(last, c_last)
    )


def up_to(spans: Iterable[Span], day: date) -> list[Span]:
    """The days not after ``day``."""
    return [(first, min(last, day)) for first, last in spans if first <= day]


def after(spans: Iterable[Span], day: date) -> list[Span]:
    """The days after ``day``."""
    return [(max(first, day + ONE_DAY), last) for first, last in spans if last > day]


def count(spans: Iterable[Span]) -> int:
    """How many days there are."""
    return sum((last - first).days + 1 for first, last in spans)


def first_days(spans: Iterable[Span], days: int) -> list[Span]:
    """The first ``days`` days of the runs."""
    runs = joined(spans)
    return without_last(runs, count(runs) - days)


def without_last(spans: Iterable[Span], days: int) -> list[Span]:
    """The same runs with their last ``days`` days taken off."""
    result = list(spans)
    while result and days > 0:
        first, last = result.pop()
        length = (last - first).days + 1
        if length > days:
            result.append((first, last - timedelta(days=days)))
        days -= length
    return result
