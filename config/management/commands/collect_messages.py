"""`manage.py collect_messages`: bring the catalogue up to what code and templates say now."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from config import messages


class Command(BaseCommand):
    """Collects every message into `locale/zh_Hans`; translations that are known stay, what is unused goes."""

    help = "Collect the messages of code and templates into the Chinese catalogue."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; fail where something would change")

    def handle(self, *args: Any, **options: Any) -> None:
        catalogue = messages.collected(messages.read_catalogue())
        text = messages.catalogue_text(catalogue)
        untranslated = messages.untranslated(catalogue)
        if options["check"]:
            if not messages.CATALOGUE.exists() or messages.CATALOGUE.read_bytes() != text:
                raise CommandError("The catalogue is out of date: run `manage.py collect_messages` and translate.")
        else:
            messages.CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
            messages.CATALOGUE.write_bytes(text)
        self.stdout.write(f"{len(catalogue)} messages, {len(untranslated)} without a translation")
        for message in untranslated:
            self.stdout.write(f"  {message}")
