"""The published scorecard."""

from __future__ import annotations

from django.utils.translation import gettext as _

from institutions.json_types import JsonObject
from institutions.models import Practitioner
from institutions.selectors.practitioners import record_ids
from scoring.consequences.kind import Kind, Undoing
from scoring.enums import ConsequenceKind
from scoring.models import Consequence, Scorecard


class ScorecardConsequence(Kind[Practitioner]):
    """A person's page and its JSON; undone by taking the rendering out of service, so that it is made anew."""

    kind = ConsequenceKind.SCORECARD

    def target(self, thing: Practitioner) -> str:
        """The person."""
        return str(thing.id)

    def reverse(self, row: Consequence, undoing: Undoing) -> JsonObject | None:
        """Undone where what was rendered is out of service: pages are made from the account until it is anew."""
        card = Scorecard.objects.filter(practitioner_id=record_ids(undoing.entry.practitioner)[0]).first()
        if card is None or card.dirty_at is None:
            return None
        return {"taken_out_at": card.dirty_at.isoformat()}

    def what(self, row: Consequence) -> str:
        """The public page."""
        return _("public scorecard")

    def how(self, row: Consequence, tick: JsonObject) -> str:
        """Made anew."""
        return _("published anew without it")
