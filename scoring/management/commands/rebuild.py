"""``manage.py rebuild``: cached totals and scorecards made anew from the ledger, then proven."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from institutions import clock
from scoring.services import rebuilding, verification


class Command(BaseCommand):
    """Make the projections anew; exit 1 and name the persons where the ledger does not bear them out."""

    help = "Sum every cached total and render every scorecard anew from the ledger, then verify the ledger."

    def handle(self, *args: Any, **options: Any) -> None:
        """Rebuild, say how much, verify."""
        rebuilt = rebuilding.rebuild(now=clock.now())
        self.stdout.write(
            f"{rebuilt.people} people with a history: {rebuilt.totals} totals summed, "
            f"{rebuilt.scorecards} scorecards rendered."
        )
        drifts = verification.verify_ledger()
        for drift in drifts:
            self.stdout.write(verification.describe(drift))
        if drifts:
            raise SystemExit(1)
