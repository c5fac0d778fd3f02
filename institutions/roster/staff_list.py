"""An institution's own list of its staff: codes, and names if it likes. CSV in UTF-8 or GB18030, or XLSX.

With headings, the columns of a roster are understood and all but code and name are left aside; a list without headings
that begins with a code is read as codes and names. Pure of the database.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from institutions.codes import is_usual_practitioner_code, normalise_code
from institutions.roster.columns import Column, column_for
from institutions.roster.reading import Source, UnreadableRoster
from institutions.roster.tables import read_rows

SIZE_MAX = 5 * 1024 * 1024  # bytes
PEOPLE_MAX = 50_000
CELL_LENGTH_MAX = 100


@dataclass(frozen=True, slots=True)
class ListedPerson:
    """One row as the institution wrote it; `row` counts as spreadsheets do, `code` is normalised."""

    row: int
    code: str
    name: str


def read_staff_list(source: Source) -> list[ListedPerson]:
    """Return the people of a list in its order; blank rows are passed over.

    Refuses (`UnreadableRoster`) a file in another encoding or format, without a column of codes, larger than 5 MB or
    with more than 50,000 people.
    """
    if isinstance(source, bytes) and len(source) > SIZE_MAX:
        raise UnreadableRoster(_("The list is larger than %(size)s MB.") % {"size": SIZE_MAX >> 20})
    return _people((number, [cell[:CELL_LENGTH_MAX] for cell in cells]) for number, cells in read_rows(source))


def _people(rows: Iterator[tuple[int, list[str]]]) -> list[ListedPerson]:
    number, first = next(rows, (0, []))
    columns = _columns(first)
    people: list[ListedPerson] = []
    if columns is None:
        columns = {Column.CODE: 0, Column.NAME: 1}
        people += _person(number, first, columns)
    for row, cells in rows:
        people += _person(row, cells, columns)
        if len(people) > PEOPLE_MAX:
            raise UnreadableRoster(_("The list names more than %(most)d people.") % {"most": PEOPLE_MAX})
    return people


def _columns(cells: Sequence[str]) -> dict[Column, int] | None:
    """Where code and name stand; None for a list that begins with a code instead of headings."""
    if cells and is_usual_practitioner_code(normalise_code(cells[0])):
        return None
    found = {column: place for place, cell in enumerate(cells) if (column := column_for(cell)) is not None}
    if Column.CODE not in found:
        raise UnreadableRoster(
            _("Columns are missing: %(columns)s.") % {"columns": Column.CODE.value},
            next_step=_("The first row holds the headings; add these."),
        )
    return found


def _person(row: int, cells: Sequence[str], columns: dict[Column, int]) -> list[ListedPerson]:
    code, name = _cell(cells, columns.get(Column.CODE)), _cell(cells, columns.get(Column.NAME))
    return [ListedPerson(row, normalise_code(code), name)] if code or name else []


def _cell(cells: Sequence[str], place: int | None) -> str:
    return cells[place] if place is not None and place < len(cells) else ""
