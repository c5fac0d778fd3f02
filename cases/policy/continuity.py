"""Is the person all there is? Patients of a place whose only doctor is about to be under a measure (M11). Pure.

The warning changes no measure. It names what the law leaves: emergencies stay payable, somebody else may cover; a
start in stages only where the rules in force provide for it.
"""

from dataclasses import dataclass
from enum import StrEnum

from cases.policy.concern_rules import ContinuityRule


class Sole(StrEnum):
    """In which way nobody else is there."""

    AT_SITE = "sole_at_site"
    OF_SPECIALTY = "sole_of_specialty"


class Choice(StrEnum):
    """What the deciding officer arranges."""

    COVER = "cover"
    EMERGENCIES = "emergencies"
    NOT_NEEDED = "not_needed"


@dataclass(frozen=True, slots=True)
class Place:
    """One site at which a person is registered, and who else is there and payable.

    `others_at_site` counts those of the same category; `others_of_specialty` those of the same category and specialty
    in the region, or None where no specialty is on record.
    """

    kind: str
    name: str
    others_at_site: int
    others_of_specialty: int | None


def sole(place: Place, rule: ContinuityRule) -> Sole | None:
    """Say whether the person is the only one of the category at a small site, or of the specialty in the region."""
    small = place.kind in rule.site_kinds or any(word in place.name for word in rule.site_words)
    if small and place.others_at_site == 0:
        return Sole.AT_SITE
    if place.others_of_specialty == 0:
        return Sole.OF_SPECIALTY
    return None
