"""What may happen to one person's points account, as plain values.

Every event carries ``seq``, its place in the order of posting (in a scenario file: the order of
the file), and ``on``, the Shanghai date on which it takes effect. Events of one day run in the
order of posting. A late posting has a high ``seq`` and an early ``on``.

``record`` says on which record of a person an event was posted; it is empty for a person with one record.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Union

if TYPE_CHECKING:
    from scoring.policy.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class Award:
    """Points of one decision for one person, effective ``on`` and counted in the year of ``scored_on``.

    ``single_points`` is what counts as "in one go" (the rulebook's ``single_scope``); ``months`` is
    the suspension term that the officer chose, in calendar months, or None for the default. ``replaces``
    names the award in whose place a higher court puts this one back; it may be gone already.
    """

    ref: str
    seq: int
    on: date
    points: int
    scored_on: date
    rulebook: Rulebook
    single_points: int
    months: int | None = None
    articles: frozenset[int] = frozenset()
    clauses: frozenset[str] = frozenset()
    replaces: str = ""
    record: str = ""

    @property
    def year(self) -> int:
        """The calendar year in which the points count."""
        return self.scored_on.year


@dataclass(frozen=True, slots=True)
class Reversal:
    """An award is undone (appeal won, basis annulled): ``award`` names it by its ref."""

    ref: str
    seq: int
    on: date
    award: str
    record: str = ""


@dataclass(frozen=True, slots=True)
class Variation:
    """An award is replaced by one with the same dates and fewer points (at least 1).

    ``single_points`` is given where single lines fell, so that what counts as "in one go" is known anew.
    """

    ref: str
    seq: int
    on: date
    award: str
    points: int
    single_points: int | None = None
    record: str = ""


@dataclass(frozen=True, slots=True)
class Repair:
    """``points`` are earned back on the day; ``rulebook`` is the one in force that day."""

    ref: str
    seq: int
    on: date
    points: int
    rulebook: Rulebook
    record: str = ""


@dataclass(frozen=True, slots=True)
class Reregistration:
    """The person is registered anew after a bar, with a new commitment."""

    ref: str
    seq: int
    on: date
    record: str = ""


@dataclass(frozen=True, slots=True)
class Stay:
    """An appeal against ``award`` was accepted: where the rulebook says so its measures wait."""

    ref: str
    seq: int
    on: date
    award: str
    record: str = ""


@dataclass(frozen=True, slots=True)
class Dismissal:
    """The appeal against ``award`` failed: the unserved days run from the day after."""

    ref: str
    seq: int
    on: date
    award: str
    record: str = ""


@dataclass(frozen=True, slots=True)
class LicenceLoss:
    """A licence or registration was revoked (clause D2) and, where known, given back.

    Ends qualification by itself from ``on`` until the day before ``restored_on``; the points of
    the decision, if any, are recorded beside it as an ordinary award.
    """

    ref: str
    seq: int
    on: date
    restored_on: date | None = None
    record: str = ""


@dataclass(frozen=True, slots=True)
class Merge:
    """From ``on`` the record ``record`` and the record ``into`` are one person's (two officers decided so).

    What either was under stays; what follows from the points of both begins on this day at the earliest.
    """

    ref: str
    seq: int
    on: date
    record: str
    into: str


# Written so that the Python 3.9 of a letter's reader understands it too (`letter_check`).
Event = Union[  # noqa: UP007
    Award, Reversal, Variation, Repair, Reregistration, Stay, Dismissal, LicenceLoss, Merge
]
