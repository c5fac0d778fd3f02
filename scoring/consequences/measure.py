"""A measure: the decision's own, or one of another decision that became different because of it."""

from __future__ import annotations

from django.utils.translation import gettext as _

from institutions.json_types import JsonObject
from scoring.consequences.kind import Kind, Undoing, day
from scoring.enums import ConsequenceKind
from scoring.models import Consequence, Measure
from scoring.policy.rulebook_parts import MeasureKind


class MeasureConsequence(Kind[Measure]):
    """Days under a measure; undone where the row is no longer known and what follows now is written."""

    kind = ConsequenceKind.MEASURE

    def target(self, thing: Measure) -> str:
        """The row of the measure."""
        return str(thing.id)

    def detail(self, thing: Measure) -> JsonObject:
        """Its kind and its days, and whether another decision imposed it."""
        return {"kind": thing.kind, "from": thing.starts_on.isoformat(), "until": thing.ends_on.isoformat()}

    def reverse(self, row: Consequence, undoing: Undoing) -> JsonObject | None:
        """Undone where it is not known any more; a measure of another decision may stand by itself."""
        measure = Measure.objects.select_related("entry").get(pk=row.target)
        if measure.recorded.upper is None:
            return None if measure.entry_id == undoing.entry.id else {"stands_by": measure.entry.source_key}
        instead = [
            {"kind": new.kind, "from": new.starts_on.isoformat(), "until": new.ends_on.isoformat()}
            for new in undoing.added
            if new.entry_id in (measure.entry_id, undoing.standing.id)
        ]
        return {"known_until": measure.recorded.upper.isoformat(), "instead": instead}

    def what(self, row: Consequence) -> str:
        """The measure with its first and last day."""
        return run_of_days(row.detail)

    def how(self, row: Consequence, tick: JsonObject) -> str:
        """Ended; or what applies in its place; or that it rests on another decision."""
        if "stands_by" in tick:
            return _("rests on another decision, as it would have without this one")
        instead = tick.get("instead")
        if isinstance(instead, list) and instead:
            runs = [run_of_days(run) for run in instead if isinstance(run, dict)]
            return _("ended; instead: %(measures)s") % {"measures": "; ".join(runs)}
        return _("ended, past days included")


def run_of_days(detail: JsonObject) -> str:
    """A stored measure in words."""
    names = {MeasureKind.SUSPEND: _("suspension"), MeasureKind.TERMINATE: _("termination")}
    return _("%(measure)s from %(first)s to %(last)s") % {
        "measure": names[MeasureKind(str(detail["kind"]))],
        "first": day(detail["from"]),
        "last": day(detail["until"]),
    }
