"""Days given back at a site: what was done there on them is payable again and can be claimed once more."""

from __future__ import annotations

from django.utils.translation import gettext as _

from institutions.json_types import JsonObject
from institutions.services.notices import recipient_key
from scoring.consequences.kind import GivenBack, Kind, Undoing, day
from scoring.enums import ConsequenceKind
from scoring.models import Consequence


class ClaimsConsequence(Kind[GivenBack]):
    """Claims of a site for days that nobody would pay; known when the days are given back, and told to the site."""

    kind = ConsequenceKind.CLAIMS

    def target(self, thing: GivenBack) -> str:
        """The site and its days."""
        return f"{thing.site.code}:{thing.first}:{thing.last}"

    def detail(self, thing: GivenBack) -> JsonObject:
        """The site and its first and last day."""
        return {
            "institution": str(thing.site.pk),
            "code": thing.site.code,
            "name": thing.site.name,
            "from": thing.first.isoformat(),
            "until": thing.last.isoformat(),
            "reader": recipient_key(thing.site),
        }

    def reverse(self, row: Consequence, undoing: Undoing) -> JsonObject | None:
        """Undone where the site was told which days it may claim again."""
        correction = undoing.corrections.get(str(row.detail["reader"]))
        return None if correction is None else {"correction": correction.number}

    def what(self, row: Consequence) -> str:
        """The site and the days."""
        return _("claims of %(site)s for service from %(first)s to %(last)s") % {
            "site": row.detail["name"],
            "first": day(row.detail["from"]),
            "last": day(row.detail["until"]),
        }

    def how(self, row: Consequence, tick: JsonObject) -> str:
        """Payable again, and by which notice the site knows."""
        return _("payable again, to be resubmitted; told by %(number)s") % {"number": tick["correction"]}
