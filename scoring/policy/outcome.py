"""Where an account stands on a day, and every later day on which that is known to change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from scoring.policy.account import Account, StatusOn


@dataclass(frozen=True, slots=True)
class StatusFrom:
    """A status and the day from which it holds, as far as is known today."""

    on: date
    status: StatusOn


@dataclass(frozen=True, slots=True)
class Outcome:
    """Where a person stands on a day: the points of its year, the status, and each later day on which that changes."""

    on: date
    points: int
    status: StatusOn
    course: tuple[StatusFrom, ...]  # begins with ``on`` itself

    @property
    def year(self) -> int:
        """The calendar year whose points these are."""
        return self.on.year

    @property
    def next_change(self) -> StatusFrom | None:
        """The first later day on which the status will be another, or None."""
        return self.course[1] if len(self.course) > 1 else None


def outcome_of(account: Account, on: date) -> Outcome:
    """Where an account stands on a day, and every later day on which its status is known to change."""
    course = [StatusFrom(on, account.status_on(on))]
    for day in account.boundaries():
        if day > on and (status := account.status_on(day)) != course[-1].status:
            course.append(StatusFrom(day, status))
    return Outcome(on, account.points_on(on), course[0].status, tuple(course))
