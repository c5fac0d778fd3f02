"""Many cases in one table: good ones go in, bad ones come back with row, field and reason, and once is enough."""

import csv
import io
import time
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from cases.models import Attribution, CaseFile, CaseLink, Finding
from cases.services import case_import, case_tables
from cases.services.case_tables import TableImport
from cases.states import State
from institutions.errors import Forbidden
from institutions.models import Institution, Practitioner
from institutions.roster.reading import UnreadableRoster
from tests.cases.case_document import case_data, folder_with_evidence
from tests.cases.case_table import REASONING, case_row, row, table
from tests.factories.practitioner import PractitionerFactory
from tests.factories.user import officer

pytestmark = pytest.mark.django_db


def take(rows: list[dict[str, str]], now: datetime, **options: Any) -> TableImport:
    options.setdefault("by", None)
    return case_tables.import_table(source=table(rows), now=now, **options)


def refusals(done: TableImport) -> set[tuple[int, str]]:
    return {(error.row, error.column) for error in done.rejected}


def test_a_thousand_rows_with_three_bad_ones_give_997_cases_and_three_reasons(now: datetime) -> None:
    rows = [case_row(number) for number in range(1, 1001)]
    rows[9]["clause"] = "Z9"
    rows[499]["points"] = "many"
    rows[999]["reasoning"] = "太短"
    begun = time.monotonic()
    done = take(rows, now)
    assert time.monotonic() - begun < 300
    assert done.counts == {
        "rows": 1000, "created": 997, "unchanged": 0, "refused": 3, "rows_rejected": 3, "rows_held_back": 0
    }  # fmt: skip
    assert CaseFile.objects.count() == Attribution.objects.count() == 997
    assert [(error.row, error.column, error.value) for error in done.rejected] == [
        (11, "clause", "Z9"),
        (501, "points", "many"),
        (1001, "reasoning", "太短"),
    ]
    assert all(error.reason for error in done.rejected)
    again = take(rows, now)
    assert (again.created, again.unchanged, again.refused) == (0, 997, 3)
    assert CaseFile.objects.count() == 997
    assert Attribution.objects.filter(state=State.DRAFT).count() == 997


def test_a_case_of_several_rows_is_one_case_with_its_findings_people_and_lines(now: datetime) -> None:
    blank = dict.fromkeys(("region", "source", "institution_name", "basis_kind", "case_amount"), "")
    rows = [
        row(finding_amount="1000", months="2", line_amount="400.5"),
        row(**blank, finding="f2", conduct="forged-records", finding_title="伪造病历", points="6"),
        row(**blank, person_code="", person_name="无码审核员", person_category="fee_reviewer"),
        row(**blank, person_code="", person_name="无码审核员", person_category="fee_reviewer", person_number="2"),
    ]
    done = take(rows, now)
    assert (done.counts["created"], done.rejected) == (1, [])
    case = CaseFile.objects.get()
    assert (case.amount, case.basis.articles) == (Decimal("1234.50"), [38])
    assert set(Finding.objects.values_list("key", "conduct", "from_on")) == {
        ("f1", "over-charge", date(2025, 1, 1)),
        ("f2", "forged-records", date(2025, 1, 1)),
    }
    attributions = Attribution.objects.filter(case=case)
    assert attributions.count() == 3
    nurse = attributions.get(practitioner__codes__code="N150422900001")
    assert nurse.months == 2
    assert set(nurse.lines.values_list("finding__key", "points", "amount")) == {
        ("f1", 4, Decimal("400.50")),
        ("f2", 6, None),
    }
    assert Practitioner.objects.filter(name="无码审核员", is_provisional=True).count() == 2


def test_the_table_and_the_case_file_of_one_case_are_the_same_content(now: datetime, tmp_path: Path) -> None:
    folder = folder_with_evidence(tmp_path)
    first = row(
        months="2", countersignature="按当地负面清单记分。", points="7", evidence="evidence/charges.txt",
        case_amount="1234.5", basis_articles="38",
    )  # fmt: skip
    second = row(person_code="", person_name="无码审核员", person_category="fee_reviewer")
    case_import.import_case(
        data=case_data("evidence", value=[{"id": "e1", "title": "charges", "file": "evidence/charges.txt"}]),
        base_dir=folder, by=None, now=now,
    )  # fmt: skip
    done = take([first, second], now, base_dir=folder)
    assert (done.unchanged, done.rejected) == (1, [])


def test_evidence_is_read_from_beside_the_table_and_tied_to_its_lines(now: datetime, tmp_path: Path) -> None:
    folder = folder_with_evidence(tmp_path)
    done = take([row(evidence="evidence/charges.txt;")], now, base_dir=folder)
    assert done.created == 1
    line = Attribution.objects.get().lines.get()
    assert [piece.file_name for piece in line.evidence.all()] == ["charges.txt"]
    missing = take([case_row(2, evidence="gone.pdf")], now, base_dir=folder)
    assert refusals(missing) == {(2, "evidence")}


def test_one_bad_row_keeps_its_case_out_and_no_other(now: datetime) -> None:
    rows = [
        case_row(1),
        case_row(2),
        case_row(1, person_code="N150422000009", degree="entirely"),
        case_row(1, person_code="N150422000010", points="999999"),
    ]
    done = take(rows, now)
    assert refusals(done) == {(4, "degree"), (5, "points")}
    assert done.held_back == [2]
    assert list(CaseFile.objects.values_list("number", flat=True)) == ["试医保案〔2025〕0002"]


def test_every_fault_of_a_row_is_named_in_its_own_column(now: datetime) -> None:
    faults = {
        "region": "999999", "source": "rumour", "basis_kind": "hearsay", "basis_decided_on": "yesterday",
        "case_amount": "-1", "basis_articles": "XL", "finding_from": "2025-13-01", "person_category": "magician",
        "clause": "", "person_name": "",
    }  # fmt: skip
    assert refusals(take([row(**faults)], now)) == {(2, column) for column in faults}
    future = take([row(basis_decided_on="2026-01-01", finding_from="2025-03-01", finding_to="2025-02-01")], now)
    assert refusals(future) == {(2, "basis_decided_on"), (2, "finding_to")} or refusals(future) == {(2, "finding_to")}
    assert refusals(take([row(case_number="")], now)) == {(2, "case_number")}


def test_rows_of_one_case_may_not_contradict_each_other(now: datetime) -> None:
    other = row(person_code="N150422000009", basis_decided_on="2025-06-02", conduct="forged-records")
    done = take([row(), other], now)
    assert refusals(done) == {(3, "basis_decided_on"), (3, "conduct")}
    assert "2025-06-01" in next(e.reason for e in done.rejected if e.column == "basis_decided_on")


def test_the_same_finding_under_the_same_clause_twice_for_one_person_is_named(now: datetime) -> None:
    assert refusals(take([row(), row()], now)) == {(2, "finding"), (3, "finding")}


def test_a_code_that_belongs_to_somebody_else_is_refused_where_it_stands(now: datetime) -> None:
    PractitionerFactory.create(name="王建国", code="N150422900001", category="nurse")
    assert refusals(take([row()], now)) == {(2, "person_name")}


def test_one_decision_is_the_basis_of_one_case_within_the_table_as_well(now: datetime) -> None:
    for dry_run in (True, False):
        done = take([case_row(1), case_row(2, basis_document="试医保罚〔2025〕0001号")], now, dry_run=dry_run)
        assert (done.created, refusals(done)) == (1, {(3, "basis_document")})


def test_a_dry_run_reports_the_same_and_writes_nothing(now: datetime) -> None:
    rows = [case_row(1), case_row(2, linked_cases="试医保案〔2025〕0001"), case_row(3, clause="Z9")]
    dry = take(rows, now, dry_run=True)
    assert not CaseFile.objects.exists()
    assert not Institution.objects.filter(code="H15042200901").exists()
    real = take(rows, now)
    assert dry.counts == real.counts
    assert dry.rejected == real.rejected
    assert CaseLink.objects.count() == 1


def test_other_content_under_a_number_on_record_is_refused(now: datetime) -> None:
    take([case_row(1)], now)
    done = take([case_row(1, points="5")], now)
    assert refusals(done) == {(2, "case_number")}
    assert Attribution.objects.get().lines.get().points == 4


def test_bad_rows_come_back_as_written_and_mended_they_go_in(now: datetime) -> None:
    rows = [case_row(1), case_row(2, reasoning="太短"), case_row(2, person_code="N150422000009"), case_row(3)]
    done = take(rows, now)
    assert (done.created, done.held_back) == (2, [4])
    back = list(csv.DictReader(io.StringIO(done.rejects.decode("utf-8-sig"))))
    assert [each["reasoning"] for each in back] == ["太短", REASONING]
    assert back[0]["reject_reason"].startswith("reasoning: ")
    back[0]["reasoning"] = REASONING
    again = take(back, now)
    assert (again.created, again.rejected, again.rejects.count(b"\n")) == (1, [], 1)
    assert CaseFile.objects.count() == 3


def test_chinese_headings_words_dates_and_encodings(now: datetime) -> None:
    chinese = {
        "案卷号": "试医保案〔2025〕77", "行政区划": "150422", "线索来源": "举报投诉", "机构编码": "h15042200901",
        "机构名称": "试验医院", "机构类型": "医院", "处理依据": "行政处罚", "文书号": "试医保罚〔2025〕77号",
        "作出机关": "试验区医疗保障局", "作出日期": "2025年6月1日", "适用条款": "38;40", "违规事实编号": "1",
        "行为": "over-charge", "违规事实": "超标准收费", "行为开始日期": "20250101", "行为结束日期": "2025/2/28",
        "人员编码": "", "姓名": "=宾某某", "人员类别": "护士", "条款": "B1", "责任程度": "一般", "记分": "4",
        "认定理由": REASONING,
    }  # fmt: skip
    chinese["姓名"] = "宾某某"
    done = case_tables.import_table(source=table([chinese], encoding="gb18030"), by=None, now=now)
    assert done.created == 1, done.rejected
    assert CaseFile.objects.get().basis.articles == [38, 40]
    assert Institution.objects.get(code="H15042200901").kind == "hospital"


def test_a_spreadsheet_is_taken_in_like_a_csv(now: datetime) -> None:
    book = openpyxl.Workbook()
    values: dict[str, Any] = case_row(5) | {"points": 4, "basis_decided_on": date(2025, 6, 1), "basis_articles": 38}
    book.active.append(list(values))
    book.active.append(list(values.values()))
    buffer = io.BytesIO()
    book.save(buffer)
    done = case_tables.import_table(source=buffer.getvalue(), by=None, now=now)
    assert (done.created, done.rejected) == (1, [])


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "case_number"),
        (table([row()]).replace(b"reasoning", b"reasonning"), "reasonning"),
        (table([row(案卷号="x")]), "案卷号"),
        (b"PK\x03\x04nonsense", "XLSX"),
    ],
)
def test_a_table_that_cannot_be_read_as_a_whole_is_refused(content: bytes, said: str, now: datetime) -> None:
    with pytest.raises(UnreadableRoster, match=said):
        case_tables.import_table(source=content, by=None, now=now)


def test_who_may_and_where(now: datetime) -> None:
    with pytest.raises(Forbidden):
        take([case_row(1)], now, by=officer("approver"))
    done = take([case_row(1), case_row(2, region="430104")], now, by=officer("inspector", region="15"))
    assert (done.created, refusals(done)) == (1, {(3, "region")})


def test_a_case_whose_writing_fails_leaves_nothing_and_stops_the_run_with_the_others_in(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = case_import.audit.record_event

    def fails(**facts: Any) -> Any:
        if facts["action"] == "case.imported" and "0002" in facts["detail"]["number"]:
            raise OSError("disk full")
        return real(**facts)

    monkeypatch.setattr(case_import.audit, "record_event", fails)
    with pytest.raises(OSError, match="disk full"):
        take([case_row(1), case_row(2)], now)
    assert list(CaseFile.objects.values_list("number", flat=True)) == ["试医保案〔2025〕0001"]
    monkeypatch.undo()
    assert (take([case_row(1), case_row(2)], now).counts["created"]) == 1
