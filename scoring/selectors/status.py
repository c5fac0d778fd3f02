"""The status of a person on a day, as known at an instant: computed, never stored as truth."""

from __future__ import annotations

from datetime import date, datetime

from institutions.models import Practitioner
from scoring.policy.account import StatusOn
from scoring.selectors.accounts import load_account


def status_on(practitioner: Practitioner, on: date, *, known_at: datetime | None = None) -> StatusOn:
    """支付资格状态 on a Shanghai date. Without ``known_at`` everything recorded counts, on past days too."""
    return load_account(practitioner, known_at=known_at).account.status_on(on)


def points_on(practitioner: Practitioner, on: date, *, known_at: datetime | None = None) -> int:
    """The points shown on a Shanghai date: the total of that date's calendar year."""
    return load_account(practitioner, known_at=known_at).account.points_on(on)
