"""`manage.py check_attributions`: proves that attributions and the ledger agree; exit 1 where they do not."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from cases.models import Attribution
from cases.selectors.agreement import disagreements


class Command(BaseCommand):
    """Checks; changes nothing."""

    help = "Prove that every effect is one award in the ledger and every award has its attribution. Changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON object on stdout")

    def handle(self, *args: Any, **options: Any) -> None:
        found = list(disagreements())
        if options["json"]:
            faults = [{"subject": item.subject, "reason": item.reason} for item in found]
            self.stdout.write(json.dumps({"disagreements": faults}, ensure_ascii=False))
        else:
            for item in found:
                self.stdout.write(str(item))
            if not found:
                self.stdout.write(f"{Attribution.objects.count()} attributions agree with the ledger.")
        if found:
            raise SystemExit(1)
