"""Which days a person gets back at which site when a decision falls."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from institutions.models import Institution, Practitioner, Registration
from institutions.selectors.practitioners import record_ids
from scoring.consequences.kind import GivenBack
from scoring.policy.account import Account, Status
from scoring.policy.spans import Span, joined

ONE_DAY = timedelta(days=1)


def given_back(practitioner: Practitioner, before: Account, after: Account, today: date) -> tuple[GivenBack, ...]:
    """The runs of days up to today that nobody would have paid and that are payable again, site by site.

    A site has them where the person was registered there on those days; somebody provisional, where they were named.
    """
    runs = days_given_back(before, after, today)
    if not runs:
        return ()
    found = [
        GivenBack(site, max(first, begins), min(last, ends))
        for site, begins, ends in _spells(practitioner)
        for first, last in runs
        if max(first, begins) <= min(last, ends)
    ]
    return tuple(sorted(found, key=lambda given: (given.site.code, given.first)))


def days_given_back(before: Account, after: Account, today: date) -> list[Span]:
    """The days up to today under a measure before and under none now."""
    edges = sorted({day for account in (before, after) for day in account.boundaries() if day <= today})
    return joined(
        (first, (edges[place + 1] if place + 1 < len(edges) else today + ONE_DAY) - ONE_DAY)
        for place, first in enumerate(edges)
        if before.status_on(first).status is not Status.NORMAL and after.status_on(first).status is Status.NORMAL
    )


def _spells(practitioner: Practitioner) -> Iterator[tuple[Institution, date, date]]:
    rows = Registration.objects.filter(practitioner__in=record_ids(practitioner)).select_related("institution")
    for spell in rows.order_by("starts_on"):
        yield spell.institution, spell.starts_on, spell.ends_on or date.max
    if practitioner.is_provisional and practitioner.provisional_institution is not None:
        yield practitioner.provisional_institution, date.min, date.max
