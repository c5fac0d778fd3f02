"""The person's own data: who saw it, the archive to take home, evidence as redacted copies."""

import io
import json
import zipfile

import pytest
from django.core.files.storage import default_storage
from django.test import Client

from cases.models import AttributionLine, RedactedOpening
from cases.services import data_requests, redactions, statements
from cases.services.submissions import SentFile
from cases.states import State
from institutions.models import AccessDoor, AuditEvent
from institutions.permissions import Permission
from institutions.services import record_access
from tests.cases.views.opening import code_of, letter_of, opened, text_of
from tests.factories.appeal import GROUNDS, PDF, hearing
from tests.factories.attribution import procedure
from tests.factories.registration import RegistrationFactory
from tests.factories.user import hr_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def walk(now):
    walk = procedure(State.INTENT_SERVED, now=now)
    RegistrationFactory(practitioner=walk.attribution.practitioner, institution=walk.attribution.case.institution)
    return walk


@pytest.fixture
def notice(walk):
    return letter_of(walk.attribution)


def archive_of(answer) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))


def redact(walk):
    piece = AttributionLine.objects.get(attribution=walk.attribution).evidence.get()
    return redactions.add_redacted_copy(
        evidence=piece, file_name="报告.txt", content="患者:***".encode(), taken_out="患者姓名",
        by=walk.team.inspector, now=walk.now,
    )  # fmt: skip


def test_who_looked_is_listed_by_role_and_organisation(walk, notice):
    hospital = walk.attribution.case.institution
    reader = hr_of(hospital)
    reader.display_name = "张人事"
    reader.save(update_fields=["display_name"])
    record_access.note_access(
        practitioners=[notice.practitioner_id], door=AccessDoor.ROSTER, permission=Permission.NOTICE_READ,
        by=reader, now=walk.now,
    )  # fmt: skip
    record_access.count_lookup(slug=notice.practitioner.slug, now=walk.now)
    text = text_of(opened(notice, walk.now, "en").get(f"/n/{notice.number}/record"))
    assert "staff office" in text
    assert hospital.name in text
    assert "张人事" not in text
    assert reader.username not in text


def test_officers_leave_a_line_at_every_door(walk, notice):
    client = Client()
    client.force_login(walk.team.inspector)
    slug = notice.practitioner.slug
    assert client.get(f"/api/v1/practitioners/{slug}/account/").status_code == 200
    assert client.get(f"/api/v1/attributions/{walk.attribution.pk}/").status_code == 200
    assert client.get(f"/admin/cases/attribution/{walk.attribution.pk}/change/").status_code == 200
    assert client.get(f"/admin/institutions/practitioner/{notice.practitioner_id}/change/").status_code == 200
    page = opened(notice, walk.now, "en").get(f"/n/{notice.number}/record")
    doors = {line.what for line in page.context["report"].opened}
    assert doors == {"points and measures", "case and responsibility", "entry in the register of persons"}


def test_strangers_are_only_counted(walk, notice):
    slug = notice.practitioner.slug
    client = opened(notice, walk.now, "en")
    Client().get(f"/s/{slug}")
    Client().get(f"/api/v1/scorecards/{slug}/")
    page = client.get(f"/n/{notice.number}/record")
    assert page.context["report"].lookups_total == 2
    assert page.context["report"].opened == ()


def test_a_redacted_copy_is_opened_and_each_opening_written_down(walk, notice):
    copy = redact(walk)
    client = opened(notice, walk.now, "en")
    assert "Taken out: 患者姓名" in text_of(client.get(f"/n/{notice.number}/facts"))
    answer = client.get(f"/n/{notice.number}/evidence/{copy.pk}")
    assert answer.content == "患者:***".encode()
    assert "attachment" in answer["Content-Disposition"]
    assert RedactedOpening.objects.get().notice == notice


def test_the_original_and_others_copies_are_not_there(walk, notice, now):
    copy = redact(procedure(State.INTENT_SERVED, now=now))
    client = opened(notice, walk.now)
    assert client.get(f"/n/{notice.number}/evidence/{copy.pk}").status_code == 404
    piece = AttributionLine.objects.get(attribution=walk.attribution).evidence.get()
    assert client.get(f"/n/{notice.number}/evidence/{piece.pk}").status_code == 404
    assert not RedactedOpening.objects.exists()


def test_a_damaged_copy_is_not_shown(walk, notice):
    copy = redact(walk)
    default_storage.delete(str(copy.file.name))
    answer = opened(notice, walk.now, "en").get(f"/n/{notice.number}/evidence/{copy.pk}")
    assert answer.status_code == 409
    assert "cannot be opened now" in text_of(answer)


def test_the_archive_holds_everything_and_no_officer(now):
    heard = hearing("accepted", now=now, walk=None)
    walk = heard.walk
    for user in (walk.team.inspector, walk.team.approver, heard.officer):
        user.display_name = f"经办甲乙丙{user.pk}"
        user.save(update_fields=["display_name"])
    notice = letter_of(walk.attribution, "decision")
    data_requests.file_request(notice=notice, kind="dates", text="日期有误。", now=heard.now)
    answer = opened(notice, heard.now).get(f"/n/{notice.number}/export.zip")
    assert answer["Content-Type"] == "application/zip"
    pack = archive_of(answer)
    names = pack.namelist()
    assert {"README.txt", "file.json", f"letters/{notice.number}.pdf"} <= set(names)
    assert pack.read(f"letters/{notice.number}.pdf").startswith(b"%PDF")
    data = json.loads(pack.read("file.json"))
    assert data["schema"] == "jifen.own-file/1"
    assert set(data) == {
        "schema", "as_of", "person", "registrations", "account", "cases", "letters", "requests", "access",
    }  # fmt: skip
    (case,) = data["cases"]
    assert case["appeals"][0]["grounds"] == GROUNDS
    assert data["account"]["entries"][0]["points"] == 10
    assert data["requests"][0]["text"] == "日期有误。"
    every = b"".join(pack.read(name) for name in names if not name.endswith(".pdf")).decode()
    assert "经办甲乙丙" not in every
    assert heard.officer.username not in every
    assert code_of(notice, heard.now) not in every
    assert AuditEvent.objects.filter(action="own_file.exported").count() == 1


def test_files_handed_in_come_back_under_their_receipt_with_plain_names(walk, notice):
    said = statements.submit_statement(
        notice=notice, text="见附件。", files=[SentFile("../..\\a:b.pdf", PDF)], now=walk.now
    )
    pack = archive_of(opened(notice, walk.now).get(f"/n/{notice.number}/export.zip"))
    (name,) = [name for name in pack.namelist() if name.startswith("handed-in/")]
    assert name.startswith(f"handed-in/{said.receipt}/01-")
    assert ".." not in name.split("/")
    assert "\\" not in name
    assert pack.read(name) == PDF


def test_what_is_only_being_prepared_is_not_in_the_archive(walk, notice, now):
    procedure(State.PROPOSED, now=now, practitioner=walk.attribution.practitioner)
    pack = archive_of(opened(notice, walk.now).get(f"/n/{notice.number}/export.zip"))
    data = json.loads(pack.read("file.json"))
    assert [case["number"] for case in data["cases"]] == [walk.attribution.case.number]


def test_a_decision_is_not_told_before_it_is_served(now):
    walk = procedure(State.DECIDED, now=now)
    notice = letter_of(walk.attribution, "intent")
    client = opened(notice, walk.now)
    assert walk.attribution.decision_reasons not in text_of(client.get(f"/n/{notice.number}/facts"))
    data = json.loads(archive_of(client.get(f"/n/{notice.number}/export.zip")).read("file.json"))
    assert data["cases"][0]["reasons"] == ""
