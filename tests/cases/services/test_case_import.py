"""F02: a case file goes in whole, once, or not at all."""

import copy
from decimal import Decimal

import pytest

from cases.errors import CaseChanged, CaseRefused
from cases.models import Attribution, Basis, CaseFile, CaseLink, Evidence, Finding
from cases.services import case_import
from cases.services.case_import import Outcome
from institutions.errors import Forbidden
from institutions.models import AuditEvent, Institution, Practitioner
from tests.cases.case_document import CASE, case_data, folder_with_evidence
from tests.cases.last_write import LastWriteError, fail_on
from tests.factories.case_file import CaseFileFactory
from tests.factories.institution import InstitutionFactory
from tests.factories.practitioner import PractitionerCodeFactory, PractitionerFactory
from tests.factories.user import officer

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path):
    return folder_with_evidence(tmp_path)


@pytest.fixture
def inspector():
    return officer("inspector")


@pytest.fixture
def take(folder, inspector, now):
    def take(data=None, *, by=inspector, dry_run=False):
        return case_import.import_case(data=data or case_data(), base_dir=folder, by=by, now=now, dry_run=dry_run)

    return take


def nothing_written():
    models = (CaseFile, Basis, Finding, Evidence, Attribution, Practitioner, Institution)
    return not any(model.objects.exists() for model in models)


class TestTakenIn:
    def test_everything_of_the_file_is_there(self, take, inspector, now):
        done = take()
        case = CaseFile.objects.get()
        assert (done.outcome, done.case, done.attributions) == (Outcome.CREATED, case, 2)
        assert (case.number, case.region_id, case.amount) == (CASE["number"], "150422", Decimal("1234.50"))
        assert (case.opened_by, case.opened_at) == (inspector, now)
        assert case.basis.articles == [38]
        assert case.findings.get().conduct == "over-charge"
        assert case.evidence.get().file_name == "charges.txt"
        assert AuditEvent.objects.filter(action="case.imported").count() == 1

    def test_a_case_may_be_taken_in_before_anybody_is_named(self, take):
        done = take(case_data("attributions", value=[]))
        assert (done.outcome, done.attributions) == (Outcome.CREATED, 0)
        assert not Attribution.objects.exists()

    def test_the_drafts_carry_term_and_reason_for_the_second_officer(self, take):
        take()
        first = Attribution.objects.get(practitioner__name="宾某某")
        assert (first.state, first.months, first.countersign_reason) == ("draft", 2, "按当地负面清单记分。")
        line = first.lines.get()
        assert (line.clause, line.points, line.evidence.get().key) == ("B1", 7, "e1")

    def test_people_not_on_the_roster_are_provisional_with_or_without_a_code(self, take):
        take()
        people = {person.name: person for person in Practitioner.objects.all()}
        assert all(person.is_provisional for person in people.values())
        assert people["宾某某"].codes.get().code == "N150422900001"
        assert not people["无码审核员"].codes.exists()

    def test_people_on_the_roster_are_found_by_code_whether_masked_or_not(self, take):
        person = PractitionerFactory(name="宾晓丽", category="nurse", code="N150422900001")
        data = case_data("attributions", 0, "practitioner", "name", value="宾某丽")
        take(data)
        assert Attribution.objects.filter(practitioner=person).exists()

    def test_an_institution_on_record_is_used(self, take):
        known = InstitutionFactory(code="H15042200901", name="试验医院")
        take(case_data("institution", value={"code": "h15042200901"}))
        assert CaseFile.objects.get().institution == known

    def test_linked_cases_are_linked(self, take):
        known = InstitutionFactory(code="H15042200901", name="试验医院")
        other = CaseFileFactory(institution=known)
        case = take(case_data("linked", value=[other.number])).case
        link = CaseLink.objects.get()
        assert {link.first, link.second} == {other, case}


class TestAgain:
    def test_the_same_content_changes_nothing(self, take):
        case = take().case
        again = take()
        assert (again.outcome, again.case) == (Outcome.UNCHANGED, case)
        assert Attribution.objects.count() == 2
        assert Practitioner.objects.count() == 2

    def test_other_content_under_the_number_is_refused(self, take):
        take()
        with pytest.raises(CaseChanged) as refused:
            take(case_data("source", value="self_check"))
        assert refused.value.errors[0]["place"] == "case.number"

    def test_another_byte_in_the_evidence_is_other_content(self, take, folder):
        take()
        (folder / "evidence" / "charges.txt").write_text("收费对照表 2\n", encoding="utf-8")
        with pytest.raises(CaseChanged):
            take()

    def test_a_dry_run_writes_nothing(self, take, media):
        assert take(dry_run=True).outcome is Outcome.WOULD_CREATE
        assert nothing_written()
        assert not media.exists()


class TestWhoMay:
    def test_only_within_the_officers_region(self, take):
        with pytest.raises(Forbidden):
            take(by=officer("inspector", region="43"))
        assert nothing_written()

    def test_an_approver_does_not_import(self, take):
        with pytest.raises(Forbidden):
            take(by=officer("approver"))


def test_nothing_remains_when_the_last_write_fails(take, monkeypatch):
    fail_on(monkeypatch, "cases.services.case_import.audit.record_event")
    with pytest.raises(LastWriteError):
        take()
    assert nothing_written()


FAULTS = [
    # what is wrong, where it is said, and a word of why
    (("basis",), None, "case.basis"),
    (("basis", "document"), None, "case.basis.document"),
    (("basis", "document"), "  ", "case.basis.document"),
    (("basis", "kind"), "gossip", "case.basis.kind"),
    (("basis", "decided_on"), "2025-06-11", "case.basis.decided_on"),
    (("basis", "decided_on"), "June", "case.basis.decided_on"),
    (("basis", "articles"), ["40"], "case.basis.articles"),
    (("number",), None, "case.number"),
    (("region",), "999999", "case.region"),
    (("source",), "dream", "case.source"),
    (("amount",), -1, "case.amount"),
    (("amount",), 1.234, "case.amount"),
    (("amount",), True, "case.amount"),
    (("amount",), "NaN", "case.amount"),
    (("amount",), 1e15, "case.amount"),
    (("number",), True, "case.number"),
    (("number",), "号" * 61, "case.number"),
    (("basis",), "a penalty", "case.basis"),
    (("findings",), ["f1"], "case.findings[0]"),
    (("linked",), "x", "case.linked"),
    (("institution",), None, "case.institution"),
    (("evidence", 0, "file"), "evidence/\0.txt", "case.evidence[0].file"),
    (("institution", "kind"), "bank", "case.institution.kind"),
    (("institution",), {"code": "H99999999999"}, "case.institution"),
    (("surprise",), 1, "case.surprise"),
    (("findings",), [], "case.findings"),
    (("findings", 0, "to"), "2024-12-31", "case.findings[0].to"),
    (("findings", 0, "conduct"), None, "case.findings[0].conduct"),
    (("evidence", 0, "file"), "evidence/none.txt", "case.evidence[0].file"),
    (("evidence", 0, "file"), "../../../../etc/passwd", "case.evidence[0].file"),
    (("evidence", 0, "file"), "/etc/passwd", "case.evidence[0].file"),
    (("attributions",), None, "case.attributions"),
    (("attributions", 0, "months"), 0, "case.attributions[0].months"),
    (("attributions", 0, "extra"), 0, "case.attributions[0].extra"),
    (("attributions", 0, "practitioner", "category"), "cook", "case.attributions[0].practitioner.category"),
    (("attributions", 0, "practitioner"), "宾某某", "case.attributions[0].practitioner"),
    (("attributions", 0, "lines", 0, "clause"), "Z9", "case.attributions[0].lines[0].clause"),
    (("attributions", 0, "lines", 0, "degree"), "total", "case.attributions[0].lines[0].degree"),
    (("attributions", 0, "lines", 0, "points"), 0, "case.attributions[0].lines[0].points"),
    (("attributions", 0, "lines", 0, "points"), 7.5, "case.attributions[0].lines[0].points"),
    (("attributions", 0, "lines", 0, "finding"), "f9", "case.attributions[0].lines[0].finding"),
    (("attributions", 0, "lines", 0, "evidence"), ["e9"], "case.attributions[0].lines[0].evidence[0]"),
    (("attributions", 0, "lines", 0, "reasoning"), "负一般责任。", "case.attributions[0].lines[0].reasoning"),
    (("attributions", 1, "practitioner", "name"), "", "case.attributions[1].practitioner.name"),
    (("linked",), ["没有的案"], "case.linked[0]"),
]


@pytest.mark.parametrize(("path", "value", "place"), FAULTS)
def test_every_fault_is_refused_with_its_place_and_nothing_written(take, path, value, place):
    data = case_data(*path, remove=True) if value is None else case_data(*path, value=value)
    with pytest.raises(CaseRefused) as refused:
        take(data)
    assert place in [error["place"] for error in refused.value.errors]
    assert all(error["message"] for error in refused.value.errors)
    assert nothing_written()


class TestRefusedByWhatIsOnRecord:
    def places(self, take, data=None):
        with pytest.raises(CaseRefused) as refused:
            take(data)
        return [error["place"] for error in refused.value.errors]

    def test_a_code_that_belongs_to_another_name(self, take):
        PractitionerFactory(name="张三丰", category="nurse", code="N150422900001")
        assert self.places(take) == ["case.attributions[0].practitioner.name"]

    def test_a_person_who_stands_twice(self, take):
        twin = CASE["attributions"][0]
        data = case_data("attributions", value=[twin, twin])
        assert self.places(take, data) == ["case.attributions[1].practitioner.code"]

    def test_an_institution_under_another_name(self, take):
        InstitutionFactory(code="H15042200901", name="别的医院")
        assert self.places(take) == ["case.institution.name"]

    def test_an_institution_of_another_kind(self, take):
        InstitutionFactory(code="H15042200901", name="试验医院", kind="clinic")
        assert self.places(take) == ["case.institution.kind"]

    def test_a_person_of_another_category(self, take):
        PractitionerFactory(name="宾某某", category="physician", code="N150422900001")
        assert self.places(take) == ["case.attributions[0].practitioner.category"]

    def test_one_person_by_two_codes(self, take):
        person = PractitionerFactory(name="宾某某", category="nurse", code="N150422900001")
        PractitionerCodeFactory(practitioner=person, code="N150422900002", primary=False)
        twin = copy.deepcopy(CASE["attributions"][0])
        twin["practitioner"]["code"] = "N150422900002"
        data = case_data("attributions", value=[CASE["attributions"][0], twin])
        assert self.places(take, data) == ["case.attributions[1].practitioner.code"]

    def test_evidence_of_a_kind_that_is_not_kept(self, take, folder):
        (folder / "evidence" / "charges.txt").write_bytes(b"<html></html>")
        assert self.places(take) == ["case.evidence[0].file"]

    def test_a_day_on_which_no_rulebook_is_in_force(self, folder, inspector, now):
        with pytest.raises(CaseRefused) as refused:
            case_import.import_case(data=case_data(), base_dir=folder, by=inspector, now=now.replace(year=2024))
        assert "case.region" in [error["place"] for error in refused.value.errors]

    def test_a_number_taken_in_another_region_tells_a_stranger_nothing_more(self, take):
        CaseFileFactory(number=CASE["number"], institution__region__code="431122")
        with pytest.raises(CaseRefused) as refused:
            take(by=officer("inspector", region="15"))
        assert refused.value.errors == []

    def test_the_same_finding_twice_under_one_clause(self, take):
        line = CASE["attributions"][0]["lines"][0]
        data = case_data("attributions", 0, "lines", value=[line, line])
        assert self.places(take, data) == ["case.attributions[0].lines[0]", "case.attributions[0].lines[1]"]

    def test_a_decision_that_is_the_basis_of_another_case(self, take):
        take()
        assert self.places(take, case_data("number", value="试医保案〔2025〕902")) == ["case.basis.document"]

    def test_a_linked_case_of_another_institution(self, take):
        other = CaseFileFactory()
        assert self.places(take, case_data("linked", value=[other.number])) == ["case.linked[0]"]

    def test_all_faults_are_named_at_once(self, take):
        data = case_data("attributions", 0, "lines", 0, "clause", value="Z9").replace(b"tip_off", b"dream")
        assert set(self.places(take, data)) == {"case.source", "case.attributions[0].lines[0].clause"}


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"case: [",
        b"\xff\xfe",
        b"- 1",
        b"case: 1",
        b"case: {}\n---\ncase: {}",
        b"case: {number: a, number: b}",
        b"x" * (5 * 2**20 + 1),
        b"other: {}",
        b"case: &a [*a]",
    ],
)
def test_what_is_no_case_file_is_refused(take, data):
    with pytest.raises(CaseRefused):
        take(data or b"\n")
    assert nothing_written()


def test_the_line_of_the_file_is_named(take):
    data = case_data("source", value="dream")
    text = "# a comment\n\n" + data.decode()
    with pytest.raises(CaseRefused) as refused:
        take(text.encode())
    assert refused.value.errors[0]["line"] == 3
