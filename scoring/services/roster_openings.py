"""Writing down that a staff office looked at its roster, for each person on the page."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from uuid import UUID

from institutions.models import AccessDoor, Institution, RoleAssignment, User
from institutions.permissions import Permission
from institutions.services import record_access
from scoring.consequences.registry import READER
from scoring.enums import ConsequenceKind
from scoring.models import Consequence
from scoring.selectors.rosters import RosterPage
from scoring.services import readers


def note_roster(*, page: RosterPage, held: dict[Institution, RoleAssignment], by: User, now: datetime) -> None:
    """Write down whose status a user read, in the name of which institution; once a day for each person.

    Where a decision stands against a person, the institution is noted as its reader, to be told if it falls.
    """
    for institution, people in _by_institution(page).items():
        record_access.note_access(
            practitioners=people,
            door=AccessDoor.ROSTER,
            permission=Permission.NOTICE_READ,
            by=by,
            now=now,
            held=held.get(institution),
        )
        unnoted = _unnoted({key: page.awards[key] for key in people if page.awards[key]}, institution)
        if unnoted:
            readers.note_readings(practitioners=unnoted, reader=institution, now=now)


def _unnoted(awards: dict[UUID, frozenset[UUID]], reader: Institution) -> set[UUID]:
    """Return the persons with an award that the reader is not noted for yet; none, mostly, and for one query."""
    every = {award for standing in awards.values() for award in standing}
    if not every:
        return set()
    rows = Consequence.objects.filter(kind=ConsequenceKind.READER, target=READER.target(reader), entry__in=every)
    noted = set(rows.values_list("entry_id", flat=True))
    return {person for person, standing in awards.items() if standing - noted}


def _by_institution(page: RosterPage) -> dict[Institution, set[UUID]]:
    seen: dict[Institution, set[UUID]] = defaultdict(set)
    for spell in page.spells:
        seen[spell.institution].add(spell.practitioner_id)
    return seen
