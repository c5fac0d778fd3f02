"""Makes delegations through the service, and moves the clock to their days."""

from datetime import date, datetime, timedelta

from institutions import clock
from institutions.clock import local_date
from institutions.models import Delegation, User
from institutions.selectors import users
from institutions.services import delegations
from tests.factories.second_factor import enrolled


def stand_in(
    deputy: User, delegator: User, *, now: datetime, days: int = 14, starts_on: date | None = None
) -> Delegation:
    """Let one officer stand in for another from `now` (or a later day) for some days; the clock stands at `now`."""
    clock.move_to(now)
    if not users.has_second_factor(deputy):
        enrolled(deputy)
    first = starts_on or local_date(now)
    return delegations.delegate(
        delegator=delegator,
        deputy=deputy,
        starts_on=first,
        ends_on=first + timedelta(days=days - 1),
        reason="年休假",
        by=delegator,
        now=now,
    )
