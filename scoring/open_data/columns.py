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
from dataclasses import asdict, dataclass, fields

BYTE_ORDER_MARK = "\ufeff"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
INTEGERS = frozenset({"year", "points"})

Value = str | int | None


@dataclass(frozen=True, slots=True)
class OpenRow:
    """One row: the points of one person in one year and the measure that rests on them, or a measure alone.

    Dates are ISO Shanghai dates, `until` and `display_until` the last day; None where the rules publish nothing of it
    or it does not apply. `display_until` is None for a bar, which is shown until a new registration.
    """

    row_id: str
    masked_name: str
    category: str
    institution_code: str | None
    institution_name: str | None
    region: str | None
    measure: str | None
    from_on: str | None
    until_on: str | None
    year: int | None
    points: int | None
    rulebook: str
    display_until: str | None

    def as_mapping(self) -> dict[str, Value]:
        """Return the row under its published column names, in their order."""
        return {_PUBLISHED.get(name, name): value for name, value in asdict(self).items()}


_PUBLISHED = {"from_on": "from", "until_on": "until"}
COLUMNS: tuple[str, ...] = tuple(_PUBLISHED.get(field.name, field.name) for field in fields(OpenRow))


def row_of(mapping: Mapping[str, Value]) -> OpenRow:
    """Return the row that a mapping under published names stands for; raises KeyError or TypeError for any other."""
    inner = {published: name for name, published in _PUBLISHED.items()}
    return OpenRow(**{inner.get(name, name): value for name, value in mapping.items()})  # type: ignore[arg-type]


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
    text = str(value)
    return "'" + text if isinstance(value, str) and text.startswith((*FORMULA_STARTS, "'")) else text


def _value(column: str, cell: str) -> Value:
    if cell == "":
        return None
    return int(cell) if column in INTEGERS else cell.removeprefix("'")
