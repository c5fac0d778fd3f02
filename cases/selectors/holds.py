"""Held decisions that wait for an officer's release, with their timer."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef

from cases.models import DecisionHold, Proposal
from cases.states import State
from institutions.models import User
from institutions.permissions import Permission, regions_for, within
from institutions.selectors import deputies


@dataclass(frozen=True, slots=True)
class HoldWaiting:
    """One held decision: by when it is to be released, how many days late it is, and whether that was escalated."""

    hold: DecisionHold
    due_on: date
    days_late: int

    @property
    def is_overdue(self) -> bool:
        """Say whether the time to release it is over."""
        return self.days_late > 0

    @property
    def is_escalated(self) -> bool:
        """Say whether the hourly watch has noted that it is overdue."""
        return self.hold.escalated_at is not None


def holds_waiting(by: User, on: date) -> list[HoldWaiting]:
    """Return the held decisions that this officer may release, the most overdue first.

    Not those that they, or whom they stand in for, proposed or decided; an overdue one is seen by everybody who may
    release in its region.
    """
    names = deputies.names_of(by)
    rows = (
        DecisionHold.objects.filter(outcome="", attribution__state=State.HELD)
        .filter(within(regions_for(by, Permission.ATTRIBUTION_RELEASE), "attribution__case__region"))
        .exclude(decided_by__in=names)
        .exclude(Exists(Proposal.objects.filter(attribution=OuterRef("attribution"), proposed_by__in=names)))
        .select_related("attribution__case", "attribution__practitioner", "decided_by")
        .order_by("due_on", "pk")
    )
    return [HoldWaiting(row, row.due_on, max(0, (on - row.due_on).days)) for row in rows]
