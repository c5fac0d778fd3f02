"""An institution's own list of staff: headings or none, every usual format, and what cannot be read."""

import io

import openpyxl
import pytest

from institutions.roster import staff_list
from institutions.roster.reading import UnreadableRoster
from institutions.roster.safe_csv import write_csv
from institutions.roster.staff_list import ListedPerson, read_staff_list

EXPECTED = [ListedPerson(2, "D150422000001", "耿晓敏"), ListedPerson(3, "D150422000002", "")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_codes_and_names_are_read_by_the_headings_of_a_roster(encoding: str) -> None:
    text = "科室,执业人员姓名,执业人员代码\n内科,耿晓敏,d150422 000001\n,,D150422000002\n"
    assert read_staff_list(text.encode(encoding)) == EXPECTED


def test_our_own_headings_and_those_of_the_national_platform_are_understood() -> None:
    for heading in ("code,name", "prac_psn_code,prac_psn_name"):
        text = f"{heading}\nD150422000001,耿晓敏\nD150422000002,\n"
        assert read_staff_list(text.encode()) == EXPECTED


def test_a_list_without_headings_is_codes_and_names() -> None:
    assert read_staff_list("Ｄ150422000001,耿晓敏\nD150422000002\n".encode()) == [
        ListedPerson(1, "D150422000001", "耿晓敏"),
        ListedPerson(2, "D150422000002", ""),
    ]


def test_a_spreadsheet_is_read_and_blank_rows_keep_their_number() -> None:
    book = openpyxl.Workbook()
    for row in (["姓名", "人员编码"], ["耿晓敏", "D150422000001"], [None, None], [None, "D150422000002"]):
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    assert read_staff_list(buffer.getvalue()) == [EXPECTED[0], ListedPerson(4, "D150422000002", "")]


def test_a_row_without_a_code_is_kept_for_the_report() -> None:
    assert read_staff_list("code,name\n,耿晓敏\n".encode()) == [ListedPerson(2, "", "耿晓敏")]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("姓名\n耿晓敏\n".encode(), "code"),
        (b"", "code"),
        (b"PK\x03\x04nonsense", "XLSX"),
        (b"code,name\n\xff\xfe\x00", "GB18030"),
        (b"x" * (staff_list.SIZE_MAX + 1), "5 MB"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_reason(content: bytes, said: str) -> None:
    with pytest.raises(UnreadableRoster, match=said):
        read_staff_list(content)


def test_more_people_than_any_institution_has_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staff_list, "PEOPLE_MAX", 2)
    with pytest.raises(UnreadableRoster, match="2"):
        read_staff_list(b"code\nD150422000001\nD150422000002\nD150422000003\n")


def test_a_table_for_spreadsheets_runs_no_formula_and_reads_back_as_written() -> None:
    table = write_csv(["code", "name"], [("D150422000001", "=HYPERLINK(1)"), ("D150422000002", None)])
    assert table.startswith(b"\xef\xbb\xbf")
    assert "'=HYPERLINK(1)" in table.decode()
    assert read_staff_list(table) == [
        ListedPerson(2, "D150422000001", "=HYPERLINK(1)"),
        ListedPerson(3, "D150422000002", ""),
    ]
