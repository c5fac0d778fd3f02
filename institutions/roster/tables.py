"""Any table that officers and HR send: CSV in UTF-8 or GB18030, or XLSX. Rows as texts; pure of the database."""

import csv
import io
from collections.abc import Iterator

from institutions.roster.reading import Source, UnreadableRoster, file_facts, open_bytes, unescape
from institutions.roster.spreadsheets import as_csv
from institutions.said import said as _


def read_rows(source: Source) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows with their numbers as spreadsheets count them; cells without surrounding blanks.

    Refuses (`UnreadableRoster`) another encoding or format.
    """
    with as_csv(source) as table:
        encoding = file_facts(table).encoding
        if not encoding:
            raise UnreadableRoster(_("The file is neither UTF-8 nor GB18030."), next_step=_("Save it as CSV in UTF-8."))
        with io.TextIOWrapper(open_bytes(table), encoding=encoding, newline="") as lines:
            try:
                for number, cells in enumerate(csv.reader(lines), start=1):
                    yield number, [unescape(cell) for cell in cells]
            except csv.Error as error:
                raise UnreadableRoster(_("The file is not well-formed CSV: %(error)s.") % {"error": error}) from error
