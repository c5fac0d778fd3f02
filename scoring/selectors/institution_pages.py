"""What a stranger may know of an institution: how many people are registered there, and how many under a measure."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from institutions.codes import normalise_code
from institutions.errors import NotThere
from institutions.models import Institution
from scoring.policy.account import Status
from scoring.policy.rulebook_parts import PublicationMode
from scoring.selectors import rosters
from scoring.selectors.places import place_names
from scoring.selectors.publication import publication_modes

SMALLEST_STAFF = 3  # among fewer people a count of measures tells who it is


@dataclass(frozen=True, slots=True)
class InstitutionFacts:
    """An institution on a day. The counts are None where the rules of its region publish nothing.

    Where so few are registered that a count would point to somebody, and the rules let nobody be shown unconfirmed,
    only the number of registered people is told.
    """

    code: str
    name: str
    kind_label: str
    place: str
    closed_on: date | None
    staff: int | None
    suspended: int | None
    terminated: int | None

    @property
    def is_closed(self) -> bool:
        """Whether nothing is published here."""
        return self.staff is None

    @property
    def is_too_small(self) -> bool:
        """Whether so few are registered that those under a measure are not counted out."""
        return bool(self.staff) and self.suspended is None


def institution_facts(code: str, *, on: date) -> InstitutionFacts:
    """Return what is published of an institution on a Shanghai date; nobody is named. Raises NotThere."""
    institution = Institution.objects.filter(code=normalise_code(code)).first()
    if institution is None:
        raise NotThere()
    region = institution.region_id
    counts: Counter[str] | None = None
    staff: int | None = None
    mode = publication_modes([region], on)[region]
    if mode != PublicationMode.CLOSED:
        spells = rosters.roster([institution], on=on).filter(practitioner__is_provisional=False)
        staff = spells.order_by().values("practitioner").distinct().count()
        if mode == PublicationMode.OPEN or staff >= SMALLEST_STAFF or staff == 0:
            under = rosters.page_of(rosters.under_measure(spells, on=on), on=on)
            counts = Counter({row.slug: row.status for row in under.rows}.values())
    return InstitutionFacts(
        code=institution.code,
        name=institution.name,
        kind_label=str(institution.get_kind_display()),
        place=place_names([region]).get(region, ""),
        closed_on=institution.closed_on,
        staff=staff,
        suspended=None if counts is None else counts[Status.SUSPENDED],
        terminated=None if counts is None else counts[Status.TERMINATED],
    )
