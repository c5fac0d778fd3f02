"""`manage.py import_roster FILE`: institutions, people and registrations from a roster."""

import json
from pathlib import Path
from typing import Any

import pghistory
from django.core.management.base import BaseCommand, CommandError, CommandParser

from institutions import clock
from institutions.errors import JifenError
from institutions.models import User
from institutions.roster.rejects import write_rejects
from institutions.services import roster
from institutions.services.roster import ImportReport


class Command(BaseCommand):
    """Imports a roster. Good rows go in; bad rows come back as a file that can be mended and imported again."""

    help = "Import a roster (CSV; UTF-8 or GB18030). Safe to run again. Refused rows do not stop the others."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="report what would change and write nothing")
        parser.add_argument("--rejects", type=Path, metavar="OUT.csv", help="write the refused rows here")
        parser.add_argument("--json", action="store_true", help="one JSON object on stdout")
        parser.add_argument("--by", metavar="USERNAME", help="import in this officer's name and regions")

    def handle(self, *args: Any, **options: Any) -> None:
        officer = self._officer(options["by"])
        try:
            with pghistory.context(command="import_roster", user=officer.pk if officer else None):
                report = roster.import_roster(
                    source=options["file"], by=officer, now=clock.now(), dry_run=options["dry_run"]
                )
        except OSError as error:
            raise CommandError(f"{options['file']}: {error.strerror}") from error
        except JifenError as error:
            raise CommandError(f"{options['file']}: {error}") from error
        if options["rejects"] and report.rejected_rows:
            options["rejects"].write_bytes(write_rejects(report))
        self.stdout.write(as_json(report) if options["json"] else as_text(report))

    def _officer(self, username: str | None) -> User | None:
        if username is None:
            return None
        officer = User.objects.filter(username=username, is_active=True).first()
        if officer is None:
            raise CommandError(f"There is no active user {username}.")
        return officer


def as_json(report: ImportReport) -> str:
    """Return the report as one JSON object."""
    return json.dumps(
        {
            **report.counts,
            "rejected_rows": report.counts["rejected"],
            "rejected": [
                {"row": error.row, "column": error.column, "value": error.value, "reason": error.reason}
                for error in report.rejected
            ],
            "possible_matches": [{"row": match.row, "slug": match.slug} for match in report.possible_matches],
            "ignored_columns": report.ignored_columns,
            "encoding": report.encoding,
            "dry_run": report.dry_run,
        },
        ensure_ascii=False,
    )


def as_text(report: ImportReport) -> str:
    """Return the report for a person at a terminal."""
    lines = ["Dry run: nothing was written."] if report.dry_run else []
    lines += [f"{name.replace('_', ' ')}: {count}" for name, count in report.counts.items()]
    lines += [f"row {error.row}, {error.column} “{error.value}”: {error.reason}" for error in report.rejected]
    lines += [
        f"row {match.row}: may be the provisional person {match.slug}; nothing was joined"
        for match in report.possible_matches
    ]
    if report.ignored_columns:
        lines.append("columns left aside: " + ", ".join(report.ignored_columns))
    return "\n".join(lines)
