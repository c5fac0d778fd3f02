"""``manage.py publish``: render scorecards now, or all of them anew."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from institutions import clock
from scoring.services import scorecards


class Command(BaseCommand):
    """Render the scorecards that are due."""

    help = "Render scorecards that are dirty or no longer hold; --all renders every published one anew."

    def add_arguments(self, parser: CommandParser) -> None:
        """``--all`` drops what is published and renders it again."""
        parser.add_argument("--all", action="store_true", help="render every published scorecard anew")

    def handle(self, *args: Any, **options: Any) -> None:
        """Publish and say how many."""
        now = clock.now()
        if options["all"]:
            scorecards.mark_all_dirty(now=now)
        self.stdout.write(f"{scorecards.publish_dirty(now=now)} scorecards rendered.")
