"""Places in the data of a file: how they are named, and complaints about them.

A path is dotted. A list item is named by its code where it has one (`clauses.D1.band`), else by its
number from 0 (`events.3.points`). Errors, provenance and line numbers all use the same paths.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Complaint:
    """One reason why data is refused, with the exact place."""

    path: str
    reason: str

    def __str__(self) -> str:
        """Place first, as an officer would look for it."""
        return f"{self.path}: {self.reason}" if self.path else self.reason


class Complaints(ValueError):
    """Data was refused; `errors` holds every reason found, each once, not only the first."""

    def __init__(self, errors: Iterable[Complaint]) -> None:
        self.errors = tuple(dict.fromkeys(errors))
        super().__init__("\n".join(str(error) for error in self.errors))


def items_by_name(items: list[object]) -> list[tuple[str, object]]:
    """The items of a list with the segment that names each in a path; a code that stands twice names the
    first.
    """
    named: list[tuple[str, object]] = []
    taken: set[str] = set()
    for index, item in enumerate(items):
        code = item.get("code") if isinstance(item, dict) else None
        segment = code if isinstance(code, str) and code and code not in taken else str(index)
        taken.add(segment)
        named.append((segment, item))
    return named
