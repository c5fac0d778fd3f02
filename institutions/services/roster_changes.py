"""What the accepted rows would change: counted before anything is written, so that a dry run can say it too."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.db.backends.utils import CursorWrapper

from institutions.identifiers import new_id_range
from institutions.masking import mask_name
from institutions.pinyin import name_reading
from institutions.roster.report import ImportReport, PossibleMatch
from institutions.roster.staging import ESCAPES
from institutions.services.roster_sql_changes import (
    CHANGED_PLACES,
    CODELESS_PROVISIONAL,
    CONFIRMED,
    COUNT_CODES,
    COUNT_SPELLS,
    NEW_PEOPLE,
    NEW_PLACES,
    PEOPLE_AT,
    PEOPLE_CHANGES,
    TOUCHED,
)
from institutions.services.roster_sql_same import COUNT_SAME

READINGS_BATCH = 20_000


@dataclass(frozen=True, slots=True)
class Renaming:
    """A person whose name on the roster is another than on record."""

    person_id: UUID
    before: str
    name: str


@dataclass(frozen=True, slots=True)
class Changes:
    """What is small enough to be held and told: everything else stays in the staging tables."""

    new_places: int
    changed_places: list[UUID]
    new_people: int
    renamed: list[Renaming]
    confirmed: list[UUID]
    new_spells: int
    changed_spells: int


def work_out(report: ImportReport) -> Changes:
    """Fill `roster_change`, `roster_new` and `roster_touched`, and the report's counts."""
    with connection.cursor() as cursor:
        cursor.execute(NEW_PLACES)
        (new_places,) = cursor.fetchone()
        cursor.execute(CHANGED_PLACES)
        changed_places = cursor.fetchall()
        renamed = _people(cursor)
        cursor.execute(NEW_PEOPLE, {"ids": new_id_range()})
        cursor.execute("SELECT count(*) FROM roster_new")
        (new_people,) = cursor.fetchone()
        cursor.execute(CONFIRMED)
        confirmed = [person for (person,) in cursor.fetchall()]
        cursor.execute(COUNT_CODES)
        cursor.execute(TOUCHED)
        cursor.execute(COUNT_SPELLS, {"places": [first_n for _id, first_n in changed_places]})
        new_spells, changed_spells, updated, unchanged, touched = cursor.fetchone()
        cursor.execute(COUNT_SAME)
        (same,) = cursor.fetchone()
        report.possible_matches += _possible_matches(cursor)
    report.created, report.updated, report.unchanged = new_spells, updated, unchanged + same
    report.institutions_created, report.institutions_updated = new_places, len(changed_places)
    report.practitioners_created, report.practitioners_updated = new_people, touched
    report.confirmed = len(confirmed)
    return Changes(
        new_places, [place for place, _n in changed_places], new_people, renamed, confirmed, new_spells, changed_spells
    )


def stage_readings(names: Sequence[str], cursor: CursorWrapper) -> None:
    """Put pinyin and initials of names into `roster_reading`; each name once."""
    with cursor.copy("COPY roster_reading FROM STDIN") as copy:
        for first in range(0, len(names), READINGS_BATCH):
            lines = []
            for name in names[first : first + READINGS_BATCH]:
                pinyin, initials = name_reading(name)
                lines.append(f"{name.translate(ESCAPES)}\t{pinyin}\t{initials}\n")
            copy.write("".join(lines))


def _people(cursor: CursorWrapper) -> list[Renaming]:
    """Find what the rows say otherwise of people on record; a masked name says nothing of a full one."""
    cursor.execute(PEOPLE_CHANGES)
    cursor.execute("SELECT person_id, old_name, name FROM roster_change WHERE name <> old_name")
    renamed, masked = [], []
    for person_id, before, name in cursor.fetchall():
        if mask_name(before) == name:
            masked.append(person_id)
        else:
            renamed.append(Renaming(person_id, before, name))
    if masked:
        cursor.execute("UPDATE roster_change SET name = old_name WHERE person_id = ANY (%s)", [masked])
    cursor.execute(
        "DELETE FROM roster_change WHERE name = old_name AND category = old_category AND NOT is_confirmed "
        "AND digest IS NOT DISTINCT FROM old_digest"
    )
    return renamed


def _possible_matches(cursor: CursorWrapper) -> Iterator[PossibleMatch]:
    """New people who may be the provisional person of a case there; an officer decides, names never do."""
    cursor.execute(CODELESS_PROVISIONAL)
    waiting: dict[tuple[str, str], str] = {(place, name): slug for place, name, slug in cursor.fetchall()}
    if not waiting:
        return
    cursor.execute(PEOPLE_AT, {"places": sorted({place for place, _name in waiting})})
    for n, place, name in cursor.fetchall():
        for like in {name, mask_name(name)}:
            slug = waiting.get((place, like))
            if slug:
                yield PossibleMatch(n, slug)
