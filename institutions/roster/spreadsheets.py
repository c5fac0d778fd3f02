"""From a spreadsheet (XLSX) to the same rows as CSV, in a temporary file that is gone afterwards. Pure of the database.

The first sheet is read, row by row; blank rows stay, so that rows keep the numbers a person sees.
"""

import csv
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path

import openpyxl

from institutions.roster.reading import Source, UnreadableRoster, is_spreadsheet, open_bytes
from institutions.said import said as _

UNPACKED_BYTES_MAX = 4 << 30


@contextmanager
def as_csv(source: Source) -> Iterator[Source]:
    """Yield a CSV file with the rows of a spreadsheet; any other source is yielded as it is.

    Refuses (`UnreadableRoster`) a ZIP file that holds no spreadsheet, and one that unpacks to more than 4 GiB.
    """
    if not is_spreadsheet(source):
        yield source
        return
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", newline="", suffix=".csv") as target:
        writer = csv.writer(target)
        writer.writerows(_rows(source))
        target.flush()
        yield Path(target.name)


def _rows(source: Source) -> Iterator[list[str]]:
    with open_bytes(source) as stream:
        try:
            with zipfile.ZipFile(stream) as archive:
                unpacked = sum(item.file_size for item in archive.infolist())
            if unpacked > UNPACKED_BYTES_MAX:
                raise UnreadableRoster(
                    _("The spreadsheet unpacks to more than %(limit)d GiB.") % {"limit": UNPACKED_BYTES_MAX >> 30},
                    next_step=_("Save it as CSV and import that."),
                )
            book = openpyxl.load_workbook(stream, read_only=True, data_only=True)
        except (zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
            raise UnreadableRoster(
                _("This looks like a spreadsheet file, but cannot be opened as one."),
                next_step=_("Save it as XLSX or CSV again and import that."),
            ) from error
        width = 0
        for cells in book.worksheets[0].iter_rows(values_only=True):
            texts = [_text(cell) for cell in cells]
            if not width:  # the headings; trailing blank columns, which spreadsheets invent, are left off
                width = max((place for place, text in enumerate(texts, start=1) if text), default=0)
            yield texts[:width]


def _text(cell: object) -> str:
    """What a person reads in a cell: dates as ISO dates, whole numbers without a point."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
