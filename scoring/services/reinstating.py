"""A higher court puts back what had fallen: the award stands again, with its own dates."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from institutions.models import User
from institutions.services import wake_up
from scoring.enums import EntryKind
from scoring.errors import NotAnOpenAward
from scoring.models import PointsEntry
from scoring.selectors.accounts import load_account
from scoring.services import ledger, measures, undoing
from scoring.services.corrections import REINSTATED
from scoring.services.ledger import AwardLine, Left


@transaction.atomic
def reinstate_award(
    *,
    entry: PointsEntry,
    lines: Sequence[AwardLine] | None = None,
    reason: str,
    by: User | None,
    now: datetime,
) -> PointsEntry:
    """Put an award back that was reversed or varied, whole or with those of its ``lines`` given; return the new award.

    It has the dates and the rules of ``entry`` and no more points, under the next key of the chain, and what had
    taken its place goes. The rules judge it as an award posted now; awards posted before keep what corrections gave
    them. A second call returns the award put back. Refuses NotAnOpenAward for anything but an award that fell.
    """
    instant = measures.lock(entry.practitioner, now)
    left = _left(entry, lines)
    done = PointsEntry.objects.filter(reinstates=entry, reversal__isnull=True, lines=left.lines).first()
    if done is not None:
        return done
    if entry.kind != EntryKind.AWARD or not PointsEntry.objects.filter(reverses=entry).exists():
        raise NotAnOpenAward(
            _("Only an award that was undone or varied can be put back."),
            rule="reinstatement",
            state=f"{entry.kind} {entry.source_key}",
        )
    before = load_account(entry.practitioner)
    last = _last_of_chain(entry)
    reversal = None
    if not PointsEntry.objects.filter(reverses=last).exists():
        reversal = ledger.insert_reversal(last, reason, by, instant)
    standing = ledger.insert_in_place(last, entry, left, reason, by, instant, reinstates=True)
    undoing.follow(
        undone=last,
        reversal=reversal,
        standing=standing,
        outcome=REINSTATED,
        before=before,
        by=by,
        now=now,
        instant=instant,
    )
    ledger.record("points.reinstated", standing, by, now, reason)
    wake_up.after_commit("scoring.publish_scorecards")
    wake_up.after_commit("institutions.deliver_notices")
    return standing


def _left(entry: PointsEntry, lines: Sequence[AwardLine] | None) -> Left:
    if lines is not None:
        return ledger.left_by_lines(entry, lines)
    return Left(entry.points, entry.single_points or entry.points, entry.lines)


def _last_of_chain(entry: PointsEntry) -> PointsEntry:
    """The latest award of the same decision."""
    following = PointsEntry.objects.filter(replaces=entry).first()
    while following is not None:
        entry, following = following, PointsEntry.objects.filter(replaces=following).first()
    return entry
