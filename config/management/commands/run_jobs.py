"""`manage.py run_jobs --date D`: the background work for a date, now and in order.

Running it again changes nothing.
"""

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.jobs import NIGHTLY, UnknownJob, run_jobs
from institutions import clock


class Command(BaseCommand):
    """Does for a date what the timetable would have done, for instance after days of downtime."""

    help = "Run the nightly jobs for a date (today without --date), in order, and print what each one did."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--date", type=date.fromisoformat, help="Shanghai date, YYYY-MM-DD; default today")
        parser.add_argument("--only", action="append", metavar="NAME", help="run only this job; may be repeated")

    def handle(self, *args: Any, **options: Any) -> None:
        on = options["date"] or clock.today()
        try:
            for result in run_jobs(on, options["only"] or NIGHTLY):
                counts = ", ".join(f"{name} {count}" for name, count in result.counts.items()) or "nothing"
                self.stdout.write(f"{on} {result.name}: {counts}")
        except UnknownJob as error:
            raise CommandError(str(error)) from error
