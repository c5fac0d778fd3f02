"""From which share of its staff under a measure something is proposed against an institution (F47). Pure.

A proposal and never an effect: what the authority does with it is decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from scoring.policy.rulebook_parts import InstitutionAlert


@dataclass(frozen=True, slots=True)
class Staffing:
    """How many work at an institution, and how many of them came under a measure in the year."""

    staff: int
    affected: int

    @property
    def share(self) -> Decimal:
        """The share of the staff; of nobody it is nothing."""
        return Decimal(self.affected) / self.staff if self.staff else Decimal(0)


def alert_for(staffing: Staffing, alerts: Iterable[InstitutionAlert]) -> InstitutionAlert | None:
    """The gravest alert whose share is reached, the share itself included; None where none is."""
    reached = [alert for alert in alerts if staffing.affected and staffing.share >= alert.share]
    return max(reached, key=lambda alert: alert.share, default=None)
