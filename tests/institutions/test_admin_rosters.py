"""The admin pages of rosters: upload, look, import, cancel, take back; by forms alone, no script."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from institutions import clock
from institutions.models import Registration, RosterImport, RosterUpload
from institutions.services import upload_steps
from institutions.services.roster_uploads import ROSTERS
from tests.factories.user import officer
from tests.institutions.services.roster_files import load, row, source

pytestmark = pytest.mark.django_db

UPLOADS = "/admin/institutions/rosterupload/"
IMPORTS = "/admin/institutions/rosterimport/"
REASON = "导入了别的统筹区的名册"


@pytest.fixture(autouse=True)
def media(tmp_path: Path, settings: Any, now: datetime) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    clock.move_to(now)
    return tmp_path / "media"


def client_of(user: Any, language: str = "en") -> Client:
    client = Client(headers={"Accept-Language": language})
    client.force_login(user)
    return client


def plain(response: Any) -> str:
    return " ".join(response.content.decode().split())


def upload(client: Client, *rows: str) -> Any:
    return client.post(f"{UPLOADS}add/", {"file": SimpleUploadedFile("名册.csv", source(*rows)), "end_missing_on": ""})


class TestUploading:
    def test_from_the_list_of_imports_to_the_imported_roster(self, now: datetime) -> None:
        client = client_of(officer("inspector"))
        assert "Upload a roster" in plain(client.get(IMPORTS))
        sent = upload(client, row(), row(code="D150422000002", name=""))
        page = sent["Location"]
        assert sent.status_code == 302
        waiting = plain(client.get(page))
        assert '<meta http-equiv="refresh" content="2;url=?renewed">' in waiting
        assert "<progress" in waiting
        assert "Cancel" in waiting
        upload_steps.process_due(ROSTERS, now=now)
        checked = plain(client.get(page))
        assert "http-equiv" not in checked
        assert "What the import would do" in checked
        assert "registrations created" in checked
        assert 'id="row-errors"' in checked
        assert not Registration.objects.exists()
        refused: Any = client.get(f"{page.removesuffix('change/')}refused.csv")
        assert b"reject_reason" in b"".join(refused.streaming_content)
        for close_file in refused._resource_closers:  # `close()` would end this test's transaction as well
            close_file()
        assert client.post(f"{page.removesuffix('change/')}confirm/").status_code == 302
        upload_steps.process_due(ROSTERS, now=now)
        imported = plain(client.get(page))
        assert "What the import did" in imported
        run = RosterImport.objects.get()
        assert f"{IMPORTS}{run.pk}/change/" in imported
        shown = plain(client.get(f"{IMPORTS}{run.pk}/change/"))
        assert "Download all refused rows" in shown
        listed = plain(client.get(IMPORTS))
        assert "registrations created 1" in listed
        assert "done" in listed

    def test_in_chinese(self, now: datetime) -> None:
        client = client_of(officer("inspector"), "zh-CN")
        assert "上传名册" in plain(client.get(IMPORTS))
        page = upload(client, row())["Location"]
        upload_steps.process_due(ROSTERS, now=now)
        assert "导入后将会" in plain(client.get(page))

    def test_a_cancelled_upload_and_acts_that_come_too_late(self) -> None:
        client = client_of(officer("inspector"))
        page = upload(client, row())["Location"].removesuffix("change/")
        assert client.post(f"{page}cancel/").status_code == 302
        assert RosterUpload.objects.get().cancel_requested_at is not None
        assert "stops before the next batch" in plain(client.get(f"{page}change/"))
        answer = client.post(f"{page}confirm/", follow=True)
        assert "Only a file that was checked is imported." in plain(answer)

    def test_no_file_is_said_beside_the_field(self) -> None:
        answer = client_of(officer("inspector")).post(f"{UPLOADS}add/", {})
        assert answer.status_code == 422

    def test_only_importers_come_here_and_each_sees_their_own(self) -> None:
        mine = client_of(officer("inspector", region="15"))
        page = upload(mine, row())["Location"]
        assert mine.get(page).status_code == 200
        assert client_of(officer("inspector", region="15")).get(page).status_code == 404
        assert client_of(officer("inspector")).get(page).status_code == 200
        for stranger in (officer("approver"), officer("publisher")):
            client = client_of(stranger)
            assert client.get(UPLOADS).status_code == 403
            assert client.get(page).status_code == 404
            assert client.post(f"{UPLOADS}add/", {}).status_code == 404
        assert Client().get(page).status_code == 302


class TestTakingBack:
    def test_the_preview_the_reason_and_the_end(self, now: datetime) -> None:
        user = officer("inspector")
        load(now, row(), by=user)
        run = RosterImport.objects.get()
        client = client_of(user)
        assert "Take this import back…" in plain(client.get(f"{IMPORTS}{run.pk}/change/"))
        preview = plain(client.get(f"{IMPORTS}{run.pk}/undo/"))
        assert "taken out" in preview
        assert Registration.objects.count() == 1
        short = client.post(f"{IMPORTS}{run.pk}/undo/", {"reason": "错了"})
        assert short.status_code == 422
        assert Registration.objects.count() == 1
        done = client.post(f"{IMPORTS}{run.pk}/undo/", {"reason": REASON}, follow=True)
        assert "The import was taken back." in plain(done)
        assert REASON in plain(done)
        assert Registration.objects.count() == 0

    def test_what_stands_in_the_way_is_named_and_there_is_no_button(self, now: datetime) -> None:
        user = officer("inspector")
        load(now, row(), by=user)
        run = RosterImport.objects.get()
        load(now, row(department="内科"), by=user)
        page = plain(client_of(user).get(f"{IMPORTS}{run.pk}/undo/"))
        assert "Something later depends on this import:" in page
        assert "<textarea" not in page

    def test_a_run_that_is_over_is_not_cancelled(self, now: datetime) -> None:
        user = officer("inspector")
        load(now, row(), by=user)
        run = RosterImport.objects.get()
        answer = client_of(user).post(f"{IMPORTS}{run.pk}/cancel/", follow=True)
        assert "The import is over already." in plain(answer)
        run.refresh_from_db()
        assert run.cancel_requested_at is None

    def test_get_never_acts(self, now: datetime) -> None:
        user = officer("inspector")
        load(now, row(), by=user)
        run = RosterImport.objects.get()
        assert client_of(user).get(f"{IMPORTS}{run.pk}/cancel/").status_code == 405
