"""What waits for the decision of one officer, each with what it would cause and whether they have looked at it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q

from cases.models import Attribution, ExpertAssessment, Proposal, Statement
from cases.selectors.openings import opened, shown_digest
from cases.selectors.previews import Preview, preview
from cases.states import State
from institutions.clock import local_date
from institutions.models import User
from institutions.permissions import Permission, regions_for, within
from institutions.selectors import deputies

SHOWN_MAX = 50


@dataclass(frozen=True, slots=True)
class Waiting:
    """One attribution that may be decided now."""

    attribution: Attribution
    preview: Preview
    is_opened: bool

    @property
    def key(self) -> UUID:
        """Return the id by which it is chosen."""
        return self.attribution.pk


def waiting_decisions(by: User, *, now: datetime) -> list[Waiting]:
    """Return what this officer may decide now, the longest waiting first, at most fifty.

    Told, heard (the window is over, or every statement is answered), no expert asked, and proposed by somebody else; in
    the regions over which the officer decides, or oversees.
    """
    said = Statement.objects.filter(attribution=OuterRef("pk"), window=OuterRef("window"))
    proposed = Proposal.objects.filter(attribution=OuterRef("pk"))
    in_their_name = deputies.acted_in_name_of(by, "cases.attribution", matter="attribution_id", by="proposed_by_id")
    prefixes = {*regions_for(by, Permission.ATTRIBUTION_DECIDE), *regions_for(by, Permission.OVERSIGHT)}
    rows = (
        Attribution.objects.filter(within(sorted(prefixes), "case__region"))
        .filter(state=State.INTENT_SERVED)
        .filter(Q(statement_deadline_on__lt=local_date(now)) | Exists(said))
        .exclude(Exists(said.filter(answered_at__isnull=True)))
        .exclude(Exists(ExpertAssessment.objects.filter(attribution=OuterRef("pk"), outcome="")))
        .exclude(Exists(ExpertAssessment.objects.filter(attribution=OuterRef("pk"), expert=by)))
        .exclude(Exists(proposed.filter(proposed_by__in=deputies.names_of(by))))
        .exclude(Exists(proposed.filter(in_their_name)))
        .select_related("case__basis", "case__institution", "practitioner")
        .prefetch_related("lines__finding", "lines__evidence")
        .order_by(F("decision_clock_from_on").asc(), "pk")[:SHOWN_MAX]
    )
    shown = [(row, preview(row, on=local_date(now))) for row in rows]
    digests = {row.pk: shown_digest(row, found) for row, found in shown}
    seen = opened(digests.items(), by)
    return [Waiting(row, found, (row.pk, digests[row.pk]) in seen) for row, found in shown]
