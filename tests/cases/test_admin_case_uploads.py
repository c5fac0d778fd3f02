"""The admin pages on which cases are imported: by forms alone, no script."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from cases.models import CaseFile, CaseUpload
from cases.services.case_uploads import CASES
from institutions import clock
from institutions.services import upload_steps
from tests.cases.case_document import case_data
from tests.cases.case_table import case_row, table
from tests.factories.user import officer

pytestmark = pytest.mark.django_db
UPLOADS = "/admin/cases/caseupload/"


@pytest.fixture(autouse=True)
def media(tmp_path: Path, settings: Any, now: datetime) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    clock.move_to(now)


def client_of(user: Any, language: str = "en") -> Client:
    client = Client(headers={"Accept-Language": language})
    client.force_login(user)
    return client


def plain(response: Any) -> str:
    return " ".join(response.content.decode().split())


def send(client: Client, name: str, data: bytes, *evidence: tuple[str, bytes]) -> Any:
    files = [SimpleUploadedFile(file, content) for file, content in evidence]
    return client.post(f"{UPLOADS}add/", {"file": SimpleUploadedFile(name, data), "evidence": files})


def test_from_the_form_to_the_cases_and_back_again(now: datetime) -> None:
    client = client_of(officer("inspector"))
    assert "Import cases" in plain(client.get(UPLOADS))
    assert "multiple" in plain(client.get(f"{UPLOADS}add/"))
    sent = send(client, "案卷.json", case_data(), ("charges.txt", "收费对照表\n".encode()), ("x.txt", b"x\n"))
    assert sent.status_code == 302
    page = sent["Location"]
    waiting = plain(client.get(page))
    assert '<meta http-equiv="refresh" content="2;url=?renewed">' in waiting
    assert "<progress" in waiting
    upload_steps.process_due(CASES, now=now)
    checked = plain(client.get(page))
    for text in (
        "What the import would do",
        "无码审核员",
        "a provisional one is made",
        "f1 · B1 · General responsibility · 7",
        "x.txt",
    ):
        assert text in checked
    assert "the institution is not on record and would be opened" in checked
    client.post(page.removesuffix("change/") + "confirm/")
    upload_steps.process_due(CASES, now=now)
    done = plain(client.get(page))
    case = CaseFile.objects.get()
    assert f"/admin/cases/casefile/{case.pk}/change/" in done
    assert "Take this import back" in done

    undo = page.removesuffix("change/") + "undo/"
    assert "Cases withdrawn: 1 · drafts set aside: 2" in plain(client.get(undo))
    assert client.post(undo, {"reason": ""}).status_code == 422
    assert client.post(undo, {"reason": "导错了"}).status_code == 302
    assert "Taken back by" in plain(client.get(page))
    assert "taken back" in plain(client.get(UPLOADS))
    assert "Withdrawn" in plain(client.get(f"/admin/cases/casefile/{case.pk}/change/"))


def test_refused_rows_with_row_column_value_and_reason_and_the_file_to_mend(now: datetime) -> None:
    client = client_of(officer("inspector"))
    page = send(client, "a.csv", table([case_row(1), case_row(2, clause="Z9")]))["Location"]
    upload_steps.process_due(CASES, now=now)
    checked = plain(client.get(page))
    assert "<td>clause</td><td>Z9</td>" in checked
    assert "Import the good cases" in checked
    refused = client.get(page.removesuffix("change/") + "refused.csv")
    assert b"Z9" in b"".join(refused.streaming_content)  # type: ignore[attr-defined]
    client.post(page.removesuffix("change/") + "cancel/")
    assert CaseUpload.objects.get().cancel_requested_at is None


def test_a_case_file_that_is_wrong_names_its_lines_and_offers_no_import(now: datetime) -> None:
    client = client_of(officer("inspector"))
    page = send(client, "a.json", case_data("region", value="999999"))["Location"]
    upload_steps.process_due(CASES, now=now)
    checked = plain(client.get(page))
    assert "<td>case.region</td>" in checked
    assert "What has to be mended" in checked
    assert "Import the case" not in checked


def test_what_cannot_be_taken_is_said_at_the_form(now: datetime) -> None:
    client = client_of(officer("inspector"))
    answer = send(client, "a.docx", b"PK\x03\x04")
    assert answer.status_code == 422
    assert "neither a case file nor a table" in plain(answer)
    answer = send(client, "a.json", case_data(), ("e.zip", b"no archive"))
    assert answer.status_code == 422
    assert "not a ZIP archive" in plain(answer)


def test_nobody_else_sees_it(now: datetime) -> None:
    page = send(client_of(officer("inspector")), "a.csv", table([case_row(1)]))["Location"]
    for other, seen in ((officer("inspector", region="1504"), 404), (officer("auditor"), 200)):
        assert client_of(other).get(page).status_code == seen
        assert client_of(other).post(page.removesuffix("change/") + "confirm/").status_code in (302, 403, 404)
    upload = CaseUpload.objects.get()
    assert upload.confirmed_at is None


def test_in_chinese(now: datetime) -> None:
    client = client_of(officer("inspector"), "zh-hans")
    page = send(client, "a.csv", table([case_row(1)]))["Location"]
    upload_steps.process_due(CASES, now=now)
    checked = plain(client.get(page))
    assert "导入后将会" in checked
    assert "What the import would do" not in checked
