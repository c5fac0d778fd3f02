"""From a file to cells: CSV in UTF-8 or GB18030, or a spreadsheet; headings are matched to columns.

A file is read as a stream, whatever its length. Pure apart from translations and temporary files.
"""

import codecs
import csv
import hashlib
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from django.utils.translation import gettext as _

from institutions.errors import Invalid
from institutions.roster.columns import REQUIRED, Column, column_for

SPREADSHEET_SIGNATURE = b"PK\x03\x04"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
FIRST_DATA_ROW = 2
BLOCK = 1 << 20
ENCODINGS = ("utf-8-sig", "gb18030")

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
    """What is known of a file before a row is read; `size` is in bytes."""

    sha256: str
    size: int
    encoding: str


def file_facts(source: Source) -> FileFacts:
    """Read a file once: its hash, its size, and the encoding in which every byte of it makes sense ("" if none)."""
    digest, size = hashlib.sha256(), 0
    decoders = {name: codecs.getincrementaldecoder(name)() for name in ENCODINGS}
    with open_bytes(source) as stream:
        while block := stream.read(BLOCK):
            digest.update(block)
            size += len(block)
            _feed(decoders, block, final=False)
        _feed(decoders, b"", final=True)
    return FileFacts(digest.hexdigest(), size, next(iter(decoders), ""))


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
    reader = _records(csv.reader(io.TextIOWrapper(open_bytes(source), encoding=found, newline="")))
    headings = [heading.strip() for heading in next(reader, [])]
    columns = _columns(headings)
    _ensure_required(columns)
    known = set(columns.values())
    ignored = [heading for heading in headings if heading and heading not in known]
    return Sheet(found.removesuffix("-sig"), headings, columns, ignored, _padded(reader, len(headings)))


def unescape(cell: str) -> str:
    """Return a cell without the apostrophe that keeps spreadsheets from running it as a formula."""
    plain = cell.strip()
    return plain[1:] if plain[:1] == "'" and plain[1:].startswith(FORMULA_STARTS) else plain


def _feed(decoders: dict[str, codecs.IncrementalDecoder], block: bytes, *, final: bool) -> None:
    """Strike out the encodings in which the block makes no sense; the first one left is the file's."""
    for name in list(decoders):
        if name != next(iter(decoders)) and not final and block.isascii():
            continue
        try:
            decoders[name].decode(block, final)
        except UnicodeDecodeError:
            del decoders[name]


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
            cells = cells[:width] + [""] * (width - len(cells))
        if any(cells) and any(cell.strip() for cell in cells):
            yield number, cells


def _records(reader: Iterable[list[str]]) -> Iterator[list[str]]:
    try:
        yield from reader
    except csv.Error as error:
        raise UnreadableRoster(_("The file is not well-formed CSV: %(error)s.") % {"error": error}) from error
