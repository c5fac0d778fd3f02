"""Every list of the admin: at most twelve queries however many rows, found by what officers type, nothing counted."""

from datetime import timedelta

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from cases.services import evidence as evidence_rows
from cases.states import State
from cases.states.repair import State as RepairState
from institutions import clock
from institutions.admin.officers import OfficerAdmin
from institutions.models import Delivery, Notice
from institutions.permissions import Permission
from institutions.services.work_claims import Work, claim
from scoring.services.pilots import begin_pilot
from tests.factories.appeal import Hearing
from tests.factories.attribution import officers, procedure
from tests.factories.delegation import stand_in
from tests.factories.institution import InstitutionFactory
from tests.factories.practitioner import PractitionerFactory
from tests.factories.repair import registering, repairing
from tests.factories.user import officer, user_with
from tests.infrastructure.queries import at_most

pytestmark = pytest.mark.django_db

ROWS = 5
PILOTS = ("37", "41", "42", "43", "44")
LISTS = sorted(
    (model for model, page in admin.site._registry.items() if isinstance(page, OfficerAdmin)),
    key=lambda model: model._meta.label,
)


def address(model) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


@pytest.fixture
def client(now):
    clock.move_to(now)
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(user_with(Permission))
    return client


@pytest.fixture
def filled(now):
    """Several rows of everything that a procedure leaves behind."""
    team, judge = officers(), officer("appeal_officer")
    for number in range(ROWS):
        walk = procedure(State.EFFECTIVE, now=now, team=team)
        Hearing(walk, judge, walk.now).file().assign()
        piece = walk.attribution.lines.get().evidence.get()
        evidence_rows.open_evidence(evidence=piece, purpose="test", by=team.inspector, now=walk.now)
        procedure(State.PROPOSED, now=now, team=team)
        begin_pilot(region_prefix=PILOTS[number], starts_on=clock.local_date(now), reason="trial", by=None, now=now)
        PractitionerFactory(is_provisional=True, provisional_institution=InstitutionFactory())
        work = Work("cases", str(number), f"案{number}", "150422", (Permission.ATTRIBUTION_PROPOSE,))
        claim(work=work, by=officer("inspector"), now=now)
        Delivery.objects.get_or_create(
            notice=Notice.objects.filter(institution__isnull=False).order_by("number")[number],
            channel="webhook",
            defaults={"state": "dead", "attempts": 7},
        )
        repairing(RepairState.SUBMITTED, now=now)
        stand_in(officer("approver"), officer("approver"), now=now)
        registering(now=now + timedelta(days=366))


def test_every_list_asks_at_most_twelve_times_with_rows_search_and_filters(client, filled):
    thin = []
    for model in LISTS:
        for query in ("", "?q=zhang", "?q=%E5%BC%A0"):
            with at_most(12):
                answer = client.get(address(model) + query)
            assert answer.status_code == 200, (model, query)
        shown = client.get(address(model)).context["cl"]
        for spec in shown.filter_specs:
            for choice in list(spec.choices(shown))[1:3]:
                with at_most(12):
                    assert client.get(address(model) + choice["query_string"]).status_code == 200
        if len(shown.result_list) < 3:
            thin.append(model.__name__)
    assert set(thin) <= {
        "AccountEvent", "ApiClient", "ApiKey", "CaseUpload", "DataRequest", "FileDeletion", "InstitutionProposal",
        "JobRun", "Lead", "OwnStatement", "PractitionerMerge", "RecordAccess", "RedactedCopy", "RedactedOpening",
        "RosterImport", "RosterUpload", "RulebookDraft", "ServiceDesk", "TypicalCase",
    }  # fmt: skip
