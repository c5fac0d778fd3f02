"""Bar charts as SVG: the numbers for the template, worked out here. No script; a table with the same numbers beside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

ROW, BAR, LABELS, LENGTH, NUMBERS = 26, 16, 44, 230, 66  # units of the picture; about pixels on a phone


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its label before it, its number behind it, and where it lies. A suppressed one has no length."""

    label: str
    number: str
    x: int
    y: int
    width: int
    height: int
    text_y: int
    number_x: int


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars below each other in a box of `width` × `height`; they begin at `base`."""

    bars: tuple[Bar, ...]
    width: int
    height: int
    base: int


def bars(counted: Sequence[tuple[str, int | None]], *, suppressed: str) -> Chart:
    """Draw counts as bars, the largest as long as the box; None (too few to tell) is written as `suppressed`."""
    largest = max((count or 0 for _label, count in counted), default=0) or 1
    drawn = []
    for place, (label, count) in enumerate(counted):
        length = round(LENGTH * (count or 0) / largest)
        top = place * ROW
        drawn.append(
            Bar(
                label=label,
                number=suppressed if count is None else str(count),
                x=LABELS,
                y=top + (ROW - BAR) // 2,
                width=length,
                height=BAR,
                text_y=top + ROW - 8,
                number_x=LABELS + length + 6,
            )
        )
    return Chart(tuple(drawn), LABELS + LENGTH + NUMBERS, len(counted) * ROW, LABELS)
