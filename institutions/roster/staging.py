"""From records to lines for COPY: rows that are valid in themselves, and for the others every fault.

Says the same of a row as `checking.check_row`, a dozen times faster: what a cell means is worked out once for each
text that a column holds, and only a row with a fault is read cell by cell. Knows no other rows and no database.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from institutions.codes import normalise_code
from institutions.roster.checking import LENGTHS, check_row, read_choice, read_day, read_last_day, read_text
from institutions.roster.columns import CATEGORIES, KINDS, Column
from institutions.roster.reading import RawRow, Sheet, unescape
from institutions.roster.report import RowError

STAGED = (
    Column.INSTITUTION_CODE,
    Column.INSTITUTION_NAME,
    Column.INSTITUTION_KIND,
    Column.REGION,
    Column.CODE,
    Column.NAME,
    Column.CATEGORY,
    Column.DEPARTMENT,
    Column.POSITION,
    Column.SPECIALTY,
    Column.ID_NUMBER,
    Column.STARTS_ON,
    Column.ENDS_ON,
    Column.COMMITMENT_ON,
)
NEEDED = frozenset({Column.INSTITUTION_CODE, Column.NAME, Column.CATEGORY, Column.STARTS_ON})
CODE, ID_NUMBER, STARTS_ON, ENDS_ON = (
    STAGED.index(column) for column in (Column.CODE, Column.ID_NUMBER, Column.STARTS_ON, Column.ENDS_ON)
)
REMEMBERED_MAX = 100_000
ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})

Digest = Callable[[str], str]


@dataclass(slots=True)
class Block:
    """The next rows of a roster: `text` for COPY (text format, empty = NULL), and the rows refused on the way."""

    rows: int = 0
    staged: int = 0
    lines: list[str] = field(default_factory=list)
    refused: list[tuple[RawRow, list[RowError]]] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Return the lines as one text."""
        return "".join(self.lines)


class Meanings(dict[str, str | None]):
    """What each text of one column means, ready for COPY; None where it cannot be taken. Filled as texts turn up."""

    def __init__(self, read: Callable[[str], str | None]) -> None:
        """`read` says what a cell means."""
        super().__init__()
        self._read = read

    def __missing__(self, cell: str) -> str | None:
        meaning = self._read(cell)
        if len(self) < REMEMBERED_MAX:
            self[cell] = meaning
        return meaning


class Stager:
    """Turns the records of one sheet into lines."""

    def __init__(self, sheet: Sheet, digest: Digest) -> None:
        """`digest` hashes an identity number."""
        self._sheet = sheet
        self._digest = digest
        places = {column: sheet.headings.index(heading) for column, heading in sheet.columns.items()}
        width = len(sheet.headings)
        self._places = [places.get(column, width) for column in STAGED]  # the cell after the last is always blank
        self._readers = [_reader(column, digest) for column in STAGED]

    def block(self, size: int) -> Block:
        """Return the next rows, at most `size`; no rows are left when `rows` is less."""
        block = Block()
        readers = list(zip(self._readers, self._places, strict=True))
        append, join = block.lines.append, "\t".join
        for number, cells in self._sheet.records:
            block.rows += 1
            cells.append("")
            values = [read(cells[place]) for read, place in readers]
            if None in values or _is_at_odds(values):
                self._refuse(block, number, cells)
            else:
                append(f"{number}\t{join(values)}\n")  # type: ignore[arg-type]
            if block.rows == size:
                break
        block.staged = len(block.lines)
        return block

    @staticmethod
    def place_of(raw: RawRow) -> str:
        """Return the institution a refused row is about, as far as it can be read."""
        return normalise_code(raw.values.get(Column.INSTITUTION_CODE, ""))

    def _refuse(self, block: Block, number: int, cells: list[str]) -> None:
        raw = self._sheet.raw_row(number, cells[:-1])
        _row, errors = check_row(self._sheet, raw, self._digest)
        assert errors, f"row {number} is refused without a reason"
        block.refused.append((raw, errors))


def _is_at_odds(values: list[str | None]) -> bool:
    """Neither code nor identity number, or an end before the start (ISO dates compare as text)."""
    starts_on, ends_on = values[STARTS_ON] or "", values[ENDS_ON] or ""
    return not (values[CODE] or values[ID_NUMBER]) or bool(ends_on and ends_on < starts_on)


def _reader(column: Column, digest: Digest) -> Callable[[str], str | None]:
    """How to read a column: codes and names, which are nearly all different, by a glance where that will do; of the
    others each text is worked out once."""
    careful = partial(_meaning, column, digest)
    if column == Column.CODE:

        def read_code(cell: str) -> str | None:
            plain = cell.isalnum() and cell.isascii() and cell.isupper() and len(cell) <= LENGTHS[Column.CODE]
            return cell if plain else careful(cell)

        return read_code
    if column == Column.NAME:

        def read_name(cell: str) -> str | None:
            return cell if cell.isalnum() and len(cell) <= LENGTHS[Column.NAME] else careful(cell)

        return read_name
    return Meanings(careful).__getitem__


def _meaning(column: Column, digest: Digest, cell: str) -> str | None:
    value, fault = read_text(column, unescape(cell))
    if fault or (column in NEEDED and not value):
        return None
    match column:
        case Column.INSTITUTION_KIND:
            value, fault = read_choice(KINDS, value)
        case Column.CATEGORY:
            value, fault = read_choice(CATEGORIES, value)
        case Column.STARTS_ON | Column.COMMITMENT_ON:
            value, fault = read_day(value)
        case Column.ENDS_ON:
            value, fault = read_last_day(value)
        case Column.INSTITUTION_CODE | Column.CODE:
            value = value if value.isascii() and value.isalnum() and value.isupper() else normalise_code(value)
        case Column.ID_NUMBER:
            number = normalise_code(value)
            value = digest(number) if number else ""
    return None if fault else value.translate(ESCAPES)
