"""`build_letter_check`: makes `static/verify/verify_letter.py` from the sources of the rules."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from scoring.letter_check.bundling import BUNDLE, bundle


class Command(BaseCommand):
    """Write the file, or with `--check` say whether it is up to date."""

    help = "Makes verify_letter.py, with which anybody recomputes a decision letter offline."

    def add_arguments(self, parser: CommandParser) -> None:
        """One switch."""
        parser.add_argument("--check", action="store_true", help="change nothing; fail if the file is out of date")

    def handle(self, *args: Any, **options: Any) -> None:
        """Build, then compare or write."""
        text = bundle()
        known = BUNDLE.read_text(encoding="utf-8") if BUNDLE.exists() else ""
        if options["check"] and known != text:
            raise CommandError("verify_letter.py is out of date: run manage.py build_letter_check.")
        if known != text:
            BUNDLE.parent.mkdir(parents=True, exist_ok=True)
            BUNDLE.write_text(text, encoding="utf-8")
        self.stdout.write(f"{BUNDLE.name}: {len(text.splitlines())} lines, up to date.")
