"""What an annulled finding, and a court that puts something back, give to tell: to the person and the institution."""

from datetime import datetime

from cases.models import Annulment, Attribution, IssuedLetter, Service
from cases.selectors.assessments import rulebook_in_force
from cases.services import attribution_notices
from cases.states import State
from institutions.clock import local_date
from institutions.json_types import Json
from institutions.models import Notice, NoticeKind
from scoring.models import PointsEntry

PARTLY_ANNULLED = "partly_annulled"
REINSTATED = "reinstated"


def tell_partly_annulled(
    *, attribution: Attribution, annulment: Annulment, standing: PointsEntry | None, now: datetime
) -> Notice | None:
    """Queue the correction of what was told: a finding fell, this is left; nothing where nothing was told yet."""
    cause = f"annulled:{annulment.pk}"
    return _tell(attribution, cause, PARTLY_ANNULLED, annulment.reason, standing, now)


def tell_reinstated(
    *, attribution: Attribution, annulment: Annulment, standing: PointsEntry | None, now: datetime
) -> Notice | None:
    """Queue the correction of the correction: a court put back what had fallen, and this is what stands again."""
    cause = f"reinstated:{annulment.pk}"
    return _tell(attribution, cause, REINSTATED, annulment.reinstated_reason, standing, now)


def _tell(
    attribution: Attribution, cause: str, outcome: str, reason: str, standing: PointsEntry | None, now: datetime
) -> Notice | None:
    if not Service.objects.filter(attribution=attribution).exists():
        return None
    letters = IssuedLetter.objects.filter(attribution=attribution).order_by("issued_at", "id")
    payload: dict[str, Json] = attribution_notices.facts(
        attribution, rulebook_in_force(attribution.case, local_date(now))
    ) | {
        "outcome": outcome,
        "why": [reason],
        "state": State(attribution.state).value,
        "corrects": list(letters.values_list("notice__number", flat=True)),
    }
    if standing is not None:
        payload["points"] = standing.points
    return attribution_notices.tell_both(attribution, NoticeKind.CORRECTION, cause, payload, now)
