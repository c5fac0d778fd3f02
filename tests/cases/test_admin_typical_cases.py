"""Typical cases in the officers' admin: one click to a draft, and each act to those who may."""

import pytest
from django.test import Client

from cases.models import TypicalCase
from cases.states import State
from institutions import clock
from tests.factories.attribution import procedure
from tests.factories.user import officer

pytestmark = pytest.mark.django_db

PAGE = "/admin/cases/typicalcase/"


def client_of(user) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(user)
    return client


@pytest.fixture
def walk(now):
    walk = procedure(State.EFFECTIVE, now=now)
    clock.move_to(walk.now)
    return walk


@pytest.fixture
def drafted(walk):
    answer = client_of(walk.team.inspector).post(f"{PAGE}draft/", {"case": walk.attribution.case.number})
    assert answer.status_code == 302
    return TypicalCase.objects.get()


def page_of(typical: TypicalCase) -> str:
    return f"{PAGE}{typical.pk}/change/"


def test_from_draft_to_withdrawal(walk, drafted):
    writer, second, publisher = (client_of(u) for u in (walk.team.inspector, walk.team.approver, officer("publisher")))
    assert "a second officer approves them" in writer.get(page_of(drafted)).content.decode()
    words = {"title": "伪造病历案", "body": "某医院人员伪造病历。", "title_en": "", "body_en": ""}
    assert writer.post(page_of(drafted), words | {"move": "edit"}).status_code == 302
    assert writer.post(page_of(drafted), {"move": "approve"}).status_code == 403
    assert second.post(page_of(drafted), {"move": "approve"}).status_code == 302
    assert publisher.post(page_of(drafted), {"move": "publish", "display_until": "2026-01-01"}).status_code == 302
    drafted.refresh_from_db()
    assert "伪造病历案" in Client().get(f"/cases/{drafted.slug}").content.decode()
    assert publisher.post(page_of(drafted), {"move": "withdraw", "reason": ""}).status_code == 422
    assert publisher.post(page_of(drafted), {"move": "withdraw", "reason": "复议"}).status_code == 302
    assert Client().get(f"/cases/{drafted.slug}").status_code == 410


def test_an_unknown_number_is_told_beside_the_field(walk):
    answer = client_of(walk.team.inspector).post(f"{PAGE}draft/", {"case": "无此案"})
    assert answer.status_code == 422
    assert "No case of your regions has this number." in answer.content.decode()


@pytest.mark.parametrize(
    ("role", "region", "status"), [("auditor", "", 200), ("inspector", "65", 404), ("administrator", "", 403)]
)
def test_who_may_read_it(drafted, role, region, status):
    assert client_of(officer(role, region=region)).get(page_of(drafted)).status_code == status


def test_an_auditor_changes_nothing(drafted):
    client = client_of(officer("auditor"))
    assert client.post(page_of(drafted), {"move": "approve"}).status_code == 403
    assert client.get(f"{PAGE}draft/").status_code == 403
