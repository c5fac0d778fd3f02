"""Reading, once for a page, what is known of the attribution behind a letter."""

from cases.models import Attribution
from cases.selectors import appeals as appeal_selectors
from cases.selectors import persons
from cases.services import issuing
from cases.views.person.course import Matter
from cases.views.person.doors import Visit
from scoring.selectors.manifests import Manifest, restoration_manifest


def matter_of(visit: Visit) -> Matter | None:
    """Return what the page behind a letter tells of its case; None for a letter about no single attribution."""
    attribution = visit.attribution
    if attribution is None:
        return None
    letter = persons.letter_behind(visit.notice)
    service = persons.service_of(letter) if letter is not None else None
    standing = issuing.standing_letter(attribution) if letter is not None and service is None else None
    return Matter(
        attribution=attribution,
        letter=letter,
        service=service,
        is_replaced=letter is not None and service is None and (standing is None or standing.pk != letter.pk),
        statements=persons.statements_of(attribution),
        appeals=list(appeal_selectors.standing_appeals(attribution)),
        today=visit.today,
    )


def manifest_of(attribution: Attribution | None) -> Manifest | None:
    """Return what was undone of a decision; None where nothing of it fell."""
    entry = attribution.entry if attribution is not None else None
    found = restoration_manifest(entry) if entry is not None else None
    return found if found is not None and found.lines else None
