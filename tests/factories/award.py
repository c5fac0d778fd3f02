"""Posts awards through the ledger service, as decisions do."""

from datetime import UTC, date, datetime, time
from typing import Any

from institutions.models import Practitioner
from scoring.models import PointsEntry
from scoring.services import ledger
from scoring.services.ledger import AwardLine
from tests.factories.institution import InstitutionFactory
from tests.factories.practitioner import PractitionerFactory
from tests.factories.registration import RegistrationFactory


def at_noon(day: date) -> datetime:
    """The instant of a Shanghai noon."""
    return datetime.combine(day, time(4, 0), tzinfo=UTC)


def registered(**kwargs: Any) -> Practitioner:
    """A practitioner with one open registration."""
    person = PractitionerFactory.create(**kwargs)
    RegistrationFactory.create(practitioner=person)
    return person


def line(points: int, *, conduct: str = "forged-records", clause: str = "D1", **kwargs: Any) -> AwardLine:
    """One line of a decision, principal responsibility."""
    return AwardLine(
        conduct=conduct,
        clause=clause,
        degree="principal",
        points=points,
        finding_title="批量伪造医学文书",
        articles=(40,),
        **kwargs,
    )


def post_award(person: Practitioner, points: int, on: date, **kwargs: Any) -> PointsEntry:
    """Post one award effective on a day, recorded at noon of it."""
    facts: dict[str, Any] = {
        "source_key": f"attribution:{person.id}:{on}:{points}",
        "case_reference": "巴医保案〔2025〕001",
        "effective_on": on,
        "scored_on": on,
        "lines": [line(points)],
        "months": None,
        "by": None,
        "now": at_noon(on),
    } | kwargs
    if "institution" not in facts:
        spell = person.registrations.first()
        facts["institution"] = spell.institution if spell else InstitutionFactory.create()
    return ledger.record_award(practitioner=person, **facts)
