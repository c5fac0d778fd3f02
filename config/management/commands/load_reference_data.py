"""`manage.py load_reference_data`: regions, roles, working calendar and rulebook packs."""

from typing import Any

from django.core.management.base import BaseCommand

from config.reference_data import load_reference_data
from institutions import clock


class Command(BaseCommand):
    """Loads what the product ships with; running it again changes nothing."""

    help = "Load regions, roles, the working calendar and the rulebook packs. Safe to run again."

    def handle(self, *args: Any, **options: Any) -> None:
        for name, outcome in load_reference_data(now=clock.now()).items():
            self.stdout.write(f"{name}: {outcome}")
