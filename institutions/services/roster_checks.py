"""Staged rows beside each other and beside what is on record: who and where they mean, and which are refused.

Set-wise, in the order places → people → spells; a row refused at one step is not looked at in the next and leaves no
trace. Where two rows contradict each other the one that begins earlier counts, then the one that stands earlier.
"""

from collections.abc import Iterable, Sequence
from itertools import groupby

from django.db import connection
from django.db.backends.utils import CursorWrapper

from institutions.masking import mask_name
from institutions.models import Registration
from institutions.roster.columns import Column
from institutions.roster.refusals import Refusal
from institutions.roster.spells import Candidate, Standing, refused_spells
from institutions.services.roster_plain import PlainFile
from institutions.services.roster_sql import (
    CLASHING_SPELLS,
    CODE_OF_TWO_DIGESTS,
    CONTRADICTED_PEOPLE,
    CONTRADICTED_PLACES,
    DROP_REFUSED,
    DROP_REFUSED_SPELLS,
    KNOWN_KEYS,
    LINK,
    LINK_DIGESTS,
    MISSING_OF_NEW_PLACE,
    ONE_KEY_A_PERSON,
    PEOPLE_AT_ODDS,
    PLACES,
    PLACES_AGAIN,
    PLACES_ANEW,
    PROVISIONAL_NAMES,
    REDO,
    REGIONS_AT_ODDS,
    ROOTS,
    SPELLS,
    WHO,
    WHO_DIGESTS,
)
from institutions.services.roster_sql_same import (
    BACK,
    CONCERNED,
    CONCERNED_BY_MERGE,
    CONTESTED,
    LEFT,
    NAMED,
    REPLACE_ROWS,
    SAME,
    STAGED,
    UNSTAGED,
)

PLACE_COLUMNS = (
    (Column.INSTITUTION_NAME, "place_name"),
    (Column.INSTITUTION_KIND, "place_kind"),
    (Column.REGION, "region"),
)
PERSON_COLUMNS = ((Column.NAME, "name"), (Column.CATEGORY, "category"))
MUCH = 0.2
REFUSE = "INSERT INTO roster_refusal (n, place, col, why, detail) "
LINK_AGAIN = "INSERT INTO roster_link "
WHO_AGAIN = "INSERT INTO roster_who "


def check_rows(regions_allowed: Sequence[str], plain: PlainFile | None, *, says_end: bool) -> None:
    """Fill `roster_refusal` and leave in the other tables what the accepted rows mean.

    `regions_allowed` are the prefixes over which the importer may import; `plain` the file, if the database
    read it itself; `says_end` is whether the roster has a column of last days. Whatever a refused row told of its
    institution and person is worked out again without it.
    """
    with connection.cursor() as cursor:
        allowed = [prefix + "%" for prefix in regions_allowed]
        _set_same_aside(cursor, allowed, plain, says_end)
        _check_places(cursor, allowed)
        cursor.execute("SELECT EXISTS (SELECT FROM roster_row WHERE digest IS NOT NULL)")
        (has_digests,) = cursor.fetchone()
        _link(cursor, has_digests)
        while True:
            while _check_people(cursor, has_digests):
                pass
            refused = _check_spells(cursor, says_end, has_digests)
            untold = _refuse_places(cursor, MISSING_OF_NEW_PLACE)
            if untold:
                _drop_refused(cursor, has_digests=has_digests)
            refused += untold
            if not (refused and has_digests):
                break
        cursor.execute(DROP_REFUSED_SPELLS)


def _check_places(cursor: CursorWrapper, allowed: list[str]) -> None:
    """Refuse rows whose institution is elsewhere, described in two ways, or unknown; each step without those before."""
    cursor.execute(PLACES)
    cursor.execute("ANALYZE roster_place")
    refused = 0
    for statement in REGIONS_AT_ODDS:
        cursor.execute(REFUSE + statement, {"allowed": allowed})
        refused += cursor.rowcount
    refused += _refuse_places(cursor, CONTRADICTED_PLACES)
    refused += _refuse_places(cursor, MISSING_OF_NEW_PLACE)
    if refused:
        _drop_refused(cursor)


def _set_same_aside(cursor: CursorWrapper, allowed: list[str], plain: PlainFile | None, says_end: bool) -> None:
    """Leave in `roster_row` only the rows that say something new, and those about the same people."""
    if not Registration.objects.exists():
        cursor.execute(NAMED.format(rows="roster_row"))
        return
    if plain is None or _is_much_left(cursor, plain):
        cursor.execute(SAME, {"says_end": says_end, "allowed": allowed})
        cursor.execute("ANALYZE roster_same")
    cursor.execute(LEFT)
    cursor.execute(CONCERNED)
    while True:
        cursor.execute(CONCERNED_BY_MERGE)
        if not cursor.rowcount:
            break
    cursor.execute(CONTESTED)
    for statement in BACK:
        cursor.execute(statement)
    for rows in [STAGED] if plain is None else [STAGED, UNSTAGED.format(rows=plain.rows_as_staged)]:
        cursor.execute("INSERT INTO roster_left " + rows)
    cursor.execute(NAMED.format(rows="roster_left"))
    for statement in REPLACE_ROWS:
        cursor.execute(statement)


def _is_much_left(cursor: CursorWrapper, plain: PlainFile) -> bool:
    """Whether many rows of a file are not written as the record is, such as dates of another form."""
    cursor.execute("SELECT count(*) FROM roster_row")
    (left,) = cursor.fetchone()
    return int(left) > plain.rows * MUCH


def _refuse_places(cursor: CursorWrapper, statement: str) -> int:
    refused = 0
    for place, (column, field) in enumerate(PLACE_COLUMNS):
        cursor.execute(REFUSE + statement.format(field=field), {"place": place, "column": column.value})
        refused += cursor.rowcount
    return refused


def _link(cursor: CursorWrapper, has_digests: bool) -> None:
    """Say of every row whom it means: one key a person, with the records that have their code or identity number."""
    if has_digests:
        cursor.execute(REFUSE + CODE_OF_TWO_DIGESTS)
        if cursor.rowcount:
            _drop_refused(cursor)
    cursor.execute("CREATE TEMPORARY TABLE roster_link AS " + (LINK_DIGESTS if has_digests else LINK).format(where=""))
    _follow_merges(cursor)
    cursor.execute("CREATE TEMPORARY TABLE roster_who AS " + (WHO_DIGESTS if has_digests else WHO).format(where=""))
    for statement in ONE_KEY_A_PERSON:
        cursor.execute(statement)
    cursor.execute("INSERT INTO roster_who " + WHO_DIGESTS.format(where=KNOWN_KEYS))
    cursor.execute("ANALYZE roster_link, roster_who")


def _follow_merges(cursor: CursorWrapper) -> None:
    for statement in ROOTS:
        while True:
            cursor.execute(statement)
            if not cursor.rowcount:
                break


def _check_people(cursor: CursorWrapper, has_digests: bool) -> int:
    """Refuse rows that mean two people, or say otherwise of a person than another row."""
    refused = 0
    for statement in PEOPLE_AT_ODDS if has_digests else ():
        cursor.execute(REFUSE + statement)
        refused += cursor.rowcount
    if refused:
        _drop_refused(cursor, has_digests=has_digests)
        return refused
    for place, (column, field) in enumerate(PERSON_COLUMNS):
        cursor.execute(REFUSE + CONTRADICTED_PEOPLE.format(field=field), {"place": place, "column": column.value})
        refused += cursor.rowcount
    cursor.execute(PROVISIONAL_NAMES)
    misnamed = [n for n, known, stated in cursor.fetchall() if mask_name(known) != mask_name(stated)]
    refused += _refuse(cursor, ((n, Column.NAME, Refusal.PROVISIONAL_NAME, "") for n in misnamed))
    if refused:
        _drop_refused(cursor, has_digests=has_digests)
    return refused


def _check_spells(cursor: CursorWrapper, says_end: bool, has_digests: bool) -> int:
    """Refuse rows that state a spell twice, or one that overlaps another of the same person at the same place."""
    cursor.execute("DROP TABLE IF EXISTS pg_temp.roster_spell")
    cursor.execute(SPELLS, {"says_end": says_end})
    cursor.execute("ANALYZE roster_spell")
    cursor.execute(CLASHING_SPELLS)
    refused: list[tuple[int, Column, Refusal, str]] = []
    for _group, rows in groupby(cursor.fetchall(), key=lambda row: row[0]):
        candidates: list[Candidate] = []
        standing: list[Standing] = []
        for _key, n, starts_on, ends_on in rows:
            if n is None:
                standing.append(Standing(starts_on, ends_on))
            else:
                candidates.append(Candidate(n, starts_on, ends_on))
        refused += [(n, Column.STARTS_ON, why, detail) for n, why, detail in refused_spells(candidates, standing)]
    if refused:
        _refuse(cursor, refused)
        _drop_refused(cursor, has_digests=has_digests)
    return len(refused)


def _refuse(cursor: CursorWrapper, refused: Iterable[tuple[int, Column, Refusal, str]]) -> int:
    count = 0
    with cursor.copy("COPY roster_refusal (n, place, col, why, detail) FROM STDIN") as copy:
        for n, column, why, detail in refused:
            copy.write_row((n, 0, column.value, why.value, detail))
            count += 1
    return count


def _drop_refused(cursor: CursorWrapper, *, has_digests: bool = False) -> None:
    """Take refused rows out, and work out anew whom the rows mean that they were linked with."""
    cursor.execute("SELECT to_regclass('pg_temp.roster_who') IS NOT NULL")
    (is_linked,) = cursor.fetchone()
    if is_linked:
        for statement in REDO:
            cursor.execute(statement)
    for statement in PLACES_AGAIN:
        cursor.execute(statement)
    cursor.execute(DROP_REFUSED)
    cursor.execute(PLACES_ANEW)
    if is_linked:
        link, who = (LINK_DIGESTS, WHO_DIGESTS) if has_digests else (LINK, WHO)
        again = "WHERE {}.n IN (SELECT n FROM roster_redo)"
        cursor.execute(LINK_AGAIN + link.format(where=again.format("r")))
        _follow_merges(cursor)
        cursor.execute(WHO_AGAIN + who.format(where=again.format("l")))
        for statement in ONE_KEY_A_PERSON:
            cursor.execute(statement)
        cursor.execute(WHO_AGAIN + WHO_DIGESTS.format(where=KNOWN_KEYS))
