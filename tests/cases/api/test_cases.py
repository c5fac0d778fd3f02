"""`/api/v1/cases/`: who sees what, and what goes in."""

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from cases.models import CaseFile, EvidenceAccess
from cases.states import State
from institutions import clock
from tests.cases.case_document import case_data
from tests.factories.attribution import officers, procedure
from tests.factories.case_file import BasisFactory, CaseFileFactory, FindingFactory
from tests.factories.evidence import EvidenceFactory
from tests.factories.user import UserFactory, hr_of, officer

pytestmark = pytest.mark.django_db


def client(user=None):
    made = APIClient()
    if user is not None:
        made.force_authenticate(user)
    return made


@pytest.fixture
def inspector():
    return officer("inspector", region="1504")


@pytest.fixture(autouse=True)
def today(now):
    clock.move_to(now)


class TestWhoSeesWhat:
    def test_cases_of_the_officers_regions_and_no_others(self, inspector):
        mine = CaseFileFactory()
        theirs = CaseFileFactory(institution__region__code="431122")
        answer = client(inspector).get("/api/v1/cases/").json()
        assert [row["number"] for row in answer["results"]] == [mine.number]
        assert client(inspector).get(f"/api/v1/cases/{mine.pk}/").status_code == 200
        refused = client(inspector).get(f"/api/v1/cases/{theirs.pk}/")
        assert (refused.status_code, refused.json()["code"]) == (404, "not-found")

    @pytest.mark.parametrize("role", ["publisher", "administrator"])
    def test_who_sees_no_cases_is_refused(self, role):
        assert client(officer(role)).get("/api/v1/cases/").status_code == 403

    def test_hr_and_strangers_are_refused(self):
        case = CaseFileFactory()
        assert client(hr_of(case.institution)).get("/api/v1/cases/").status_code == 403
        assert client(UserFactory()).get(f"/api/v1/cases/{case.pk}/").status_code == 403
        assert client().get("/api/v1/cases/").status_code == 403

    def test_a_case_shows_what_is_in_it(self, inspector, now):
        walk = procedure(State.PROPOSED, now=now)
        case = walk.attribution.case
        answer = client(inspector).get(f"/api/v1/cases/{case.pk}/").json()
        assert answer["basis"]["document"] == case.basis.document
        assert answer["attributions"][0]["state"] == "proposed"
        assert answer["evidence"][0]["sha256"]
        assert "file" not in answer["evidence"][0]


class TestFilters:
    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("source=flying_inspection", 1),
            ("source=tip_off", 1),
            ("region=1504", 2),
            ("region=43", 0),
            ("institution=H15042277777", 1),
            ("decided_from=2025-06-10", 1),
            ("decided_until=2025-06-09", 1),
            ("basis=circular", 1),
            ("annulled=true", 0),
            ("state=draft", 0),
            ("number=777", 1),
        ],
    )
    def test_narrow_the_list(self, inspector, query, found):
        CaseFileFactory(number="试案777", institution__code="H15042277777")
        CaseFileFactory(
            source="tip_off", basis__decided_on="2025-06-09", basis__kind="circular", institution__code="H15042200778"
        )
        answer = client(inspector).get(f"/api/v1/cases/?{query}")
        assert answer.json()["count"] == found

    def test_by_the_state_of_an_attribution(self, inspector, now):
        walk = procedure(State.PROPOSED, now=now)
        CaseFileFactory()
        answer = client(inspector).get("/api/v1/cases/?state=proposed").json()
        assert [row["number"] for row in answer["results"]] == [walk.attribution.case.number]

    def test_an_unknown_word_is_not_valid(self, inspector):
        assert client(inspector).get("/api/v1/cases/?source=dream").status_code == 422


class TestImport:
    def post(self, user, data=None, **extra):
        files = {
            "file": SimpleUploadedFile("case.json", data or case_data()),
            "evidence": SimpleUploadedFile("charges.txt", "收费对照表\n".encode()),
        }
        return client(user).post("/api/v1/cases/import/", files | extra, format="multipart")

    def test_a_new_case_is_201_and_a_known_one_200(self, inspector):
        first, second = self.post(inspector), self.post(inspector)
        assert (first.status_code, first.json()["outcome"]) == (201, "created")
        assert (second.status_code, second.json()["outcome"]) == (200, "unchanged")
        assert second.json()["id"] == str(CaseFile.objects.get().pk)

    def test_a_dry_run_writes_nothing(self, inspector):
        assert self.post(inspector, dry_run="true").json()["outcome"] == "would_create"
        assert not CaseFile.objects.exists()

    def test_a_faulty_file_is_422_with_every_place(self, inspector):
        answer = self.post(inspector, case_data("attributions", 0, "lines", 0, "clause", value="Z9"))
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["place"] == "case.attributions[0].lines[0].clause"

    def test_another_content_under_the_number_is_409(self, inspector):
        self.post(inspector)
        assert self.post(inspector, case_data("source", value="self_check")).status_code == 409

    def test_without_a_file_is_422_and_without_the_right_403(self, inspector):
        assert client(inspector).post("/api/v1/cases/import/", {}, format="multipart").status_code == 422
        assert self.post(officer("approver")).status_code == 403
        assert self.post(officer("inspector", region="43")).status_code == 403


class TestEvidence:
    def test_a_file_is_handed_out_as_a_download_and_the_opening_written_down(self, inspector):
        piece = EvidenceFactory(content=b"abc", file_name="表.txt")
        answer = client(inspector).get(f"/api/v1/cases/{piece.case_id}/evidence/{piece.key}/")
        assert (answer.status_code, answer.content) == (200, b"abc")
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert EvidenceAccess.objects.get().opened_by == inspector

    def test_a_changed_file_is_409_hash_mismatch(self, inspector):
        piece = EvidenceFactory(content=b"abc")
        with open(default_storage.path(piece.file.name), "wb") as stored:
            stored.write(b"abd")
        answer = client(inspector).get(f"/api/v1/cases/{piece.case_id}/evidence/{piece.key}/")
        assert (answer.status_code, answer.json()["code"]) == (409, "hash-mismatch")
        assert EvidenceAccess.objects.get().hash_matched is False

    def test_of_a_foreign_region_it_is_not_there(self, inspector):
        piece = EvidenceFactory(case=CaseFileFactory(institution__region__code="431122"))
        answer = client(inspector).get(f"/api/v1/cases/{piece.case_id}/evidence/{piece.key}/")
        assert answer.status_code == 404


class TestActs:
    def test_linking(self, inspector):
        first = CaseFileFactory()
        second = CaseFileFactory(basis=BasisFactory(institution=first.institution), institution=first.institution)
        FindingFactory(case=second)
        answer = client(inspector).post(
            f"/api/v1/cases/{first.pk}/links/", {"case": str(second.pk), "reason": "同一行为"}
        )
        assert answer.json()["linked"] == [second.number]

    def test_annulling(self, now):
        team = officers(region="1504")
        walk = procedure(State.EFFECTIVE, now=now, team=team)
        clock.move_to(walk.now)
        path = f"/api/v1/cases/{walk.attribution.case_id}/annul-basis/"
        sent = {"annulled_on": "2025-06-18", "reason": "行政复议撤销。"}
        assert client(team.inspector).post(path, sent).status_code == 403
        answer = client(team.approver).post(path, sent)
        assert answer.json()["attributions"][0]["state"] == "set_aside"
        assert answer.json()["basis"]["annulled_on"] == "2025-06-18"
