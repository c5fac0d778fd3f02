"""A row of open data."""

from __future__ import annotations

from django.utils.translation import gettext as _

from institutions.json_types import JsonObject
from institutions.models import Practitioner
from institutions.selectors.practitioners import record_ids
from scoring.consequences.kind import Kind, Undoing
from scoring.enums import ConsequenceKind
from scoring.models import Consequence
from scoring.services import open_data_withdrawal


class OpenDataConsequence(Kind[str]):
    """A row in the daily files; undone by withdrawing every file that tells of it. The next release is without it."""

    kind = ConsequenceKind.OPEN_DATA

    def target(self, thing: str) -> str:
        """The row's id."""
        return thing

    def reverse(self, row: Consequence, undoing: Undoing) -> JsonObject | None:
        """Withdraw the files and wake the maker of releases."""
        person = Practitioner(pk=record_ids(undoing.entry.practitioner)[0])
        open_data_withdrawal.withdraw_for(practitioner=person, now=undoing.now)
        return {"row_id": row.target}

    def what(self, row: Consequence) -> str:
        """The row."""
        return _("row %(row)s of open data") % {"row": row.target}

    def how(self, row: Consequence, tick: JsonObject) -> str:
        """Withdrawn."""
        return _("files with it withdrawn; the next release is without it")
