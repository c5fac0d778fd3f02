"""``manage.py verify_ledger``: exit 1 and the person's name where anything disagrees."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from scoring.models import PointsEntry
from scoring.services import verification


class Command(BaseCommand):
    """Recompute every seal, reversal, total and measure of the ledger."""

    help = "Prove that nobody touched the ledger: exit 0 when all agrees, exit 1 and a line per disagreement."

    def add_arguments(self, parser: CommandParser) -> None:
        """``--json`` prints one object for machines."""
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the checks and exit."""
        drifts = verification.verify_ledger()
        lines = [verification.describe(drift) for drift in drifts]
        if options["json"]:
            self.stdout.write(json.dumps({"drifts": lines}, ensure_ascii=False))
        else:
            for line in lines:
                self.stdout.write(line)
            if not lines:
                self.stdout.write(f"{PointsEntry.objects.count()} entries: seals, signs, totals and measures agree.")
        if drifts:
            raise SystemExit(1)
