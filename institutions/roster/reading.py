"""From bytes to cells: UTF-8 or GB18030, commas; headings are matched to columns. Pure apart from translations."""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from institutions.errors import Invalid
from institutions.roster.columns import REQUIRED, Column, column_for

SPREADSHEET_SIGNATURE = b"PK\x03\x04"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
FIRST_DATA_ROW = 2


class UnreadableRoster(Invalid):
    """The file as a whole cannot be read; nothing was imported."""

    code = "unreadable-roster"


@dataclass(frozen=True, slots=True)
class RawRow:
    """One row as written: `cells` by heading, `values` by column, without surrounding blanks."""

    number: int
    cells: Mapping[str, str]
    values: Mapping[Column, str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A roster that could be read: its headings and an iterator of rows."""

    encoding: str
    headings: list[str]
    columns: Mapping[Column, str]
    ignored: list[str]
    rows: Iterator[RawRow]


def read_sheet(source: bytes) -> Sheet:
    """Decode a roster and match its headings; rows are read as they are asked for.

    Refuses (`UnreadableRoster`) a file in another encoding or format, without headings, with a heading twice, or
    without a required column. Columns that rosters do not have are left aside and named.
    """
    text, encoding = _decode(source)
    reader = csv.reader(io.StringIO(text, newline=""))
    headings = [heading.strip() for heading in next(_records(reader), [])]
    columns: dict[Column, str] = {}
    for heading in headings:
        column = column_for(heading)
        if column is None:
            continue
        if column in columns:
            raise UnreadableRoster(
                _("The columns “%(first)s” and “%(second)s” mean the same.")
                % {"first": columns[column], "second": heading},
                next_step=_("Keep one of them."),
            )
        columns[column] = heading
    _ensure_required(columns)
    known = set(columns.values())
    ignored = [heading for heading in headings if heading and heading not in known]
    return Sheet(encoding, headings, columns, ignored, _rows(reader, headings, columns))


def unescape(cell: str) -> str:
    """Return a cell without the apostrophe that keeps spreadsheets from running it as a formula."""
    plain = cell.strip()
    return plain[1:] if plain[:1] == "'" and plain[1:].startswith(FORMULA_STARTS) else plain


def _decode(source: bytes) -> tuple[str, str]:
    if source.startswith(SPREADSHEET_SIGNATURE):
        raise UnreadableRoster(_("This is a spreadsheet file."), next_step=_("Save it as CSV and import that."))
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return source.decode(encoding), encoding.removesuffix("-sig")
        except UnicodeDecodeError:
            continue
    raise UnreadableRoster(_("The file is neither UTF-8 nor GB18030."), next_step=_("Save it as CSV in UTF-8."))


def _ensure_required(columns: Mapping[Column, str]) -> None:
    missing = [column.value for column in REQUIRED if column not in columns]
    if Column.CODE not in columns and Column.ID_NUMBER not in columns:
        missing.append(f"{Column.CODE.value} | {Column.ID_NUMBER.value}")
    if missing:
        raise UnreadableRoster(
            _("Columns are missing: %(columns)s.") % {"columns": ", ".join(missing)},
            next_step=_("The first row holds the headings; add these."),
        )


def _rows(reader: Iterator[list[str]], headings: list[str], columns: Mapping[Column, str]) -> Iterator[RawRow]:
    for number, cells in enumerate(_records(reader), start=FIRST_DATA_ROW):
        if not any(cell.strip() for cell in cells):
            continue
        padded = cells + [""] * (len(headings) - len(cells))
        by_heading = dict(zip(headings, padded, strict=False))
        values = {column: unescape(by_heading[heading]) for column, heading in columns.items()}
        yield RawRow(number, by_heading, values)


def _records(reader: Iterator[list[str]]) -> Iterator[list[str]]:
    try:
        yield from reader
    except csv.Error as error:
        raise UnreadableRoster(_("The file is not well-formed CSV: %(error)s.") % {"error": error}) from error
