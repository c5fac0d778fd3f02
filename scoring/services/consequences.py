"""The list of a decision's effects: written when caused, ticked when undone."""

from __future__ import annotations

from datetime import datetime

from institutions.json_types import JsonObject
from scoring.enums import ConsequenceKind
from scoring.models import Consequence, ConsequenceReversal, PointsEntry


def note(
    *,
    entry: PointsEntry,
    kind: ConsequenceKind,
    target: str,
    now: datetime,
    detail: JsonObject | None = None,
) -> None:
    """Write down that ``entry`` caused an effect on ``target``; the same effect is written once."""
    row = Consequence(
        practitioner_id=entry.practitioner_id,
        entry=entry,
        kind=kind,
        target=target,
        detail=dict(detail or {}),
        caused_at=now,
    )
    Consequence.objects.bulk_create([row], ignore_conflicts=True)


def reverse_all(*, entry: PointsEntry, reversal: PointsEntry, now: datetime) -> int:
    """Tick every open effect of ``entry`` as undone by ``reversal``; return how many were open.

    Called after the effects were undone: the reversing entry is posted, measures are re-judged, the
    scorecard is out of service, corrections are queued.
    """
    open_rows = Consequence.objects.filter(entry=entry, reversal__isnull=True)
    ticks = [ConsequenceReversal(consequence=row, entry=reversal, reversed_at=now) for row in open_rows]
    ConsequenceReversal.objects.bulk_create(ticks)
    return len(ticks)
