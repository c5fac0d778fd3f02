"""Own statements in the officers' admin: read in one's regions, decided on once."""

import pytest
from django.urls import reverse

from scoring.models import OwnStatement
from scoring.services import own_statements
from tests.factories.award import post_award
from tests.factories.notice import NoticeFactory
from tests.factories.user import officer
from tests.scoring.public_people import DECIDED_ON, HOSPITAL, TODAY, institution, physician, set_today

pytestmark = pytest.mark.django_db


@pytest.fixture
def statement() -> OwnStatement:
    hospital = institution(HOSPITAL, "H15042200001", "150422")
    person = physician("耿晓敏", "D150422000001", hospital)
    entry = post_award(person, 12, DECIDED_ON, institution=hospital)
    letter = NoticeFactory.create(institution=None, practitioner=person, recipient_key=f"practitioner:{person.pk}")
    return own_statements.submit(notice=letter, entry=entry, text="本人已退回全部费用。", now=set_today(TODAY))


def page_of(statement: OwnStatement) -> str:
    return reverse("admin:scoring_ownstatement_change", args=[statement.pk])


def test_an_officer_of_the_region_publishes_it_once(client, statement):
    client.force_login(officer("approver", region="15"))
    assert "本人已退回全部费用。" in client.get(page_of(statement)).content.decode()
    answer = client.post(page_of(statement), {"outcome": "published", "reasons": ""})
    assert answer.status_code == 302
    statement.refresh_from_db()
    assert statement.outcome == "published"
    assert client.post(page_of(statement), {"outcome": "refused", "reasons": "x"}).status_code == 403


def test_a_refusal_needs_its_reasons(client, statement):
    client.force_login(officer("inspector", region="15"))
    answer = client.post(page_of(statement), {"outcome": "refused", "reasons": ""})
    assert answer.status_code == 200
    statement.refresh_from_db()
    assert statement.outcome == ""


def test_elsewhere_it_is_not_there_and_an_auditor_only_reads(client, statement):
    client.force_login(officer("approver", region="11"))
    assert client.get(page_of(statement)).status_code == 404
    client.force_login(officer("auditor"))
    assert client.get(page_of(statement)).status_code == 200
    assert client.post(page_of(statement), {"outcome": "published"}).status_code == 403


@pytest.mark.parametrize("state", ["waiting", "published", "refused", "withdrawn"])
def test_the_list_is_narrowed_by_state(client, statement, state):
    client.force_login(officer("approver", region="15"))
    listed = client.get(reverse("admin:scoring_ownstatement_changelist"), {"state": state}).content.decode()
    assert (statement.receipt in listed) == (state == "waiting")
