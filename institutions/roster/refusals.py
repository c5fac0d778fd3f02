"""Why a row that is valid in itself is refused beside the other rows and what is on record. Pure but for translations.

The checks run in SQL and name a refusal by its key; here it becomes a sentence.
"""

from enum import StrEnum

from institutions.said import said as _


class Refusal(StrEnum):
    """The key of a refusal; `detail` in its sentence is the number of the other row, or a span of days."""

    PLACE_UNKNOWN = "place_unknown"
    REGION_UNKNOWN = "region_unknown"
    REGION_FORBIDDEN = "region_forbidden"
    PLACE_CONTRADICTED = "place_contradicted"
    TWO_PEOPLE = "two_people"
    OTHER_ID_NUMBER = "other_id_number"
    PERSON_CONTRADICTED = "person_contradicted"
    PROVISIONAL_NAME = "provisional_name"
    SAME_SPELL = "same_spell"
    OVERLAP = "overlap"


def sentence(refusal: Refusal, detail: str) -> str:
    """Return why the row is refused and, where it helps, what to do."""
    match refusal:
        case Refusal.PLACE_UNKNOWN:
            return _("Needed for an institution that is not on record.")
        case Refusal.REGION_UNKNOWN:
            return _("Not a region of GB/T 2260.")
        case Refusal.REGION_FORBIDDEN:
            return _("Outside the regions for which you may import.")
        case Refusal.PLACE_CONTRADICTED:
            return _("Row %(row)s says otherwise of this institution.") % {"row": detail}
        case Refusal.TWO_PEOPLE:
            return _("The code is one person's and the identity number another's.")
        case Refusal.OTHER_ID_NUMBER:
            return _("The person with this code has another identity number.")
        case Refusal.PERSON_CONTRADICTED:
            return _("Row %(row)s says otherwise of this person.") % {"row": detail}
        case Refusal.PROVISIONAL_NAME:
            return _("A case file gives this code to a person of another name; an officer decides.")
        case Refusal.SAME_SPELL:
            return _("Row %(row)s states the same registration.") % {"row": detail}
        case Refusal.OVERLAP:
            return _("Overlaps the registration %(span)s at this institution; close that one first.") % {"span": detail}
