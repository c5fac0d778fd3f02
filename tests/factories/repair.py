"""Brings applications to earn points back, and to be registered anew, as far as a test needs, through the services."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from cases.models import Activity, RepairApplication, ReregistrationApplication
from cases.selectors.courses import all_courses
from cases.services import repair_decisions, repairs, reregistrations
from cases.services.submissions import SentFile
from cases.states.repair import EntryState, State
from institutions.clock import local_date
from institutions.models import Institution, Practitioner, User
from tests.factories.award import line, post_award
from tests.factories.institution import InstitutionFactory
from tests.factories.practitioner import PractitionerFactory
from tests.factories.region import RegionFactory
from tests.factories.registration import RegistrationFactory
from tests.factories.user import officer

TIANJIN = "120101"  # its rules allow repair
REASONS = "学习记录完整,答题合格。"
CLAUSE = "B3"


def certificate(name: str = "certificate.txt", text: str = "参加证明") -> SentFile:
    """A file that shows something."""
    return SentFile(name, text.encode())


def right_answers(clause: str = CLAUSE) -> list[list[int]]:
    """The answers that pass a course."""
    return [sorted(question.right) for question in all_courses()[clause].questions]


def scored_in_tianjin(
    points: int = 5, *, on: date = date(2025, 6, 2), articles: tuple[int, ...] = (38,)
) -> Practitioner:
    """A person of a Tianjin hospital with points that may be earned back."""
    site = InstitutionFactory.create(region=RegionFactory.create(code=TIANJIN))
    person = PractitionerFactory.create()
    RegistrationFactory.create(practitioner=person, institution=site)
    lines = [replace(line(points, clause=CLAUSE), articles=articles)]
    post_award(person, points, on, source_key=f"attribution:{person.pk}", lines=lines)
    return person


def site_of(person: Practitioner) -> Institution:
    """Where the person works."""
    return person.registrations.select_related("institution").latest("starts_on").institution


@dataclass
class Repairing:
    """One application, with its officers and the present instant."""

    application: RepairApplication
    clerk: User
    approver: User
    now: datetime

    @property
    def person(self) -> Practitioner:
        return self.application.practitioner


def repairing(
    state: State | str = State.STARTED,
    *,
    now: datetime,
    person: Practitioner | None = None,
    activity: Activity = Activity.COURSE,
    clause: str = CLAUSE,
    by_officer: bool = False,
    site: Institution | None = None,
) -> Repairing:
    """Bring a new application into a state."""
    person = person or scored_in_tianjin(on=local_date(now) - timedelta(days=8))
    clerk, approver = officer("inspector"), officer("approver")
    by, site = (clerk if by_officer else None), site or site_of(person)
    if activity is Activity.COURSE:
        made = repairs.start_course(practitioner=person, institution=site, clause=clause, by=by, now=now)
    else:
        day = local_date(now) - timedelta(days=3)
        made = repairs.start_activity(
            practitioner=person, institution=site, activity=activity, description="社区医保政策宣传",
            took_place_from=day, took_place_to=day, by=by, now=now,
        )  # fmt: skip
    walk = Repairing(made, clerk, approver, now)
    if state == State.STARTED:
        return walk
    if state == State.WITHDRAWN:
        walk.application = repairs.withdraw(application=made, by=by, now=now)
        return walk
    if activity is Activity.COURSE:
        repairs.take_quiz(application=made, answers=right_answers(clause), by=by, now=now)
    else:
        repairs.add_files(application=made, files=[certificate()], by=by, now=now)
    walk.application = repairs.submit(application=made, by=by, now=now)
    if state == State.SUBMITTED:
        return walk
    decide = repair_decisions.approve if state == State.APPROVED else repair_decisions.refuse
    walk.application = decide(application=walk.application, reasons=REASONS, by=approver, now=now)
    return walk


@dataclass
class Registering:
    """One application to be registered anew, with its officers and the present instant."""

    application: ReregistrationApplication
    clerk: User
    approver: User
    now: datetime


def barred(until: date = date(2026, 6, 9)) -> Practitioner:
    """A person whose bar of one year ended on a day: 12 points added up, effective a year before."""
    person = PractitionerFactory.create()
    RegistrationFactory.create(practitioner=person)
    for points in (5, 7):
        begins = date(until.year - 1, until.month, until.day)
        post_award(
            person, points, begins, source_key=f"attribution:{person.pk}:{points}",
            lines=[replace(line(points, clause="C3", conduct=f"c{points}"), articles=(38,))],
        )  # fmt: skip
    return person


def registering(
    state: EntryState | str = EntryState.ENTERED,
    *,
    now: datetime,
    person: Practitioner | None = None,
    institution: Institution | None = None,
) -> Registering:
    """Bring a new application into a state; the bar ended yesterday."""
    person = person or barred(local_date(now) - timedelta(days=1))
    clerk, approver = officer("inspector"), officer("approver")
    made = reregistrations.enter(
        practitioner=person, institution=institution or site_of(person), commitment_on=local_date(now),
        files=[certificate("commitment.txt", "服务承诺书")], by=clerk, now=now,
    )  # fmt: skip
    walk = Registering(made, clerk, approver, now)
    if state == EntryState.WITHDRAWN:
        walk.application = reregistrations.withdraw(application=made, by=clerk, now=now)
    elif state == EntryState.APPROVED:
        walk.application = reregistrations.approve(application=made, reasons=REASONS, by=approver, now=now)
    elif state == EntryState.REFUSED:
        walk.application = reregistrations.refuse(application=made, reasons=REASONS, by=approver, now=now)
    return walk
