"""Add up anew, from the ledger, which points were given where: what decisions are compared with."""

from typing import Any

from django.core.management.base import BaseCommand

from cases.services import dispersion
from institutions import clock


class Command(BaseCommand):
    """`manage.py renew_dispersion`: what the night's job does, at once."""

    help = "Add up from the ledger which points were given by clause, degree, amount and region."

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the cells anew and say how many there are."""
        self.stdout.write(f"{dispersion.renew_cells(now=clock.now())} cells added up from the ledger.")
