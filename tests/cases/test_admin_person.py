"""The officers' pages for what persons ask: corrections answered once, redacted copies added and opened."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from cases.models import AttributionLine, DataRequest, RedactedCopy, RedactedOpening
from cases.services import data_requests
from cases.services import evidence as evidence_rows
from cases.states import State
from institutions import clock
from tests.cases.views.opening import letter_of
from tests.factories.attribution import procedure
from tests.factories.user import officer

pytestmark = pytest.mark.django_db


@pytest.fixture
def walk(now):
    clock.move_to(now)
    return procedure(State.INTENT_SERVED, now=now)


@pytest.fixture
def asked(walk):
    return data_requests.file_request(
        notice=letter_of(walk.attribution), kind="dates", text="日期应为1月2日。", now=walk.now
    )


def client_of(user) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(user)
    return client


def page_of(request: DataRequest) -> str:
    return f"/admin/cases/datarequest/{request.pk}/change/"


def test_a_request_is_answered_with_reasons_once(walk, asked):
    client = client_of(walk.team.inspector)
    assert asked.receipt in client.get("/admin/cases/datarequest/?state=open").content.decode()
    answer = client.post(page_of(asked), {"outcome": "corrected", "answer": "已更正。"})
    assert answer.status_code == 302
    asked.refresh_from_db()
    assert (asked.outcome, asked.answer, asked.answered_by) == ("corrected", "已更正。", walk.team.inspector)
    assert client.post(page_of(asked), {"outcome": "refused", "answer": "改口。"}).status_code == 403


def test_no_answer_without_reasons(walk, asked):
    client_of(walk.team.inspector).post(page_of(asked), {"outcome": "corrected", "answer": " "})
    asked.refresh_from_db()
    assert asked.answered_at is None


@pytest.mark.parametrize("role", ["publisher", "administrator"])
def test_who_sees_no_cases_sees_no_requests(asked, role):
    assert client_of(officer(role)).get(page_of(asked)).status_code == 403


def test_auditors_read_and_do_not_answer(asked):
    client = client_of(officer("auditor"))
    assert client.get(page_of(asked)).status_code == 200
    assert client.post(page_of(asked), {"outcome": "corrected", "answer": "已更正。"}).status_code == 403


def test_another_regions_officer_finds_nothing(asked):
    client = client_of(officer("inspector", region="43"))
    assert client.get(page_of(asked)).status_code == 404
    assert asked.receipt not in client.get("/admin/cases/datarequest/").content.decode()


def test_a_redacted_copy_is_added_and_opened_on_record(walk):
    piece = AttributionLine.objects.get(attribution=walk.attribution).evidence.get()
    client = client_of(walk.team.inspector)
    assert client.get("/admin/cases/redactedcopy/add/").status_code == 200
    form = {"evidence": str(piece.pk), "taken_out": "患者姓名"}
    answer = client.post(
        "/admin/cases/redactedcopy/add/", form | {"upload": SimpleUploadedFile("a.txt", "患者:***".encode())}
    )
    assert answer.status_code == 302
    copy = RedactedCopy.objects.get()
    assert (copy.evidence, copy.added_by) == (piece, walk.team.inspector)
    assert client.get(f"/admin/cases/redactedcopy/{copy.pk}/change/").status_code == 200
    opened = client.get(f"/admin/cases/redactedcopy/{copy.pk}/open/")
    assert opened.content == "患者:***".encode()
    assert RedactedOpening.objects.get().opened_by == walk.team.inspector


def test_the_original_is_refused_beside_the_form(walk):
    piece = AttributionLine.objects.get(attribution=walk.attribution).evidence.get()
    upload = SimpleUploadedFile("a.txt", evidence_rows.read(piece) or b"")
    answer = client_of(walk.team.inspector).post(
        "/admin/cases/redactedcopy/add/", {"evidence": str(piece.pk), "taken_out": "无", "upload": upload}
    )
    assert answer.status_code == 200
    assert "This is the original itself" in answer.content.decode()
    assert not RedactedCopy.objects.exists()


def test_an_appeal_officer_adds_no_copy(walk):
    assert client_of(officer("appeal_officer")).get("/admin/cases/redactedcopy/add/").status_code == 403


def test_auditors_see_who_looked(walk):
    client = client_of(officer("auditor"))
    assert client.get("/admin/institutions/recordaccess/").status_code == 200
    assert client.get("/admin/cases/redactedopening/").status_code == 200
    assert client_of(officer("inspector")).get("/admin/institutions/recordaccess/").status_code == 403
