"""People as strangers meet them: one of each kind, at named hospitals, on a chosen day."""

from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings

from institutions import clock
from institutions.models import Institution, JobOutcome, JobRun, Practitioner, Region
from scoring.models import RulebookVersion
from scoring.policy.rulebook import parse_rulebook
from tests.factories.award import at_noon, post_award
from tests.factories.institution import InstitutionFactory
from tests.factories.practitioner import PractitionerFactory
from tests.factories.registration import RegistrationFactory

DECIDED_ON = date(2025, 6, 10)
TODAY = date(2025, 6, 12)
HOSPITAL = "巴林左旗济仁中医医院"
TOWN_CLINIC = "巴林左旗富河镇中心卫生院"


@dataclass(frozen=True)
class People:
    """One hospital with four physicians of different fates; 李晓梅 works at the town clinic too."""

    hospital: Institution
    clinic: Institution
    terminated: Practitioner
    suspended: Practitioner
    scored: Practitioner
    clean: Practitioner


def institution(name: str, code: str, region: str) -> Institution:
    """An institution in a region of GB/T 2260."""
    return InstitutionFactory.create(name=name, code=code, region=Region.objects.get(code=region))


def physician(name: str, code: str, *places: Institution, **kwargs: object) -> Practitioner:
    """A physician registered at the places."""
    person = PractitionerFactory.create(name=name, code=code, **kwargs)
    for place in places:
        RegistrationFactory.create(practitioner=person, institution=place)
    return person


def people() -> People:
    """Make everybody and post the decisions of 2025-06-10."""
    hospital = institution(HOSPITAL, "H15042200001", "150422")
    clinic = institution(TOWN_CLINIC, "H15042200002", "150422")
    made = People(
        hospital=hospital,
        clinic=clinic,
        terminated=physician("耿晓敏", "D150422000001", hospital),
        suspended=physician("李晓梅", "D150422000007", hospital, clinic),
        scored=physician("赵一鸣", "D150422000010", hospital),
        clean=physician("王建国", "D150422000009", clinic),
    )
    post_award(made.terminated, 12, DECIDED_ON, institution=hospital)
    post_award(made.suspended, 10, DECIDED_ON, institution=hospital)
    post_award(made.scored, 4, DECIDED_ON, institution=hospital)
    return made


def set_today(day: date = TODAY) -> datetime:
    """Move the clock to noon of a Shanghai day whose night's work is done."""
    instant = at_noon(day)
    clock.move_to(instant)
    for name in settings.MANDATORY_JOBS:
        JobRun.objects.create(name=name, for_date=day, outcome=JobOutcome.DONE, started_at=instant, duration_ms=1)
    return instant


def people_today() -> People:
    """Everybody, two days after the decisions."""
    made = people()
    set_today()
    return made


def publish_as(mode: str, *, region: str = "150422", rulebook: str = "balinzuoqi") -> None:
    """Put a county's own rules into force that differ from Inner Mongolia's in the publication mode."""
    stored = RulebookVersion.objects.get(rulebook="inner-mongolia", version=1)
    pack = stored.pack | {
        "id": rulebook,
        "jurisdiction": region,
        "publication": stored.pack["publication"] | {"mode": mode},
    }
    RulebookVersion.objects.create(
        rulebook=rulebook,
        version=1,
        jurisdiction=region,
        effective_from=stored.effective_from,
        title="试验规则",
        pack=pack,
        digest=parse_rulebook(pack).digest,
        activated_at=stored.activated_at,
    )
