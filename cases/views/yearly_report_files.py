"""The yearly report as files: a page in each language with tables and charts, the tables as CSV, the reasons as CSV."""

import io
import zipfile
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.template.loader import render_to_string
from django.utils import translation

from cases.selectors.yearly_report import REASON_COLUMNS, YearlyReport, reasons, yearly_report
from institutions.roster.safe_csv import write_csv

LANGUAGES = ("zh-hans", "en")


def report_files(year: int, prefixes: Sequence[str], *, now: datetime) -> dict[str, bytes]:
    """Return the files of a report by name. The same ledger gives the same bytes but for the instant of making."""
    files: dict[str, bytes] = {}
    for language in LANGUAGES:
        with translation.override(language):
            report = yearly_report(year, prefixes)
            facts = {"report": report, "made_at": now, "months": _months(report), "language": language}
            files[f"report-{year}.{language}.html"] = render_to_string("cases/yearly_report.html", facts).encode()
    for table in report.tables:
        rows = [(bar.label, _told(bar.people), _told(bar.points)) for bar in table.bars]
        files[f"{table.key}-{year}.csv"] = write_csv((table.key, "people", "points"), rows)
    files[f"reasons-{year}.csv"] = write_csv(REASON_COLUMNS, reasons(year, prefixes))
    return files


def report_archive(files: dict[str, bytes]) -> bytes:
    """Return the files as one ZIP."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(name, date_time=(2025, 1, 1, 0, 0, 0)), content)
    return buffer.getvalue()


def _told(count: int | None) -> str:
    return "" if count is None else str(count)


def _months(report: YearlyReport) -> Iterable[tuple[int, int, int, int]]:
    """Month, cases, and the height of its bar of 100 with where it begins."""
    largest = max(report.cases_by_month) or 1
    heights = [round(100 * cases / largest) for cases in report.cases_by_month]
    return [(n, report.cases_by_month[n - 1], height, 110 - height) for n, height in enumerate(heights, start=1)]
