"""What every kind of consequence can do. A new kind is one small class of this shape and one line in the registry."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar, Generic, TypeVar

from django.utils.formats import date_format

from institutions.json_types import JsonObject
from institutions.models import Institution, Notice
from scoring.enums import ConsequenceKind
from scoring.models import Consequence, Measure, PointsEntry

ThingT = TypeVar("ThingT")


@dataclass(frozen=True)
class GivenBack:
    """Days that a person gets back at a site: what was done there on them is payable again. Both days included."""

    site: Institution
    first: date
    last: date


@dataclass(frozen=True)
class Undoing:
    """What one reversal did, for each kind to undo its own effects by, or to see that they are undone.

    ``replacement`` is the award that stands in the place of a varied one; ``corrections`` are those sent, by the
    number of the notice that they correct and by the key of their recipient; ``still_true`` are the numbers of notices
    left as they are, since another decision makes them true.
    """

    entry: PointsEntry
    reversal: PointsEntry
    replacement: PointsEntry | None
    added: tuple[Measure, ...]
    corrections: Mapping[str, Notice]
    still_true: frozenset[str]
    now: datetime

    @property
    def standing(self) -> PointsEntry:
        """The award that later effects belong to: the replacing one, else the one undone."""
        return self.replacement or self.entry


class Kind(ABC, Generic[ThingT]):
    """One kind of effect: what it hits, how it is undone, and how both are told to a reader."""

    kind: ClassVar[ConsequenceKind]

    @abstractmethod
    def target(self, thing: ThingT) -> str:
        """Name the thing hit, at most 100 characters; the same thing is written down once per award."""

    def detail(self, thing: ThingT) -> JsonObject:
        """Keep what a reader is told of the thing, as data."""
        return {}

    def cause(self, *, entry: PointsEntry, thing: ThingT, now: datetime) -> None:
        """Write down that ``entry`` hit ``thing``, in the transaction in which it does."""
        Consequence.objects.bulk_create([self.row(entry=entry, thing=thing, now=now)], ignore_conflicts=True)

    def row(self, *, entry: PointsEntry, thing: ThingT, now: datetime) -> Consequence:
        """The row, not yet saved; whoever has many saves them at once."""
        return Consequence(
            practitioner_id=entry.practitioner_id,
            entry=entry,
            kind=self.kind,
            target=self.target(thing),
            detail=dict(self.detail(thing)),
            caused_at=now,
        )

    @abstractmethod
    def reverse(self, row: Consequence, undoing: Undoing) -> JsonObject | None:
        """Undo the effect, or see that it is undone; return how, as data; None leaves the line open."""

    @abstractmethod
    def what(self, row: Consequence) -> str:
        """Tell the effect in the active language; dates as the language writes them; no officer is named."""

    @abstractmethod
    def how(self, row: Consequence, tick: JsonObject) -> str:
        """Tell in the active language how it was undone, from what ``reverse`` returned."""


def day(value: object) -> str:
    """A stored date as the active language writes it."""
    return date_format(date.fromisoformat(str(value)), "DATE_FORMAT")
