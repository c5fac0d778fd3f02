"""``manage.py publish``: render scorecards now, or all of them anew."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from institutions import clock
from scoring.services import card_files, scorecards


class Command(BaseCommand):
    """Render the scorecards that are due, and write or take away their files."""

    help = "Render scorecards that are dirty or no longer hold; --all renders every published one anew."

    def add_arguments(self, parser: CommandParser) -> None:
        """``--all`` drops what is published and renders it again."""
        parser.add_argument("--all", action="store_true", help="render every published scorecard anew")
        parser.add_argument("--no-files", action="store_true", help="take every published file away, and write none")

    def handle(self, *args: Any, **options: Any) -> None:
        """Publish and say how many."""
        now = clock.now()
        if options["all"]:
            scorecards.mark_all_dirty(now=now)
        if options["no_files"]:
            self.stdout.write(f"The files of {card_files.withdraw_files()} scorecards were taken away.")
            return
        self.stdout.write(f"{scorecards.publish_dirty(now=now)} scorecards rendered.")
        self.stdout.write(f"{card_files.publish_files(now=now)} scorecards written as files.")
