"""`manage.py import_roster FILE`: institutions, people and registrations from a roster."""

import json
import sys
import time
from datetime import date
from pathlib import Path
from typing import IO, Any

import pghistory
from django.core.management.base import BaseCommand, CommandError, CommandParser

from institutions import clock
from institutions.errors import JifenError
from institutions.models import RosterImport, User
from institutions.roster.rejects import write_rejects
from institutions.services import roster, roster_runs
from institutions.services.roster import FullRoster, ImportReport

BAR_WIDTH = 30
BYTES_A_ROW = 130  # a guess, for the length of the bar only


class Command(BaseCommand):
    """Imports a roster. Good rows go in; bad rows come back as a file that can be mended and imported again."""

    help = (
        "Import a roster (CSV in UTF-8 or GB18030, or XLSX). Safe to run again. Refused rows do not stop the others. "
        "Ctrl-C, or --cancel RUN from elsewhere, stops it with nothing written."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("file", type=Path, nargs="?")
        what.add_argument("--cancel", type=int, metavar="RUN", help="ask a running import to stop")
        parser.add_argument("--dry-run", action="store_true", help="report what would change and write nothing")
        parser.add_argument("--rejects", type=Path, metavar="OUT.csv", help="write the refused rows here")
        parser.add_argument("--json", action="store_true", help="one JSON object on stdout")
        parser.add_argument("--by", metavar="USERNAME", help="import in this officer's name and regions")
        parser.add_argument(
            "--full-roster", nargs="+", metavar="INSTITUTION", help="the file names everybody at these institutions"
        )
        parser.add_argument("--full", action="store_true", help="the file names everybody at every institution in it")
        parser.add_argument(
            "--end-missing", type=date.fromisoformat, metavar="DATE", help="end what a full roster does not name"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["cancel"] is not None:
            self._cancel(options["cancel"])
            return
        file, officer = options["file"], self._officer(options["by"])
        try:
            bar = Progress(sys.stderr, file.stat().st_size)
            with pghistory.context(command="import_roster", user=officer.pk if officer else None):
                report = roster.import_roster(
                    source=file,
                    by=officer,
                    now=clock.now(),
                    dry_run=options["dry_run"],
                    full=self._full(options),
                    told=bar.more,
                )
            bar.end()
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        except JifenError as error:
            raise CommandError(f"{file}: {error}") from error
        if options["rejects"] and report.rejected_rows:
            options["rejects"].write_bytes(write_rejects(report))
        self.stdout.write(as_json(report) if options["json"] else as_text(report))

    def _cancel(self, pk: int) -> None:
        record = RosterImport.objects.filter(pk=pk).first()
        if record is None or not roster_runs.request_cancel(record, by=None, now=clock.now()):
            raise CommandError(f"There is no running import {pk}.")
        self.stdout.write(f"Import {pk} stops before its next batch; nothing of it will be written.")

    def _full(self, options: dict[str, Any]) -> FullRoster | None:
        if not (options["full"] or options["full_roster"]):
            if options["end_missing"]:
                raise CommandError("--end-missing goes with --full or --full-roster.")
            return None
        return FullRoster(None if options["full"] else options["full_roster"], options["end_missing"])

    def _officer(self, username: str | None) -> User | None:
        if username is None:
            return None
        officer = User.objects.filter(username=username, is_active=True).first()
        if officer is None:
            raise CommandError(f"There is no active user {username}.")
        return officer


class Progress:
    """A bar on a terminal while rows are read, then how many are written; silent where there is no terminal."""

    def __init__(self, stream: IO[str], size: int) -> None:
        """`size` of the file in bytes, from which the number of rows is guessed."""
        self._stream = stream
        self._expected = max(size // BYTES_A_ROW, 1)
        self._counts: dict[str, int] = {}
        self._shown_at = 0.0

    def more(self, what: str, count: int) -> None:
        """Note that so many more rows were parsed, staged or applied."""
        self._counts[what] = self._counts.get(what, 0) + count
        if self._stream.isatty() and time.monotonic() - self._shown_at > 0.1:
            self._shown_at = time.monotonic()
            self._show()

    def end(self) -> None:
        """Leave the line."""
        if self._stream.isatty():
            self._show()
            self._stream.write("\n")

    def _show(self) -> None:
        done = min(self._counts.get("parsed", 0) / self._expected, 1)
        bar = "█" * int(BAR_WIDTH * done) + "·" * (BAR_WIDTH - int(BAR_WIDTH * done))
        words = ", ".join(f"{what} {count:,}" for what, count in self._counts.items())
        self._stream.write(f"\r{bar} {words}")
        self._stream.flush()


def as_json(report: ImportReport) -> str:
    """Return the report as one JSON object."""
    return json.dumps(
        {
            **report.counts,
            "run": report.run,
            "rejected_rows": report.counts["rejected"],
            "rejected": [
                {"row": error.row, "column": error.column, "value": error.value, "reason": error.reason}
                for error in report.rejected
            ],
            "possible_matches": [{"row": match.row, "slug": match.slug} for match in report.possible_matches],
            "missing": [
                {"institution": item.institution, "slug": item.slug, "starts_on": item.starts_on.isoformat(),
                 "is_sure": item.is_sure, "has_begun": item.has_begun}
                for item in report.missing
            ],
            "ignored_columns": report.ignored_columns,
            "encoding": report.encoding,
            "dry_run": report.dry_run,
        },
        ensure_ascii=False,
    )  # fmt: skip


def as_text(report: ImportReport) -> str:
    """Return the report for a person at a terminal."""
    lines = ["Dry run: nothing was written."] if report.dry_run else [f"run: {report.run}"]
    lines += [f"{name.replace('_', ' ')}: {count}" for name, count in report.counts.items()]
    lines += [f"row {error.row}, {error.column} “{error.value}”: {error.reason}" for error in report.rejected]
    lines += [
        f"row {match.row}: may be the provisional person {match.slug}; nothing was joined"
        for match in report.possible_matches
    ]
    lines += [
        f"missing at {item.institution}: {item.name} ({item.slug}), since {item.starts_on}"
        + ("" if item.is_sure else "; a refused row may be about them")
        for item in report.missing
    ]
    if report.ignored_columns:
        lines.append("columns left aside: " + ", ".join(report.ignored_columns))
    return "\n".join(lines)
