"""Bar charts as SVG: the numbers for the template, worked out here. No script; a table with the same numbers beside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

COLUMN, GAP, HEIGHT, FOOT, HEAD = 40, 8, 160, 24, 20


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its label below, its number above, and where it stands. A suppressed one has no height."""

    label: str
    number: str
    x: int
    y: int
    width: int
    height: int
    middle: int
    number_y: int


@dataclass(frozen=True, slots=True)
class Chart:
    """Columns in a box of `width` × `height`; `base` is the line on which they stand."""

    columns: tuple[Column, ...]
    width: int
    height: int
    base: int
    label_y: int


def columns(counted: Sequence[tuple[str, int | None]], *, suppressed: str) -> Chart:
    """Draw counts as columns, the largest as high as the box; None (too few to tell) is written as `suppressed`."""
    largest = max((count or 0 for _label, count in counted), default=0) or 1
    base = HEAD + HEIGHT
    drawn = []
    for place, (label, count) in enumerate(counted):
        height = round(HEIGHT * (count or 0) / largest)
        left = place * COLUMN + GAP // 2
        width = COLUMN - GAP
        drawn.append(
            Column(
                label=label,
                number=suppressed if count is None else str(count),
                x=left,
                y=base - height,
                width=width,
                height=height,
                middle=left + width // 2,
                number_y=base - height - 5,
            )
        )
    return Chart(tuple(drawn), len(counted) * COLUMN, base + FOOT, base, base + 17)
