"""Cases sent by the admin: checked first, imported once confirmed, stopped, and taken back while they are drafts."""

import csv
import io
import re
import zipfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import DatabaseError, connections, transaction
from django.utils import translation

from cases import tasks
from cases.models import Attribution, Basis, CaseFile, CaseUpload, Evidence
from cases.selectors.case_files import visible_to
from cases.selectors.persons_left import left_over, left_over_people
from cases.services import case_tables, case_undo, case_uploads, proposals
from cases.services.case_uploads import CASES
from cases.states import State
from institutions.errors import Forbidden, Invalid, NotThere, WrongState
from institutions.models import AuditEvent, JobRun, Practitioner, UploadState
from institutions.selectors.uploads import failed_uploads, open_uploads
from institutions.services import upload_steps
from tests.cases.case_document import case_data
from tests.cases.case_table import case_row, table
from tests.factories.case_file import CaseFileFactory
from tests.factories.practitioner import PractitionerFactory
from tests.factories.user import officer
from tests.infrastructure.queries import at_most

pytestmark = pytest.mark.django_db
REASON = "导错了文件"


@pytest.fixture(autouse=True)
def media(tmp_path: Path, settings: Any) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


@pytest.fixture
def inspector() -> Any:
    return officer("inspector")


def charges(name: str = "charges.txt") -> ContentFile:
    return ContentFile("收费对照表\n".encode(), name=name)


def send(by: Any, now: datetime, data: bytes, name: str = "案卷.json", evidence: Sequence[Any] = ()) -> CaseUpload:
    return case_uploads.upload_cases(file=ContentFile(data), name=name, evidence=evidence, by=by, now=now)


def step(upload: CaseUpload, now: datetime) -> CaseUpload:
    upload_steps.process_due(CASES, now=now)
    upload.refresh_from_db()
    return upload


def imported(by: Any, now: datetime, data: bytes, **options: Any) -> CaseUpload:
    upload = step(send(by, now, data, **options), now)
    case_uploads.confirm_upload(upload=upload, by=by, now=now)
    return step(upload, now)


def one_case(by: Any, now: datetime) -> CaseUpload:
    return imported(by, now, case_data(), evidence=[charges()])


class TestOneCase:
    def test_the_check_says_what_would_be_made_and_writes_nothing(self, inspector: Any, now: datetime) -> None:
        known = PractitionerFactory(name="宾某某", code="N150422900001", category="nurse")
        upload = step(send(inspector, now, case_data(), evidence=[charges(), charges("other.txt")]), now)
        assert upload.state == UploadState.CHECKED
        assert not CaseFile.objects.exists()
        assert not Evidence.objects.exists()
        assert list(Practitioner.objects.all()) == [known]
        assert upload.counts == {
            "cases": 1, "created": 1, "unchanged": 0, "findings": 1, "evidence": 1, "institutions": 1, "people": 2,
            "people_new": 1, "people_provisional": 0, "lines": 2,
        }  # fmt: skip
        (case,) = upload.plan["cases"]
        assert [(person["name"], person["match"]) for person in case["people"]] == [
            ("宾某某", "on_roster"),
            ("无码审核员", "new"),
        ]
        assert case["people"][0]["lines"] == [["f1", "B1", "general", 7]]
        assert len(case["evidence"][0]["sha256"]) == 64
        assert upload.plan["unread"] == ["other.txt"]

    def test_confirmed_it_is_imported_with_its_evidence_and_the_files_are_deleted(
        self, inspector: Any, now: datetime, media: Path
    ) -> None:
        upload = one_case(inspector, now)
        case = CaseFile.objects.get()
        assert (upload.state, case.upload, case.opened_by) == (UploadState.IMPORTED, upload, inspector)
        assert case.evidence.get().file_name == "charges.txt"
        assert not [path for path in media.rglob("case-uploads/*") if path.is_file()]
        actions = set(AuditEvent.objects.values_list("action", flat=True))
        assert {"cases.uploaded", "cases.confirmed", "case.imported", "cases.upload_imported"} <= actions

    def test_a_second_import_creates_nothing(self, inspector: Any, now: datetime) -> None:
        one_case(inspector, now)
        again = step(send(inspector, now, case_data(), evidence=[charges()]), now)
        assert (again.counts["created"], again.counts["unchanged"]) == (0, 1)
        assert CaseFile.objects.count() == 1

    def test_every_wrong_place_is_named_and_nothing_is_written(self, inspector: Any, now: datetime) -> None:
        data = case_data("attributions", 0, "lines", 0, "clause", value="Z9")
        upload = step(send(inspector, now, data), now)
        assert upload.state == UploadState.FAILED
        assert {row["column"] for row in upload.refusals} == {
            "case.attributions[0].lines[0].clause",
            "case.evidence[0].file",
        }
        assert all(row["row"] and row["reason"] for row in upload.refusals)
        assert not CaseFile.objects.exists()

    def test_reasons_are_said_in_the_language_of_whoever_reads_them(self, inspector: Any, now: datetime) -> None:
        with translation.override("zh-hans"):  # the worker's
            upload = step(send(inspector, now, case_data("attributions", 0, "lines", 0, "clause", value="Z9")), now)
            chinese = [str(row["reason"]) for row in upload.refusals_shown]
        with translation.override("en"):
            english = [str(row["reason"]) for row in upload.refusals_shown]
        assert all(re.search("[一-鿿]", reason) for reason in chinese)
        assert not any(re.search("[一-鿿]", reason) for reason in english)

    def test_evidence_of_another_kind_than_its_name_says_is_refused(self, inspector: Any, now: datetime) -> None:
        upload = step(
            send(inspector, now, case_data(), evidence=[ContentFile(b"MZ\x90\x00\x03", name="charges.txt")]), now
        )
        assert upload.state == UploadState.FAILED
        assert [row["column"] for row in upload.refusals] == ["case.evidence[0].file"]

    def test_evidence_comes_in_one_zip_with_folders_too(self, inspector: Any, now: datetime) -> None:
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            archive.writestr("巴林/evidence/charges.txt", "收费对照表\n")
        upload = imported(inspector, now, case_data(), evidence=[ContentFile(buffer.getvalue(), name="证据.zip")])
        assert upload.state == UploadState.IMPORTED
        assert Evidence.objects.get().size == len("收费对照表\n".encode())

    def test_what_is_neither_a_case_nor_a_table_is_not_taken(self, inspector: Any, now: datetime) -> None:
        with pytest.raises(Invalid, match=r"x\.pdf"):
            send(inspector, now, b"%PDF-1.4", name="x.pdf")
        with pytest.raises(Invalid):
            send(inspector, now, b"")
        assert not CaseUpload.objects.exists()

    def test_a_case_of_another_region_is_refused(self, now: datetime) -> None:
        upload = step(send(officer("inspector", region="43"), now, case_data(), evidence=[charges()]), now)
        assert upload.state == UploadState.FAILED
        assert not CaseFile.objects.exists()

    def test_only_who_may_import_cases_sends_them_and_only_the_sender_confirms(
        self, inspector: Any, now: datetime
    ) -> None:
        with pytest.raises(Forbidden):
            send(officer("auditor"), now, case_data())
        upload = step(send(inspector, now, case_data(), evidence=[charges()]), now)
        with pytest.raises(NotThere):
            case_uploads.confirm_upload(upload=upload, by=officer("inspector"), now=now)


class TestTable:
    def test_three_bad_rows_of_sixty_mended_and_sent_again(self, inspector: Any, now: datetime) -> None:
        rows = [case_row(number) for number in range(1, 61)]
        rows[9]["clause"] = "Z9"
        rows[39]["points"] = "many"
        rows[59]["reasoning"] = "太短"
        upload = step(send(inspector, now, table(rows), name="案卷.csv"), now)
        assert (upload.state, upload.counts["created"], upload.counts["refused"]) == (UploadState.CHECKED, 57, 3)
        assert not CaseFile.objects.exists()
        case_uploads.confirm_upload(upload=upload, by=inspector, now=now)
        upload = step(upload, now)
        assert (upload.state, upload.counts["created"], upload.cases.count()) == (UploadState.IMPORTED, 57, 57)
        assert [(row["row"], row["column"], row["value"]) for row in upload.refusals] == [
            (11, "clause", "Z9"),
            (41, "points", "many"),
            (61, "reasoning", "太短"),
        ]
        with upload.rejects.open("rb") as refused:
            back = list(csv.DictReader(io.StringIO(refused.read().decode("utf-8-sig"))))
        assert len(back) == 3
        for row, good in zip(back, (case_row(10), case_row(40), case_row(60)), strict=True):
            row.update(clause=good["clause"], points=good["points"], reasoning=good["reasoning"])
        mended = imported(inspector, now, table(back), name="refused.csv")
        assert (mended.counts["created"], mended.counts["refused"]) == (3, 0)
        assert CaseFile.objects.count() == 60

    def test_a_step_taken_up_again_after_a_crash_counts_its_own_cases_as_created(
        self, inspector: Any, now: datetime
    ) -> None:
        rows = [case_row(number) for number in range(3)]
        upload = step(send(inspector, now, table(rows), name="a.csv"), now)
        case_uploads.confirm_upload(upload=upload, by=inspector, now=now)
        case_tables.import_table(source=table(rows[:2]), by=inspector, now=now, upload=upload)
        upload = step(upload, now)
        assert (upload.counts["created"], upload.counts["unchanged"]) == (3, 0)

    def test_the_task_writes_its_run(self, inspector: Any, now: datetime) -> None:
        send(inspector, now, table([case_row(1)]), name="a.csv")
        assert tasks.process_case_uploads()["checked"] == 1
        assert tasks.process_case_uploads()["checked"] == 0
        assert JobRun.objects.filter(name="cases.process_case_uploads").count() == 2


class TestTakingBack:
    def test_drafts_are_set_aside_and_the_mended_file_is_imported_again_without_doubles(
        self, inspector: Any, now: datetime
    ) -> None:
        upload = one_case(inspector, now)
        assert case_undo.preview_undo(upload) == case_undo.UndoPreview(cases=1, drafts=2, blockers=())
        case_undo.undo_upload(upload=upload, reason=REASON, by=inspector, now=now)
        case = CaseFile.objects.get()
        assert (case.is_withdrawn, case.withdrawn_by, case.withdrawn_reason) == (True, inspector, REASON)
        assert set(Attribution.objects.values_list("state", flat=True)) == {State.SET_ASIDE}
        assert not visible_to(inspector).exists()
        people = set(Practitioner.objects.all())
        assert set(left_over_people()) == people

        mended = case_data("findings", 0, "title", value="超标准收费(更正)")
        again = imported(inspector, now, mended, evidence=[charges()])
        assert again.counts["created"] == 1
        assert set(Practitioner.objects.all()) == people
        assert not left_over_people().exists()
        assert visible_to(inspector).get().upload == again
        assert Basis.objects.filter(is_withdrawn=True).count() == 1

    def test_a_second_call_changes_nothing(self, inspector: Any, now: datetime) -> None:
        upload = one_case(inspector, now)
        first = case_undo.undo_upload(upload=upload, reason=REASON, by=inspector, now=now)
        again = case_undo.undo_upload(upload=upload, reason="另一个理由", by=inspector, now=now)
        assert again.undone_reason == first.undone_reason == REASON
        assert AuditEvent.objects.filter(action="case.withdrawn").count() == 1

    def test_what_was_proposed_is_not_taken_back(self, inspector: Any, now: datetime) -> None:
        upload = one_case(inspector, now)
        attribution = Attribution.objects.filter(lines__evidence__isnull=False).first()
        assert attribution is not None
        proposals.propose(attribution=attribution, by=inspector, now=now)
        with pytest.raises(WrongState, match="901"):
            case_undo.undo_upload(upload=upload, reason=REASON, by=inspector, now=now)
        upload.refresh_from_db()
        assert upload.undone_at is None
        assert not CaseFile.objects.filter(withdrawn_at__isnull=False).exists()

    def test_by_sql_too(self, inspector: Any, now: datetime) -> None:
        one_case(inspector, now)
        with pytest.raises(DatabaseError, match="only_drafts_are_withdrawn"), transaction.atomic():
            CaseFile.objects.update(withdrawn_at=now, withdrawn_by=inspector, withdrawn_reason=REASON)
        with pytest.raises(DatabaseError, match="basis_is_withdrawn_with_its_case"), transaction.atomic():
            Basis.objects.update(is_withdrawn=True)

    def test_a_withdrawn_case_takes_nothing_more(self, inspector: Any, now: datetime) -> None:
        upload = one_case(inspector, now)
        case_undo.undo_upload(upload=upload, reason=REASON, by=inspector, now=now)
        case = CaseFile.objects.get()
        with pytest.raises(WrongState):
            proposals.create_draft(case=case, practitioner=PractitionerFactory(), lines=[], by=inspector, now=now)
        with pytest.raises(DatabaseError, match="withdrawn_case_takes_no_attribution"), transaction.atomic():
            Attribution.objects.create(case=case, practitioner=PractitionerFactory())
        with pytest.raises(DatabaseError, match="a_withdrawal_stays"), transaction.atomic():
            CaseFile.objects.update(withdrawn_at=None, withdrawn_by=None, withdrawn_reason="")

    def test_nobody_else_and_nothing_that_made_nothing(self, inspector: Any, now: datetime) -> None:
        upload = one_case(inspector, now)
        with pytest.raises(NotThere):
            case_undo.undo_upload(upload=upload, reason=REASON, by=officer("inspector"), now=now)
        with pytest.raises(Forbidden):
            case_undo.undo_upload(upload=upload, reason=REASON, by=officer("auditor"), now=now)
        with pytest.raises(Invalid):
            case_undo.undo_upload(upload=upload, reason="  ", by=inspector, now=now)
        only_checked = step(send(inspector, now, table([case_row(1)]), name="a.csv"), now)
        with pytest.raises(WrongState):
            case_undo.undo_upload(upload=only_checked, reason=REASON, by=inspector, now=now)


@pytest.mark.django_db(transaction=True)
def test_others_see_how_far_it_is_and_a_request_stops_it_before_the_next_case(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    inspector = officer("inspector")
    upload = step(send(inspector, now, table([case_row(number) for number in range(4)]), name="a.csv"), now)
    assert (upload.cases_total, upload.cases_done) == (4, 4)
    case_uploads.confirm_upload(upload=upload, by=inspector, now=now)
    monkeypatch.setattr(upload_steps, "TOLD_EVERY", 0)
    real, seen = upload_steps._Progress.more, []

    def more(progress: Any, what: str, count: int) -> None:
        real(progress, what, count)
        other = connections.create_connection("default")
        with other.cursor() as cursor:
            cursor.execute("SELECT cases_done, cases_total FROM cases_caseupload WHERE id = %s", [upload.pk])
            seen.append(cursor.fetchone())
            if what == "done":
                cursor.execute("UPDATE cases_caseupload SET cancel_requested_at = now() WHERE id = %s", [upload.pk])
        other.close()

    monkeypatch.setattr(upload_steps._Progress, "more", more)
    upload = step(upload, now)
    assert seen == [(0, 4), (1, 4)]
    assert (upload.state, upload.counts["created"], CaseFile.objects.count()) == (UploadState.CANCELLED, 2, 2)
    case_undo.undo_upload(upload=upload, reason=REASON, by=inspector, now=now)
    assert not visible_to(inspector).exists()


def test_the_queue_of_work_knows_what_is_open_and_what_failed(inspector: Any, now: datetime) -> None:
    failed = step(send(inspector, now, case_data("region", value="999999")), now)
    waiting = step(send(inspector, now, table([case_row(1)]), name="a.csv"), now)
    under_way = send(inspector, now, table([case_row(2)]), name="b.csv")
    assert list(open_uploads(CASES, inspector)) == [waiting, under_way]
    assert list(failed_uploads(CASES, inspector)) == [failed]
    elsewhere = officer("inspector", region="43")
    assert not open_uploads(CASES, elsewhere).exists()


def test_where_nothing_was_taken_back_nobody_is_looked_for():
    """In the middle of a large import the database would ask every case for every person."""
    case = CaseFileFactory()
    with at_most(1):
        assert left_over(case=case, name="无此人", category="nurse") is None
