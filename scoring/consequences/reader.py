"""Somebody who looked at the person's record while the decision stood."""

from __future__ import annotations

from django.utils.translation import gettext as _

from institutions.json_types import JsonObject
from institutions.models import Institution
from institutions.services.notices import recipient_key
from scoring.consequences.kind import Kind, Undoing
from scoring.enums import ConsequenceKind
from scoring.models import Consequence


class ReaderConsequence(Kind[Institution]):
    """An institution whose HR read the record; undone by a correction to it, whether or not it was ever notified."""

    kind = ConsequenceKind.READER

    def target(self, thing: Institution) -> str:
        """The key of the reader, as notices know it."""
        return recipient_key(thing)

    def detail(self, thing: Institution) -> JsonObject:
        """The reader's name."""
        return {"name": thing.name}

    def reverse(self, row: Consequence, undoing: Undoing) -> JsonObject | None:
        """Undone where the reader was sent a correction."""
        correction = undoing.corrections.get(row.target)
        return None if correction is None else {"correction": correction.number}

    def what(self, row: Consequence) -> str:
        """Who read."""
        return _("record read by %(reader)s") % {"reader": row.detail.get("name", "")}

    def how(self, row: Consequence, tick: JsonObject) -> str:
        """The number of the correction."""
        return _("corrected by %(number)s") % {"number": tick["correction"]}
