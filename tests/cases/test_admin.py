"""The officers' admin shows cases and attributions within one's regions, and changes nothing."""

import pytest
from django.urls import reverse

from cases.states import State
from tests.factories.attribution import procedure
from tests.factories.case_file import CaseFileFactory
from tests.factories.user import officer

pytestmark = pytest.mark.django_db


@pytest.fixture
def effective(now):
    return procedure(State.EFFECTIVE, now=now, line__clause="D1", line__points=9, decide={"countersign_reason": "x"})


def pages(attribution):
    piece = attribution.case.evidence.get()
    return [
        reverse("admin:cases_casefile_change", args=[attribution.case_id]),
        reverse("admin:cases_attribution_change", args=[attribution.pk]),
        reverse("admin:cases_evidence_change", args=[piece.pk]),
    ]


@pytest.mark.parametrize("model", ["casefile", "attribution", "evidence"])
def test_lists_open(client, effective, model):
    client.force_login(officer("inspector", region="15"))
    answer = client.get(reverse(f"admin:cases_{model}_changelist"))
    assert answer.status_code == 200


def test_pages_open_and_offer_nothing_to_change(client, effective):
    client.force_login(officer("inspector", region="15"))
    for page in pages(effective.attribution):
        answer = client.get(page)
        assert answer.status_code == 200
        assert b'name="_save"' not in answer.content
        assert client.post(page, {"state": "draft"}).status_code == 403


def test_a_changed_file_is_shown_as_such(client, effective, media):
    client.force_login(officer("auditor"))
    piece = effective.attribution.case.evidence.get()
    (media / piece.file.name).chmod(0o600)
    (media / piece.file.name).write_bytes(b"x")
    for page in (pages(effective.attribution)[0], pages(effective.attribution)[2]):
        content = client.get(page).content.decode()
        assert "hash mismatch" in content or "哈希" in content


def test_foreign_regions_are_not_there(client):
    case = CaseFileFactory(institution__region__code="431122")
    client.force_login(officer("inspector", region="15"))
    answer = client.get(reverse("admin:cases_casefile_change", args=[case.pk]))
    assert answer.status_code == 404


def test_a_publisher_sees_no_cases(client):
    client.force_login(officer("publisher"))
    assert client.get(reverse("admin:cases_casefile_changelist")).status_code == 403
