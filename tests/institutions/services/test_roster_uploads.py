"""A roster sent by the admin: checked first, imported once confirmed, and its file is gone when it is over."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import DatabaseError, connections, transaction
from django.utils import translation

from institutions import tasks
from institutions.errors import Forbidden, Invalid, WrongState
from institutions.models import AuditEvent, JobRun, Registration, RosterImport, RosterUpload, UploadState
from institutions.services import roster_uploads, upload_steps, uploads
from institutions.services.roster_uploads import ROSTERS
from tests.factories.user import officer
from tests.institutions.services.roster_files import row, source

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(tmp_path: Path, settings: Any) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


@pytest.fixture
def inspector() -> Any:
    return officer("inspector")


def send(by: Any, now: datetime, *rows: str, **options: Any) -> RosterUpload:
    file = ContentFile(source(*rows), name="roster.csv")
    return roster_uploads.upload_roster(file=file, name="../名册.csv", by=by, now=now, **options)


def files(media: Path) -> list[Path]:
    return [path for path in media.rglob("*") if path.is_file()]


class TestTheWay:
    def test_it_is_checked_then_imported_and_its_file_is_deleted(
        self, inspector: Any, now: datetime, media: Path
    ) -> None:
        upload = send(inspector, now, row(), row(code="D150422000002", name=""))
        assert (upload.state, upload.file_name) == (UploadState.CHECKING, "名册.csv")
        assert upload_steps.process_due(ROSTERS, now=now)["checked"] == 1
        upload.refresh_from_db()
        assert upload.state == UploadState.CHECKED
        assert (upload.counts["created"], upload.counts["rejected"]) == (1, 1)
        assert upload.refusals[0]["row"] == 3
        with upload.rejects.open("rb") as refused:
            assert "reject_reason" in refused.read().decode("utf-8-sig")
        assert not Registration.objects.exists()
        assert not RosterImport.objects.exists()

        roster_uploads.confirm_upload(upload=upload, by=inspector, now=now)
        assert upload_steps.process_due(ROSTERS, now=now)["imported"] == 1
        upload.refresh_from_db()
        assert upload.state == UploadState.IMPORTED
        assert upload.run == RosterImport.objects.get()
        assert (upload.run.by, upload.run.file_name) == (inspector, "名册.csv")
        assert Registration.objects.count() == 1
        assert len(files(media)) == 1  # the refused rows
        actions = AuditEvent.objects.filter(action__startswith="roster.").values_list("action", flat=True)
        assert {"roster.uploaded", "roster.confirmed", "roster.imported", "roster.upload_imported"} <= set(actions)

    def test_a_full_roster_ends_what_it_lacks(self, inspector: Any, now: datetime) -> None:
        first = send(inspector, now, row(), row(code="D150422000002", name="王建国"))
        upload_steps.process_due(ROSTERS, now=now)
        roster_uploads.confirm_upload(upload=first, by=inspector, now=now)
        upload_steps.process_due(ROSTERS, now=now)
        second = send(inspector, now, row(), end_missing_on=date(2025, 6, 9))
        upload_steps.process_due(ROSTERS, now=now)
        second.refresh_from_db()
        assert second.counts["missing"] == 1
        roster_uploads.confirm_upload(upload=second, by=inspector, now=now)
        upload_steps.process_due(ROSTERS, now=now)
        assert list(Registration.objects.exclude(ends_on=None).values_list("ends_on", flat=True)) == [date(2025, 6, 9)]

    def test_a_file_that_is_no_roster_fails_with_the_reason_and_stops_no_other(
        self, inspector: Any, now: datetime, media: Path
    ) -> None:
        bad = roster_uploads.upload_roster(file=ContentFile(b"x,y\n1,2\n"), name="x.csv", by=inspector, now=now)
        good = send(inspector, now, row())
        counts = upload_steps.process_due(ROSTERS, now=now)
        assert (counts["failed"], counts["checked"]) == (1, 1)
        bad.refresh_from_db()
        good.refresh_from_db()
        assert bad.state == UploadState.FAILED
        with translation.override("en"):
            english = bad.error_shown
        with translation.override("zh-hans"):
            assert bad.error_shown != english
        assert "Columns" in english
        assert not bad.file
        assert good.state == UploadState.CHECKED

    def test_rows_outside_the_officers_regions_are_refused(self, now: datetime) -> None:
        upload = send(officer("inspector", region="43"), now, row())
        upload_steps.process_due(ROSTERS, now=now)
        upload.refresh_from_db()
        assert (upload.counts["created"], upload.counts["rejected"]) == (0, 1)

    def test_an_officer_who_lost_the_role_meanwhile_imports_nothing(self, inspector: Any, now: datetime) -> None:
        upload = send(inspector, now, row())
        inspector.is_active = False
        inspector.save()
        assert upload_steps.process_due(ROSTERS, now=now)["failed"] == 1
        upload.refresh_from_db()
        assert upload.state == UploadState.FAILED


class TestStopping:
    def test_what_is_over_is_not_cancelled_and_what_was_not_checked_is_not_imported(
        self, inspector: Any, now: datetime
    ) -> None:
        upload = send(inspector, now, row())
        with pytest.raises(WrongState):
            roster_uploads.confirm_upload(upload=upload, by=inspector, now=now)
        upload_steps.process_due(ROSTERS, now=now)
        assert roster_uploads.cancel_upload(upload=upload, by=inspector, now=now).cancel_requested_at is None
        roster_uploads.confirm_upload(upload=upload, by=inspector, now=now)
        again = roster_uploads.confirm_upload(upload=upload, by=inspector, now=now)
        assert again.state == UploadState.IMPORTING

    def test_files_of_a_week_ago_are_deleted(self, inspector: Any, now: datetime, media: Path) -> None:
        upload = send(inspector, now, row(), row(code="D150422000002", name=""))
        upload_steps.process_due(ROSTERS, now=now)
        assert upload_steps.expire(ROSTERS, now=now + timedelta(days=6)) == 0
        assert len(files(media)) == 2
        assert upload_steps.expire(ROSTERS, now=now + timedelta(days=8)) == 1
        upload.refresh_from_db()
        assert upload.state == UploadState.EXPIRED
        assert files(media) == []
        with pytest.raises(WrongState):
            roster_uploads.confirm_upload(upload=upload, by=inspector, now=now)


class TestWhoAndWhat:
    def test_only_importers_send_and_only_the_sender_goes_on(self, inspector: Any, now: datetime) -> None:
        with pytest.raises(Forbidden):
            send(officer("approver"), now, row())
        upload = send(inspector, now, row())
        upload_steps.process_due(ROSTERS, now=now)
        other = officer("inspector")
        for act in (roster_uploads.confirm_upload, roster_uploads.cancel_upload):
            with pytest.raises(uploads.NotYourUpload):
                act(upload=upload, by=other, now=now)

    def test_an_empty_file_and_one_too_large_are_refused(
        self, inspector: Any, now: datetime, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with pytest.raises(Invalid):
            roster_uploads.upload_roster(file=ContentFile(b""), name="x.csv", by=inspector, now=now)
        monkeypatch.setattr(roster_uploads, "ROSTERS", replace(ROSTERS, size_max=10))
        with pytest.raises(Invalid):
            send(inspector, now, row())

    def test_the_database_keeps_the_way_and_the_facts(self, inspector: Any, now: datetime) -> None:
        upload = send(inspector, now, row())
        for change in ({"state": "imported"}, {"file_name": "other.csv"}, {"size": 1}):
            with pytest.raises(DatabaseError), transaction.atomic():
                RosterUpload.objects.filter(pk=upload.pk).update(**change)
        with pytest.raises(DatabaseError), transaction.atomic():
            upload.delete()

    def test_the_task_writes_its_run_nothing_included(self, inspector: Any, now: datetime) -> None:
        assert tasks.process_roster_uploads.run(for_date="2025-06-10")["checked"] == 0
        send(inspector, now, row())
        assert tasks.process_roster_uploads.run(for_date="2025-06-10")["checked"] == 1
        assert JobRun.objects.filter(name="institutions.process_roster_uploads", outcome="done").count() == 2


@pytest.mark.django_db(transaction=True)
class TestAcrossConnections:
    def test_progress_is_seen_and_a_request_stops_the_import_with_nothing_written(
        self, now: datetime, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        inspector = officer("inspector")
        upload = send(inspector, now, *(row(code=f"D150422{n:06d}", name=f"王{chr(0x4E00 + n)}") for n in range(50)))
        upload_steps.process_due(ROSTERS, now=now)
        roster_uploads.confirm_upload(upload=upload, by=inspector, now=now)
        monkeypatch.setattr(upload_steps, "TOLD_EVERY", 0)
        real, seen = upload_steps._Progress.more, []

        def more(progress: Any, what: str, count: int) -> None:
            if what == "parsed":
                other = connections.create_connection("default")
                with other.cursor() as cursor:
                    cursor.execute("SELECT rows_parsed FROM institutions_rosterupload WHERE id = %s", [upload.pk])
                    seen.append(cursor.fetchone()[0])
                    cursor.execute(
                        "UPDATE institutions_rosterupload SET cancel_requested_at = now() WHERE id = %s", [upload.pk]
                    )
                other.close()
            real(progress, what, count)

        monkeypatch.setattr(upload_steps._Progress, "more", more)
        assert upload_steps.process_due(ROSTERS, now=now)["cancelled"] == 1
        assert seen
        upload.refresh_from_db()
        assert (upload.state, upload.rows_parsed) == (UploadState.CANCELLED, 50)
        assert not Registration.objects.exists()
        assert RosterImport.objects.get().state == "cancelled"

    def test_what_is_cancelled_before_it_begins_is_never_read(self, now: datetime, media: Path) -> None:
        inspector = officer("inspector")
        upload = send(inspector, now, row())
        roster_uploads.cancel_upload(upload=upload, by=inspector, now=now)
        assert upload_steps.process_due(ROSTERS, now=now)["cancelled"] == 1
        upload.refresh_from_db()
        assert (upload.state, upload.rows_parsed) == (UploadState.CANCELLED, 0)
        assert files(media) == []

    def test_what_one_worker_holds_another_leaves(self, now: datetime) -> None:
        upload = send(officer("inspector"), now, row())
        other = connections.create_connection("default")
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s, %s)", [ROSTERS.lock, upload.pk])
        assert upload_steps.process_due(ROSTERS, now=now)["checked"] == 0
        other.close()  # the worker dies: its lock goes with it
        assert upload_steps.process_due(ROSTERS, now=now)["checked"] == 1
