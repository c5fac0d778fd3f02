"""What follows when an award falls, is varied or is put back: one order for all three.

Measures and totals first, then the days given back, then whoever was told, then the list of effects is walked and
ticked. All in the transaction that posted the reversal, with the person's lock held.
"""

from __future__ import annotations

from datetime import datetime

from institutions.clock import local_date
from institutions.models import User
from scoring.consequences.kind import Undoing
from scoring.consequences.registry import CLAIMS, ENTRY, MEASURE
from scoring.models import PointsEntry
from scoring.selectors.accounts import LoadedAccount
from scoring.selectors.given_back import given_back
from scoring.services import consequences, corrections, measures
from scoring.services.corrections import Change
from scoring.services.measures import Refreshed


def follow(
    *,
    undone: PointsEntry,
    reversal: PointsEntry | None,
    standing: PointsEntry | None,
    outcome: str,
    before: LoadedAccount,
    by: User | None,
    now: datetime,
    instant: datetime,
) -> Refreshed:
    """Let everything follow from a correction that was just posted; return what changed.

    ``reversal`` undid ``undone`` and ``standing`` took its place, either of which may be missing; ``before`` is the
    account as it was loaded before; ``instant`` is when the postings were recorded.
    """
    if standing is not None:
        ENTRY.cause(entry=standing, thing=standing, now=now)
    cause = standing or reversal
    assert cause is not None  # something was posted
    person = undone.practitioner
    refreshed = measures.refresh(practitioner=person, cause=cause, by=by, now=instant)
    days = given_back(person, before.account, refreshed.loaded.account, local_date(now))
    for measure in refreshed.ended:
        MEASURE.cause(entry=undone, thing=measure, now=now)
    for given in days:
        CLAIMS.cause(entry=undone, thing=given, now=now)
    named_by = reversal or cause
    corrected = corrections.put_right(Change(undone, standing, named_by, outcome, before, refreshed.loaded, days, now))
    if reversal is not None:
        consequences.reverse_all(
            Undoing(undone, reversal, standing, refreshed.added, corrected.sent, corrected.still_true, now)
        )
    return refreshed
