"""What the pages of people rest on besides their accounts: where they work, the rules there, pilots, what they say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from uuid import UUID

from institutions.models import Institution, Registration
from institutions.selectors import pilots
from institutions.selectors.practitioners import families
from scoring.models import OwnStatement
from scoring.selectors import own_statements
from scoring.selectors.rulebooks import Rules, rulebook_starts


@dataclass(frozen=True)
class Surroundings:
    """Read once for any number of people, for the pages of one Shanghai date ``on``."""

    on: date
    rules: Rules
    pilots: tuple[str, ...]
    spells: Mapping[UUID, Sequence[Registration]]
    statements: Mapping[UUID, OwnStatement]

    def sites(self, person: UUID) -> list[Institution]:
        """Where the person is registered on the day, in the order of codes."""
        there = {
            spell.institution_id: spell.institution
            for spell in self.spells[person]
            if spell.starts_on <= self.on and (spell.ends_on is None or spell.ends_on >= self.on)
        }
        return sorted(there.values(), key=lambda site: site.code)

    def changes(self, person: UUID) -> list[date]:
        """The days after ``on`` on which the surroundings of a person change, the New Year among them."""
        mine = {
            day
            for spell in self.spells[person]
            for day in (spell.starts_on, spell.ends_on and spell.ends_on + timedelta(days=1))
            if day and day > self.on
        }
        return sorted(mine | self._changes_for_all)

    @cached_property
    def _changes_for_all(self) -> set[date]:
        starts = {start for start in rulebook_starts() if start > self.on}
        return {date(self.on.year + 1, 1, 1), *starts, *pilots.first_days(self.on)}


def surroundings_of(people: Collection[UUID], on: date, *, known_at: datetime | None = None) -> Surroundings:
    """What the pages of these people rest on on a Shanghai date. A handful of queries, whatever their number.

    Statements of the people are those known to be shown at an instant (None: now).
    """
    person_of = families(people)
    spells: defaultdict[UUID, list[Registration]] = defaultdict(list)
    for spell in Registration.objects.filter(practitioner__in=person_of).order_by().select_related("institution"):
        spells[person_of[spell.practitioner_id]].append(spell)
    mine = {person: spells[person_of[person]] for person in people}
    shown = own_statements.shown_of(person_of, known_at=known_at)
    return Surroundings(on, Rules(on), pilots.prefixes(on), mine, shown)
