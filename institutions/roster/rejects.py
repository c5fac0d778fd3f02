"""The file of refused rows: as they were written, with the reason; safe in a spreadsheet, ready to be mended."""

from institutions.roster.columns import Column
from institutions.roster.report import ImportReport
from institutions.roster.safe_csv import write_csv

REASON_HEADING = Column.REJECT_REASON.value


def write_rejects(report: ImportReport) -> bytes:
    """Return the refused rows as CSV in UTF-8 with a byte-order mark; cells that look like formulas are made text."""
    headings = [heading for heading in report.headings if heading and heading != REASON_HEADING]
    rows = (
        [*(rejected.cells.get(heading, "") for heading in headings), "; ".join(rejected.reasons)]
        for rejected in report.rejected_rows
    )
    return write_csv([*headings, REASON_HEADING], rows)
