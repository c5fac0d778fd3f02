"""CSV to be opened in a spreadsheet: UTF-8 with a byte-order mark, and no cell that runs as a formula. Pure."""

import csv
import io
from collections.abc import Iterable, Sequence

from institutions.roster.reading import FORMULA_STARTS


def escape(cell: str) -> str:
    """Return a cell that a spreadsheet shows and does not run; `reading.unescape` takes it back."""
    return "'" + cell if cell.startswith(FORMULA_STARTS) else cell


def write_csv(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Return a table as CSV; None is an empty cell."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow(headings)
    for cells in rows:
        writer.writerow([escape("" if cell is None else str(cell)) for cell in cells])
    return buffer.getvalue().encode("utf-8-sig")
