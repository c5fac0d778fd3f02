"""`manage.py load_calendar FILE.csv`: the working days of a year as announced by the State Council."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cases.services.calendars import load_calendar
from institutions import clock
from institutions.models import User
from institutions.services.calendar_upload import CalendarRefused


class Command(BaseCommand):
    """Loads a calendar, all of it or nothing, and renews the deadlines that waited for it."""

    help = "Load days of the working calendar from a CSV (date,is_working,source) and renew provisional deadlines."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE.csv", help="UTF-8 or GB18030, with a heading")
        parser.add_argument("--by", metavar="USER", help="in whose name; default: the system")

    def handle(self, *args: Any, file: Path, by: str | None, **options: Any) -> None:
        user = User.objects.filter(username=by).first() if by else None
        if by and user is None:
            raise CommandError(f"There is no user {by}.")
        try:
            loaded = load_calendar(data=file.read_bytes(), by=user, now=clock.now())
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        except CalendarRefused as refused:
            for row in refused.errors:
                self.stdout.write(f"row {row['row']}, {row['field']}, {row['value']!r}: {row['message']}")
            raise CommandError(f"{refused} {refused.next_step}") from refused
        years = ", ".join(map(str, loaded.announced)) or "none"
        self.stdout.write(
            f"Days changed: {loaded.changed}; years announced: {years}; deadlines renewed: {loaded.deadlines_renewed}"
        )
