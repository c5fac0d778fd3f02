"""The list of a decision's effects: walked when the decision falls, each effect undone and ticked."""

from __future__ import annotations

from scoring.consequences.kind import Undoing
from scoring.consequences.registry import kind_of
from scoring.models import Consequence, ConsequenceReversal


def reverse_all(undoing: Undoing) -> int:
    """Undo every open effect of the award and tick what is undone; return how many lines stay open.

    Called after the ledger, the measures and the corrections are written, in the same transaction. A line that stays
    open stops nobody's appeal: it shows in the manifest, and ``verify_ledger`` names the person.
    """
    rows = list(Consequence.objects.filter(entry=undoing.entry, reversal__isnull=True).select_related("entry"))
    ticks = []
    for row in rows:
        how = kind_of(row.kind).reverse(row, undoing)
        if how is not None:
            ticks.append(
                ConsequenceReversal(consequence=row, entry=undoing.reversal, reversed_at=undoing.now, detail=dict(how))
            )
    ConsequenceReversal.objects.bulk_create(ticks)
    return len(rows) - len(ticks)
