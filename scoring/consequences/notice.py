"""A notice that went out because of the decision."""

from __future__ import annotations

from django.utils.translation import gettext as _

from institutions.json_types import JsonObject
from institutions.models import Notice, NoticeKind
from scoring.consequences.kind import Kind, Undoing
from scoring.enums import ConsequenceKind
from scoring.models import Consequence


class NoticeConsequence(Kind[Notice]):
    """Something told to an institution or the person; undone by a correction to the same recipient."""

    kind = ConsequenceKind.NOTICE

    def target(self, thing: Notice) -> str:
        """The number of the notice."""
        return thing.number

    def detail(self, thing: Notice) -> JsonObject:
        """Its kind and who received it."""
        return {"notice": thing.kind, "recipient": thing.institution.name if thing.institution else ""}

    def reverse(self, row: Consequence, undoing: Undoing) -> JsonObject | None:
        """Undone where a correction names it; one that tells what still holds is left, and says so."""
        correction = undoing.corrections.get(row.target)
        if correction is not None:
            return {"correction": correction.number}
        if row.target in undoing.still_true:
            return {"still_true": True}
        earlier = Notice.objects.filter(kind=NoticeKind.CORRECTION, payload__corrects__contains=[row.target]).first()
        return None if earlier is None else {"correction": earlier.number}

    def what(self, row: Consequence) -> str:
        """The notice by its kind and number, and the recipient."""
        kind = str(row.detail.get("notice", ""))
        label = NoticeKind(kind).label if kind in NoticeKind.values else _("notice")
        recipient = str(row.detail.get("recipient", "")) or _("the person")
        return _("%(notice)s %(number)s to %(recipient)s") % {
            "notice": label,
            "number": row.target,
            "recipient": recipient,
        }

    def how(self, row: Consequence, tick: JsonObject) -> str:
        """The number of the correction."""
        if "still_true" in tick:
            return _("still true because of another decision")
        return _("corrected by %(number)s") % {"number": tick["correction"]}
