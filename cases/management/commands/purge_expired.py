"""`purge_expired`: deletes files whose retention is over; with `--dry-run` only says which."""

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from cases.services import retention
from institutions import clock
from institutions.services.job_runs import job_run


class Command(BaseCommand):
    """Delete, or list, every file whose time is over; nothing with an open window, appeal or measure."""

    help = "Deletes files whose retention is over. The rows that cite them stay, with their hashes."

    def add_arguments(self, parser: CommandParser) -> None:
        """Two switches."""
        parser.add_argument("--dry-run", action="store_true", help="say what would be deleted; change nothing")
        parser.add_argument("--date", type=date.fromisoformat, help="as of this Shanghai date (today)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Say line by line what is due; delete it unless it is a dry run."""
        now = clock.now()
        day = options["date"] or clock.local_date(now)
        for item in retention.due(on=day):
            self.stdout.write(
                f"{item.owner}\t{item.thing}\t{item.file_name}\tkept until {item.kept.until} ({item.kept.because})"
            )
        if options["dry_run"]:
            self.stdout.write("Dry run: nothing was deleted.")
            return
        with job_run("cases.purge_expired", day, now) as counts:
            retention.purge_expired(now=now, today=day, counts=counts)
        self.stdout.write(" ".join(f"{name}={count}" for name, count in counts.items()))
