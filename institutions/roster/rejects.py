"""The file of refused rows: as they were written, with the reason; safe in a spreadsheet, ready to be mended."""

import csv
import io

from institutions.roster.columns import Column
from institutions.roster.reading import FORMULA_STARTS
from institutions.roster.report import ImportReport

REASON_HEADING = Column.REJECT_REASON.value


def write_rejects(report: ImportReport) -> bytes:
    """Return the refused rows as CSV in UTF-8 with a byte-order mark; cells that look like formulas are made text."""
    headings = [heading for heading in report.headings if heading and heading != REASON_HEADING]
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow([*headings, REASON_HEADING])
    for rejected in report.rejected_rows:
        cells = [_escape(rejected.cells.get(heading, "")) for heading in headings]
        writer.writerow([*cells, _escape("; ".join(rejected.reasons))])
    return buffer.getvalue().encode("utf-8-sig")


def _escape(cell: str) -> str:
    return "'" + cell if cell.startswith(FORMULA_STARTS) else cell
