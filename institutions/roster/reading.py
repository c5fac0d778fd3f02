"""From a file to cells: CSV in UTF-8 or GB18030, or a spreadsheet; headings are matched to columns.

A file is read as a stream, whatever its length. Pure apart from translations and temporary files.
"""

import codecs
import csv
import hashlib
import io
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from itertools import compress, islice
from pathlib import Path
from typing import IO

from institutions.errors import Invalid
from institutions.roster.columns import REQUIRED, Column, column_for
from institutions.said import said as _

FIELD_LENGTH_MAX = 131_072  # characters; more is a quotation mark that was never closed
SPREADSHEET_SIGNATURE = b"PK\x03\x04"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
FIRST_DATA_ROW = 2
BLOCK = 1 << 20
UTF_8 = "utf-8-sig"
ENCODINGS = (UTF_8, "gb18030")

Source = bytes | Path


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
    """A roster that could be read: its headings, and its rows, which are read as they are asked for."""

    encoding: str
    headings: list[str]
    columns: Mapping[Column, str]
    ignored: list[str]
    records: Iterator[tuple[int, list[str]]]
    stream: IO[str]

    def close(self) -> None:
        """Close the file."""
        self.stream.close()

    @property
    def rows(self) -> Iterator[RawRow]:
        """Return the rows with their cells by heading and by column."""
        return (self.raw_row(number, cells) for number, cells in self.records)

    def raw_row(self, number: int, cells: list[str]) -> RawRow:
        """Return one record with its cells by heading and by column."""
        by_heading = dict(zip(self.headings, cells, strict=False))
        values = {column: unescape(by_heading[heading]) for column, heading in self.columns.items()}
        return RawRow(number, by_heading, values)


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What is known of a file before a row is read; `size` is in bytes. Without quotes each line is one row."""

    sha256: str
    size: int
    encoding: str
    has_quotes: bool
    lines: int


def file_facts(source: Source) -> FileFacts:
    """Read a file for its hash, its size, and the encoding in which every byte of it makes sense ("" if none)."""
    digest, size, lines, has_quotes = hashlib.sha256(), 0, 0, False
    with open_bytes(source) as stream:
        while block := stream.read(BLOCK):
            digest.update(block)
            size += len(block)
            lines += block.count(b"\n")
            has_quotes = has_quotes or b'"' in block
    encoding = next((name for name in ENCODINGS if _makes_sense(source, name)), "")
    return FileFacts(digest.hexdigest(), size, encoding, has_quotes, lines)


def is_spreadsheet(source: Source) -> bool:
    """Say whether a file begins as spreadsheets (and other ZIP files) do."""
    with open_bytes(source) as stream:
        return stream.read(len(SPREADSHEET_SIGNATURE)) == SPREADSHEET_SIGNATURE


def open_bytes(source: Source) -> IO[bytes]:
    """Open a source as a stream of bytes."""
    return io.BytesIO(source) if isinstance(source, bytes) else source.open("rb")


def read_sheet(source: Source, encoding: str | None = None) -> Sheet:
    """Match the headings of a CSV file; rows are read as they are asked for.

    `encoding` spares reading the file for it. Refuses (`UnreadableRoster`) a file in another encoding or format,
    without headings, with a heading twice, or without a required column. Columns that rosters do not have are left
    aside and named.
    """
    if is_spreadsheet(source):
        raise UnreadableRoster(_("This is a spreadsheet file."), next_step=_("Save it as CSV and import that."))
    found = file_facts(source).encoding if encoding is None else encoding
    if not found:
        raise UnreadableRoster(_("The file is neither UTF-8 nor GB18030."), next_step=_("Save it as CSV in UTF-8."))
    stream = io.TextIOWrapper(open_bytes(source), encoding=found, newline="")
    reader = _records(csv.reader(stream))
    try:
        headings = [heading.strip() for heading in next(reader, [])]
        columns = _columns(headings)
        _ensure_required(columns)
    except UnreadableRoster:
        stream.close()
        raise
    known = set(columns.values())
    ignored = [heading for heading in headings if heading and heading not in known]
    return Sheet(found.removesuffix("-sig"), headings, columns, ignored, _padded(reader, len(headings)), stream)


def pick_rows(source: Source, facts: FileFacts, sheet: Sheet, numbers: Collection[int]) -> Iterator[RawRow]:
    """Read these rows of a file again, in the order of the file."""
    return (sheet.raw_row(number, cells) for number, cells in pick_records(source, facts, sheet, numbers))


def pick_records(
    source: Source, facts: FileFacts, sheet: Sheet, numbers: Collection[int]
) -> Iterator[tuple[int, list[str]]]:
    """Read these rows of a file again as cells, in the order of the file; blank ones are passed over."""
    chosen = bytearray(max(numbers, default=0) + 1)
    for number in numbers:
        chosen[number] = 1
    if facts.has_quotes:
        with closing(read_sheet(source, facts.encoding)) as again:
            yield from ((number, cells) for number, cells in again.records if chosen[number : number + 1] == b"\1")
        return
    # Without quotes each line is one row. Lines end alike in all our encodings: only the chosen ones are decoded.
    with io.TextIOWrapper(open_bytes(source), encoding="latin-1", newline="") as lines:
        wanted = compress(enumerate(lines, start=1), islice(chosen, 1, None))
        asked: list[int] = []

        def text() -> Iterator[str]:
            for number, line in wanted:
                asked.append(number)
                yield line.encode("latin-1").decode(facts.encoding)

        for cells in _records(csv.reader(text())):
            number = asked.pop()
            if any(cell.strip() for cell in cells[: len(sheet.headings)]):
                yield number, _of_width(cells, len(sheet.headings))


def unescape(cell: str) -> str:
    """Return a cell without the apostrophe that keeps spreadsheets from running it as a formula."""
    plain = cell.strip()
    return plain[1:] if plain[:1] == "'" and plain[1:].startswith(FORMULA_STARTS) else plain


def _makes_sense(source: Source, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with open_bytes(source) as stream:
            while block := stream.read(BLOCK):
                decoder.decode(block)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _columns(headings: list[str]) -> dict[Column, str]:
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
    return columns


def _ensure_required(columns: Mapping[Column, str]) -> None:
    missing = [column.value for column in REQUIRED if column not in columns]
    if Column.CODE not in columns and Column.ID_NUMBER not in columns:
        missing.append(f"{Column.CODE.value} | {Column.ID_NUMBER.value}")
    if missing:
        raise UnreadableRoster(
            _("Columns are missing: %(columns)s.") % {"columns": ", ".join(missing)},
            next_step=_("The first row holds the headings; add these."),
        )


def _padded(records: Iterator[list[str]], width: int) -> Iterator[tuple[int, list[str]]]:
    for number, cells in enumerate(records, start=FIRST_DATA_ROW):
        if len(cells) != width:
            cells = _of_width(cells, width)
        if cells[0].strip() or any(map(str.strip, cells)):
            yield number, cells


def _of_width(cells: list[str], width: int) -> list[str]:
    return cells[:width] + [""] * (width - len(cells))


def _records(reader: Iterable[list[str]]) -> Iterator[list[str]]:
    csv.field_size_limit(FIELD_LENGTH_MAX)  # of the whole process, and other libraries set it as well
    try:
        yield from reader
    except csv.Error as error:
        raise UnreadableRoster(_("The file is not well-formed CSV: %(error)s.") % {"error": error}) from error
