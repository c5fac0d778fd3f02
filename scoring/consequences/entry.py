"""The points themselves, on the ledger."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from institutions.json_types import JsonObject
from scoring.consequences.kind import Kind, Undoing
from scoring.enums import ConsequenceKind
from scoring.models import Consequence, PointsEntry


class EntryConsequence(Kind[PointsEntry]):
    """Points of a decision; undone by the reversing entry."""

    kind = ConsequenceKind.ENTRY

    def target(self, thing: PointsEntry) -> str:
        """The award."""
        return str(thing.id)

    def detail(self, thing: PointsEntry) -> JsonObject:
        """How many points, and of which year."""
        return {"points": thing.points, "year": thing.year}

    def reverse(self, row: Consequence, undoing: Undoing) -> JsonObject | None:
        """Undone where the reversal of this very award is posted."""
        if str(undoing.reversal.reverses_id) != row.target:
            return None
        left = undoing.replacement.points if undoing.replacement else 0
        return {"reversal": undoing.reversal.source_key, "points": undoing.reversal.points, "points_left": left}

    def what(self, row: Consequence) -> str:
        """The points and their year."""
        points = int(str(row.detail.get("points", row.entry.points)))
        return ngettext("%(points)d point in %(year)d", "%(points)d points in %(year)d", points) % {
            "points": points,
            "year": int(str(row.detail.get("year", row.entry.year))),
        }

    def how(self, row: Consequence, tick: JsonObject) -> str:
        """Taken back whole, or replaced by fewer."""
        if tick.get("points_left"):
            return _("taken back; %(left)s points stand in their place") % {"left": tick["points_left"]}
        return _("taken back")
