"""`manage.py yearly_report YEAR`: the transparency report of a year, from the ledger, in both languages."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cases.views.yearly_report_files import report_files
from institutions import clock


class Command(BaseCommand):
    """Writes the pages, the tables and the statements of reasons into a folder."""

    help = "Write the yearly report (pages in both languages, tables and statements of reasons as CSV) into a folder."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("year", type=int)
        parser.add_argument("--region", default="", help="GB/T 2260 prefix; the whole country without it")
        parser.add_argument("--out", type=Path, default=None, help="folder (default: ./report-YEAR)")

    def handle(self, *args: Any, **options: Any) -> None:
        region = options["region"]
        if region and not (region.isdigit() and len(region) in (2, 4, 6)):
            raise CommandError("--region takes a prefix of 2, 4 or 6 digits.")
        folder: Path = options["out"] or Path(f"report-{options['year']}")
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in report_files(options["year"], [region], now=clock.now()).items():
            (folder / name).write_bytes(content)
            self.stdout.write(str(folder / name))
