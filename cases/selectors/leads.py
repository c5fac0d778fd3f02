"""Leads that an officer may see, the cases one may be joined to, and how many leads come to something."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from cases.models import Attribution, CaseFile, Lead
from cases.models.choices import Source
from cases.selectors import case_files
from cases.states import State as AttributionState
from cases.states.lead import State
from institutions.models import User
from institutions.permissions import Permission, regions_for, within


@dataclass(frozen=True, slots=True)
class Conversion:
    """What became of the leads of one source and detector, received in a time."""

    source: str
    model: str
    received: int
    waiting: int
    dismissed: int
    promoted: int
    with_points: int

    @property
    def decided(self) -> int:
        """Return how many were decided."""
        return self.dismissed + self.promoted

    @property
    def share(self) -> float | None:
        """Return the share of those decided that were joined to a case; None while nothing is decided."""
        return self.promoted / self.decided if self.decided else None

    @property
    def source_name(self) -> str:
        """Return the source in the reader's language."""
        return str(Source(self.source).label)


def visible_to(user: User) -> QuerySet[Lead]:
    """Return the leads about institutions of the regions over which the user sees leads, the latest first."""
    held = within(regions_for(user, Permission.LEAD_VIEW), "institution__region")
    return Lead.objects.filter(held).select_related("institution__region", "case", "decided_by")


def cases_for(lead: Lead, user: User) -> QuerySet[CaseFile]:
    """Return the cases that a lead may be joined to: of its institution, seen by the user, their basis standing."""
    return case_files.visible_to(user).filter(institution=lead.institution_id, basis__annulled_on__isnull=True)


def conversions(prefixes: Iterable[str], *, year: int | None = None) -> list[Conversion]:
    """Return, by source and detector, what became of the leads received in a Shanghai year (None: ever). One query.

    A lead came to points where the case it was joined to has an attribution in effect.
    """
    scored = Attribution.objects.filter(case=OuterRef("case"), state=AttributionState.EFFECTIVE.value)
    rows = Lead.objects.filter(within(prefixes, "institution__region"))
    if year is not None:
        rows = rows.filter(received_at__year=year)
    states = {
        "received": Count("pk"),
        "waiting": Count("pk", filter=Q(state=State.RECEIVED.value)),
        "dismissed": Count("pk", filter=Q(state=State.DISMISSED.value)),
        "promoted": Count("pk", filter=Q(state=State.PROMOTED.value)),
        "with_points": Count("pk", filter=Q(is_scored=True)),
    }
    grouped = rows.annotate(is_scored=Exists(scored)).order_by().values("source", "model_name").annotate(**states)
    return [
        Conversion(source, model, *counts)
        for source, model, *counts in grouped.order_by("source", "model_name").values_list(
            "source", "model_name", *states
        )
    ]
