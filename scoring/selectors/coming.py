"""What is coming by decisions that have taken effect: between a decision and the first day of its measure."""

from __future__ import annotations

from datetime import date

from scoring.policy.account import GRAVITY, Account, StatusOn


def graver_status_ahead(account: Account, on: date) -> tuple[date, StatusOn] | None:
    """The first day after ``on`` from which the status is graver than on the day, and what it is then.

    Only by awards effective by the day; nothing that is merely intended or decided is in an account. None where the
    status stays or gets better.
    """
    now = GRAVITY[account.status_on(on).status]
    begun = {award.ref for award in account.awards if award.on <= on}
    for measure in sorted(account.measures, key=lambda m: m.starts_on):
        if measure.starts_on <= on or measure.award not in begun:
            continue
        ahead = account.status_on(measure.starts_on)
        if GRAVITY[ahead.status] > now:
            return measure.starts_on, ahead
    return None
