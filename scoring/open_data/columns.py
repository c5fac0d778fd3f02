"""The columns of open data and the bytes of its files: CSV for people and spreadsheets, NDJSON for programs.

The same rows give the same bytes, always: rows are sorted by `row_id`, columns are in this order, lines end in CRLF in
CSV (RFC 4180) and LF in NDJSON. CSV begins with a byte order mark, so that spreadsheets read the Chinese; a cell that a
spreadsheet would take for a formula begins with an apostrophe there, and only there.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping

from institutions.roster.safe_csv import escape

BYTE_ORDER_MARK = "\ufeff"
INTEGERS = frozenset({"year", "points"})

Value = str | int | None


# A row says the points of one person in one year and the measure that rests on them, or a measure alone. Dates are ISO
# Shanghai dates, `until` and `display_until` the last day; empty where the rules publish nothing of it or it does not
# apply. `display_until` is empty for a bar, which is shown until a new registration.
COLUMNS: tuple[str, ...] = (
    "row_id",
    "masked_name",
    "category",
    "institution_code",
    "institution_name",
    "region",
    "measure",
    "from",
    "until",
    "year",
    "points",
    "rulebook",
    "display_until",
)


def csv_heading(columns: tuple[str, ...]) -> bytes:
    """Return the first line of a CSV file, byte order mark included."""
    return (BYTE_ORDER_MARK + _line(columns)).encode()


def csv_line(columns: tuple[str, ...], row: Mapping[str, Value]) -> bytes:
    """Return a row as a line of CSV."""
    return _line(tuple(_cell(row.get(column)) for column in columns)).encode()


def ndjson_line(columns: tuple[str, ...], row: Mapping[str, Value]) -> bytes:
    """Return a row as a line of NDJSON, with the columns that it has, in their order."""
    whole = {column: row[column] for column in columns if column in row}
    return (json.dumps(whole, ensure_ascii=False, separators=(",", ":")) + "\n").encode()


def as_csv(columns: tuple[str, ...], rows: Iterable[Mapping[str, Value]]) -> bytes:
    """Return a whole CSV file."""
    return csv_heading(columns) + b"".join(csv_line(columns, row) for row in rows)


def as_ndjson(columns: tuple[str, ...], rows: Iterable[Mapping[str, Value]]) -> bytes:
    """Return a whole NDJSON file."""
    return b"".join(ndjson_line(columns, row) for row in rows)


def read_csv(data: bytes) -> Iterator[dict[str, Value]]:
    """Read back what `as_csv` wrote: the same mappings, None for an empty cell."""
    text = data.decode().removeprefix(BYTE_ORDER_MARK)
    for row in csv.DictReader(io.StringIO(text, newline="")):
        yield {column: _value(column, cell) for column, cell in row.items()}


def read_ndjson(data: bytes) -> Iterator[dict[str, Value]]:
    """Read back what `as_ndjson` wrote."""
    for line in data.decode().splitlines():
        yield json.loads(line)


def _line(cells: tuple[str, ...]) -> str:
    target = io.StringIO(newline="")
    csv.writer(target).writerow(cells)
    return target.getvalue()


def _cell(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, int):
        return str(value)
    return "'" + value if value.startswith("'") else escape(value)  # so that it is read back as it was


def _value(column: str, cell: str) -> Value:
    if cell == "":
        return None
    return int(cell) if column in INTEGERS else cell.removeprefix("'")
