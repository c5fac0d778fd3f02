"""Writes what a roster changes: one statement a table and kind of change, new rows in batches.

All in the caller's transaction. Between two batches the run is told, and may stop there.
"""

import base64
import secrets
from collections.abc import Iterator
from datetime import date, datetime

from django.db import connection
from django.db.backends.utils import CursorWrapper

from institutions import codes, published_files
from institutions.identifiers import SLUG_BYTES, new_id, new_id_range
from institutions.models import Institution
from institutions.services.roster_changes import Changes, stage_readings
from institutions.services.roster_runs import Run
from institutions.services.roster_sql_apply import (
    CHANGE_CODES,
    CHANGE_PEOPLE,
    CHANGE_PLACES,
    CHANGE_SPELLS,
    END_MISSING,
    INSERT_CODES,
    INSERT_PEOPLE,
    INSERT_SPELLS,
    NEW_SPELLS_IN_ORDER,
    TOUCH_MISSING,
    TOUCH_PEOPLE,
    TOUCH_PEOPLE_AT,
    UNREAD_NAMES,
)

BATCH = 100_000
SLUG_LENGTH = 16


def apply_changes(changes: Changes, run: Run, now: datetime) -> None:
    """Write every change that the staging tables hold.

    Spells are changed before new ones begin, so that one may end and the next start in the same roster. People at an
    institution whose name or place changed are marked as changed too, since their scorecards show it.
    """
    with connection.cursor() as cursor:
        _insert_places(cursor)
        if changes.changed_places:
            cursor.execute(CHANGE_PLACES)
        _stage_readings(cursor)
        _insert_people(cursor, changes, run, now)
        _change_people(cursor, now)
        cursor.execute(CHANGE_CODES)
        cursor.execute(CHANGE_SPELLS)
        run.progress(applied=changes.changed_spells)
        _insert_spells(cursor, changes, run)
        cursor.execute(TOUCH_PEOPLE, {"now": now})
        if changes.changed_places:
            cursor.execute(TOUCH_PEOPLE_AT, {"now": now, "places": changes.changed_places})
    published_files.withdraw_all()  # whom a roster touches is known to the database only; files are soon written again


def _insert_places(cursor: CursorWrapper) -> None:
    cursor.execute(
        "SELECT place_code, place_name, place_kind, region FROM roster_place WHERE place_id IS NULL ORDER BY first_n"
    )
    places = [
        Institution(
            id=new_id(),
            code=code,
            code_flagged=not codes.is_usual_institution_code(code),
            name=name,
            kind=kind,
            region_id=region,
        )
        for code, name, kind, region in cursor.fetchall()
    ]
    Institution.objects.bulk_create(places, batch_size=5000)
    cursor.execute(
        "UPDATE roster_place r SET place_id = i.id FROM institutions_institution i "
        "WHERE r.place_id IS NULL AND i.code = r.place_code"
    )


def _stage_readings(cursor: CursorWrapper) -> None:
    """Work out pinyin and initials of the names that are new or changed, each once."""
    cursor.execute("CREATE TEMPORARY TABLE roster_reading (name text, pinyin text, initials text)")
    cursor.execute(UNREAD_NAMES)
    stage_readings([name for (name,) in cursor.fetchall()], cursor)
    cursor.execute("ANALYZE roster_reading")


def _insert_people(cursor: CursorWrapper, changes: Changes, run: Run, now: datetime) -> None:
    cursor.execute("CREATE TEMPORARY TABLE roster_slug (rn bigint, slug text)")
    with cursor.copy("COPY roster_slug FROM STDIN") as copy:
        for first in range(1, changes.new_people + 1, BATCH):
            last = min(first + BATCH - 1, changes.new_people)
            copy.write("".join(f"{rn}\t{slug}\n" for rn, slug in enumerate(_slugs(last - first + 1), start=first)))
    cursor.execute("ANALYZE roster_slug, roster_new")
    patterns = {scheme: f"^({pattern.pattern})$" for scheme, pattern in codes.PRACTITIONER_CODES.items()}
    for first in range(1, changes.new_people + 1, BATCH):
        cursor.execute(INSERT_PEOPLE, {"now": now, "first": first, "last": first + BATCH - 1})
        run.progress()
    cursor.execute(INSERT_CODES, {"now": now, **patterns})


def _change_people(cursor: CursorWrapper, now: datetime) -> None:
    """Write names, categories and confirmations that differ, if any do.

    On a first load none do. After one that was killed the planner takes the table for empty, however much the next one
    has put in by now, and would go through all names for each person.
    """
    cursor.execute("SELECT EXISTS (SELECT FROM roster_change)")
    (any_differ,) = cursor.fetchone()
    if any_differ:
        cursor.execute("ANALYZE roster_change")
        cursor.execute(CHANGE_PEOPLE, {"now": now})


def _insert_spells(cursor: CursorWrapper, changes: Changes, run: Run) -> None:
    cursor.execute(NEW_SPELLS_IN_ORDER)
    ids = new_id_range()
    for first in range(1, changes.new_spells + 1, BATCH):
        cursor.execute(INSERT_SPELLS, {"ids": ids, "first": first, "last": first + BATCH - 1})
        run.progress(applied=min(BATCH, changes.new_spells - first + 1))


def _slugs(count: int) -> Iterator[str]:
    """Unguessable public ids, as `identifiers.new_slug` makes them, many at once."""
    letters = base64.b32encode(secrets.token_bytes(SLUG_BYTES * count)).decode("ascii").lower()
    return (letters[place : place + SLUG_LENGTH] for place in range(0, len(letters), SLUG_LENGTH))


def end_missing(on: date, now: datetime) -> int:
    """End the registrations of `roster_missing` that may be ended, with `on` as their last day; return how many."""
    with connection.cursor() as cursor:
        cursor.execute(END_MISSING, {"on": on})
        ended = int(cursor.rowcount)
        cursor.execute(TOUCH_MISSING, {"now": now})
    published_files.withdraw_all()
    return ended
