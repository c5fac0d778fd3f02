"""Which rows of one person at one institution clash. Pure but for the names of refusals.

Rows are taken in the order of their first days, since a row that ends one spell makes room for the next.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from institutions.roster.refusals import Refusal


@dataclass(frozen=True, slots=True)
class Candidate:
    """A row that states a spell; `ends_on` None is still running."""

    n: int
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class Standing:
    """A spell on record."""

    starts_on: date
    ends_on: date | None


def refused_spells(candidates: Sequence[Candidate], standing: Sequence[Standing]) -> list[tuple[int, Refusal, str]]:
    """Return the rows that cannot be taken, with the reason and the row or span they clash with."""
    spells: dict[date, date | None] = {spell.starts_on: spell.ends_on for spell in standing}
    stated: dict[date, int] = {}
    refused: list[tuple[int, Refusal, str]] = []
    for row in sorted(candidates, key=lambda item: (item.starts_on, item.n)):
        if row.starts_on in stated:
            refused.append((row.n, Refusal.SAME_SPELL, str(stated[row.starts_on])))
            continue
        clash = _clash(row, spells)
        if clash is not None:
            refused.append((row.n, Refusal.OVERLAP, f"{clash} – {spells[clash] or '…'}"))
            continue
        spells[row.starts_on] = row.ends_on
        stated[row.starts_on] = row.n
    return refused


def _clash(row: Candidate, spells: dict[date, date | None]) -> date | None:
    for starts_on, ends_on in spells.items():
        apart = starts_on > (row.ends_on or date.max) or row.starts_on > (ends_on or date.max)
        if starts_on != row.starts_on and not apart:
            return starts_on
    return None
