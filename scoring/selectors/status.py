"""The status of a person on a day, as known at an instant: computed, never stored as truth."""

from __future__ import annotations

from datetime import date, datetime

from institutions.models import Practitioner
from scoring.policy.account import StatusOn
from scoring.selectors.accounts import load_account


def status_on(practitioner: Practitioner, on: date, *, known_at: datetime | None = None) -> StatusOn:
    """支付资格状态 of a record on a Shanghai date. Without ``known_at`` everything recorded counts, on past days too.

    Until the day on which a merge takes effect each record answers for itself: a merge starts nothing in the past, and
    what was paid under one code is not called back for what stood against another.
    """
    return load_account(practitioner, known_at=known_at, one_by=on).account.status_on(on)


def points_on(practitioner: Practitioner, on: date, *, known_at: datetime | None = None) -> int:
    """The points of a record, as in ``status_on``, on a Shanghai date: the total of that date's calendar year."""
    return load_account(practitioner, known_at=known_at, one_by=on).account.points_on(on)
