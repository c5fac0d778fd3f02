"""The three planted cases: an outlier, two million yuan with only nurses, the sole doctor of a village."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from cases.models import CaseFile, ScoredCell
from cases.services import dispersion
from cases.states import State
from institutions.models import Institution, InstitutionKind
from tests.factories.attribution import Procedure, officers, procedure, reach
from tests.factories.case_file import BasisFactory, CaseFileFactory, FindingFactory
from tests.factories.institution import InstitutionFactory
from tests.factories.practitioner import PractitionerFactory
from tests.factories.region import RegionFactory
from tests.factories.registration import RegistrationFactory

AMOUNT = Decimal("50000.00")


def case_at(institution: Institution | None = None, **kwargs: Any) -> CaseFile:
    """A case on a penalty under Articles 38 and 40, with its finding of fifty thousand yuan."""
    made = institution or InstitutionFactory()
    case = CaseFileFactory(institution=made, basis=BasisFactory(institution=made), **kwargs)
    FindingFactory(case=case, key="f1", amount=AMOUNT)
    return case


def scored(case: CaseFile, points: int, *, now: datetime, state: State = State.EFFECTIVE) -> Procedure:
    """One more person of the case, scored under B1 with general responsibility."""
    return procedure(
        state,
        now=now,
        case=case,
        decide={"countersign_reason": "按当地清单。"},
        line__clause="B1",
        line__points=points,
        line__finding=case.findings.get(key="f1"),
    )


def cells(points: int, decisions: int, *, now: datetime, region: str = "1504") -> ScoredCell:
    """What a night adds up from so many decisions under B1 with general responsibility and fifty thousand yuan."""
    return ScoredCell.objects.create(
        region_prefix=region, clause="B1", degree="general", band=1, points=points, decisions=decisions, counted_at=now
    )


def outlier(now: datetime, *, points: int = 6, others: int = 5, from_ledger: bool = False) -> Procedure:
    """Others elsewhere got four points each; this one is about to get more. The night has added up."""
    if from_ledger:
        for _ in range(others):
            scored(case_at(), 4, now=now)
        dispersion.renew_cells(now=now)
    else:
        cells(4, others, now=now)
    return reach(scored(case_at(), points, now=now, state=State.DRAFT), State.INTENT_SERVED).wait()


def only_nurses(now: datetime, *, amount: str = "2000000") -> Procedure:
    """A case of two million yuan in which two nurses are held responsible."""
    case, team = case_at(amount=Decimal(amount)), officers()
    for name in ("nurse-1", "nurse-2"):
        nurse = PractitionerFactory(category="nurse", name=name)
        RegistrationFactory(practitioner=nurse, institution=case.institution, position="护士")
        walk = procedure(
            State.INTENT_SERVED,
            now=now,
            case=case,
            practitioner=nurse,
            team=team,
            line__clause="B1",
            line__points=4,
            line__finding=case.findings.get(key="f1"),
        )
    return walk.wait()


def sole_village_doctor(now: datetime, *, points: int = 12) -> Procedure:
    """The one doctor of a village clinic, about to be terminated."""
    clinic = InstitutionFactory(name="河东村卫生室", kind=InstitutionKind.CLINIC, region=RegionFactory())
    case, doctor = case_at(clinic), PractitionerFactory()
    RegistrationFactory(practitioner=doctor, institution=clinic, position="乡村医生")
    walk = procedure(
        State.INTENT_SERVED,
        now=now,
        case=case,
        practitioner=doctor,
        line__points=points,
        line__degree="principal",
        line__finding=case.findings.get(key="f1"),
    )
    return walk.wait()
