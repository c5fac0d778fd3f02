"""`manage.py move_clock ISO`: put the clock of a demonstration somewhere else."""

from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from institutions import clock
from institutions.errors import JifenError
from institutions.selectors.freshness import freshness


class Command(BaseCommand):
    """Freezes the clock at an instant; only where the settings allow a movable clock."""

    help = "Freeze the clock at an instant (2025-06-11, 2025-06-11T09:00, Shanghai unless said), or --release it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("instant", nargs="?", metavar="ISO")
        parser.add_argument("--release", action="store_true", help="let the real time run again")

    def handle(self, *args: Any, **options: Any) -> None:
        if bool(options["instant"]) == options["release"]:
            raise CommandError("Give an instant, or --release.")
        try:
            if options["release"]:
                clock.release()
            else:
                clock.move_to(_instant(options["instant"]))
        except JifenError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(clock.now().astimezone(clock.SHANGHAI).isoformat())
        found = freshness(clock.now())
        if found.is_stale:
            self.stderr.write(f"Public pages stay as of {found.as_of} until `manage.py run_jobs` did the night's work.")


def _instant(text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"{text} is not an ISO 8601 instant.") from error
    return instant if instant.tzinfo else instant.replace(tzinfo=clock.SHANGHAI)
