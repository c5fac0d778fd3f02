"""Something of everything that the API knows, and who asks: for walks over the whole API description."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.test import Client

from cases.models import (
    Appeal,
    Attribution,
    CaseFile,
    ExpertAssessment,
    RepairApplication,
    ReregistrationApplication,
    SubmittedFile,
)
from cases.states import State
from institutions.clock import local_date
from institutions.models import Institution, Notice, Practitioner, User
from institutions.permissions import Permission
from scoring.services import open_data
from tests.factories.api_client import api_key
from tests.factories.appeal import hearing
from tests.factories.attribution import Officers, officers, procedure
from tests.factories.case_file import CaseFileFactory
from tests.factories.practitioner import PractitionerFactory
from tests.factories.registration import RegistrationFactory
from tests.factories.user import hr_of, user_with
from tests.scoring.public_people import institution, set_today

CSRF = "X-CSRFToken"
SECRET = "e" * 32


@dataclass(frozen=True)
class Caller:
    """What somebody sends with each request."""

    headers: dict[str, str] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)


@dataclass
class ApiWorld:
    """What there is to ask for, by the name of the parameter, and who asks."""

    known: dict[str, list[Any]]
    callers: dict[str, Caller] = field(default_factory=dict)


def make_world(now: datetime) -> ApiWorld:
    """One hospital with a person for each state of a decision and of an appeal, its staff office, and an officer."""
    place = institution("巴林左旗济仁中医医院", "H15042200001", "150422")
    case = CaseFileFactory.create(institution=place)
    team = officers()
    walks = [
        procedure(state, now=now, case=case, practitioner=_person(place), team=team)
        for state in State
        if state not in (State.SET_ASIDE, State.HELD)  # rules that hold measures would hold them for everybody here
    ]
    _appeals(place, case, team, now)
    latest = max(walk.now for walk in walks)
    set_today(local_date(latest))
    open_data.publish_open_data(now=latest)
    _key, token = api_key(latest)
    callers = {
        "anonymous": Caller(),
        "staff office": logged_in(hr_of(place)),
        "key": Caller({"Authorization": f"Bearer {token}"}),
        "officer": logged_in(user_with([*Permission])),
    }
    return ApiWorld(known=_known(case.pk, place), callers=callers)


def logged_in(user: User) -> Caller:
    """What the browser sends in which the user is logged in, with what a form would send against forgery."""
    client = Client()
    client.force_login(user)
    return Caller({CSRF: SECRET}, {"sessionid": client.cookies["sessionid"].value, "csrftoken": SECRET})


def _person(place: Institution) -> Practitioner:
    person = PractitionerFactory.create()
    RegistrationFactory.create(practitioner=person, institution=place)
    return person


def _appeals(place: Institution, case: CaseFile, team: Officers, now: datetime) -> None:
    for state in ("filed", "accepted", "awaiting_answer", "decided"):
        walk = procedure(State.EFFECTIVE, now=now, case=case, practitioner=_person(place), team=team)
        hearing(state, now=now, walk=walk)


def _known(case_id: UUID, place: Institution) -> dict[str, list[Any]]:
    case = Attribution.objects.filter(case_id=case_id).select_related("case")[0].case
    people = list(Practitioner.objects.values_list("slug", flat=True)[:6])
    return {
        "case_id": [str(case_id)],
        "attribution_id": [str(pk) for pk in Attribution.objects.values_list("pk", flat=True)],
        "receipt": list(Appeal.objects.values_list("receipt", flat=True)),
        "number": list(Notice.objects.values_list("number", flat=True)[:6]),
        "slug": people,
        "practitioner": people,
        "case": [str(case_id)],
        "attribution": [str(pk) for pk in Attribution.objects.values_list("pk", flat=True)[:3]],
        "code": [place.code],
        "institution": [place.code, place.name],
        "clause": ["D1", "A1"],
        "key": list(case.evidence.values_list("key", flat=True)[:3]),
        "finding": list(case.findings.values_list("key", flat=True)[:3]),
        "statement_id": [statement.pk for walk in case.attributions.all() for statement in walk.statements.all()],
        "assessment_id": list(ExpertAssessment.objects.values_list("pk", flat=True)) or [1],
        "file_id": [str(pk) for pk in SubmittedFile.objects.values_list("pk", flat=True)],
        "application_id": [
            str(pk)
            for model in (RepairApplication, ReregistrationApplication)
            for pk in model.objects.values_list("pk", flat=True)
        ],
    }
