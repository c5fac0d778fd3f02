"""From bytes to cells and to rows that are valid in themselves."""

import csv
import io
from datetime import date

import pytest
from django.utils import translation

from institutions.roster.checking import check_row
from institutions.roster.columns import Column, column_for
from institutions.roster.reading import UnreadableRoster, read_sheet, unescape
from institutions.roster.rejects import write_rejects
from institutions.roster.report import ImportReport, RowError

HEADINGS = "fixmedins_code,prac_psn_code,prac_psn_name,category,begndate,enddate,certno"
GOOD = "H15042200001,D150422000001,耿某敏,physician,2022-03-01,,"


def sheet_of(*lines: str, headings: str = HEADINGS, encoding: str = "utf-8"):
    return read_sheet("\r\n".join([headings, *lines]).encode(encoding))


def check(line: str, headings: str = HEADINGS):
    sheet = sheet_of(line, headings=headings)
    return check_row(sheet, next(iter(sheet.rows)), lambda number: f"digest of {number}")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk"])
def test_a_roster_is_read_in_either_encoding(encoding):
    (row,) = sheet_of(GOOD, encoding=encoding).rows
    assert row.values[Column.NAME] == "耿某敏"
    assert row.number == 2


@pytest.mark.parametrize(
    ("heading", "column"),
    [
        ("fixmedins_code", Column.INSTITUTION_CODE),
        (" Institution_Code ", Column.INSTITUTION_CODE),
        ("定点医药机构编码", Column.INSTITUTION_CODE),
        ("prac_psn_name", Column.NAME),
        ("姓名", Column.NAME),
        ("begndate", Column.STARTS_ON),
        ("patient_name", None),
    ],
)
def test_headings_are_ours_the_platforms_or_chinese(heading, column):
    assert column_for(heading) == column


def test_columns_that_rosters_do_not_have_are_left_aside_and_named():
    sheet = sheet_of(GOOD + ",x", headings=HEADINGS + ",foo")
    assert sheet.ignored == ["foo"]


def test_blank_lines_are_passed_over_and_rows_keep_the_number_a_spreadsheet_shows():
    assert [row.number for row in sheet_of(GOOD, "", ",,,,,,", GOOD).rows] == [2, 5]


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        (b"PK\x03\x04whatever", "spreadsheet"),
        (b"\xff\xfe\xff\xff\x80", "neither"),
        (b"", "missing"),
        (b"fixmedins_code,prac_psn_name\nH1,x", "missing"),
        (b"fixmedins_code,institution_code,prac_psn_code,prac_psn_name,category,begndate\n", "same"),
    ],
)
def test_a_file_that_cannot_be_read_as_a_whole_is_refused(source, reason):

    with translation.override("en"), pytest.raises(UnreadableRoster, match=reason):
        read_sheet(source)


def test_a_broken_csv_is_refused():
    sheet = read_sheet((HEADINGS + "\n" + '"' + "x" * 200_000 + '",,,,,,').encode())
    with pytest.raises(UnreadableRoster):
        list(sheet.rows)


def test_a_row_without_a_code_needs_an_identity_number():
    row, errors = check("H15042200001,,张三,physician,2022-03-01,,")
    assert row is None
    assert [error.column for error in errors] == ["prac_psn_code"]
    row, errors = check("H15042200001,,张三,physician,2022-03-01,,11010119900101123x")
    assert row is not None
    assert row.id_number_digest == "digest of 11010119900101123X"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2025-03-01", date(2025, 3, 1)),
        ("2025/3/1", date(2025, 3, 1)),
        ("20250301", date(2025, 3, 1)),
        ("2025年3月1日", date(2025, 3, 1)),
        ("2025-03-01 00:00:00", date(2025, 3, 1)),
        ("２０２５-０３-０１", date(2025, 3, 1)),
    ],
)
def test_dates_are_read_as_people_and_platforms_write_them(text, day):
    row, errors = check(f"H15042200001,D1,张三,physician,{text},,")
    assert errors == []
    assert row is not None
    assert row.starts_on == day


@pytest.mark.parametrize("text", ["2025-02-30", "1/3/2025", "soon", "2025-3", "2025111"])
def test_what_is_no_date_is_refused_with_its_place(text):
    row, errors = check(f"H15042200001,D1,张三,physician,{text},,")
    assert row is None
    assert [(error.row, error.column, error.value) for error in errors] == [(2, "begndate", text)]


@pytest.mark.parametrize("text", ["9999-12-31", "2099-12-31", ""])
def test_the_platforms_last_day_of_time_means_still_running(text):
    row, _ = check(f"H15042200001,D1,张三,physician,2022-03-01,{text},")
    assert row is not None
    assert row.ends_on is None
    assert row.says_end


@pytest.mark.parametrize(
    ("line", "column"),
    [
        (",D1,张三,physician,2022-03-01,,", "fixmedins_code"),
        ("H1,D1,,physician,2022-03-01,,", "prac_psn_name"),
        ("H1,D1,张三,patient,2022-03-01,,", "category"),
        ("H1,D1,张三,,2022-03-01,,", "category"),
        ("H1,D1,张三,physician,,,", "begndate"),
        ("H1,D1,张三,physician,2022-03-01,2022-02-28,", "enddate"),
        (f"H1,D1,{'长' * 101},physician,2022-03-01,,", "prac_psn_name"),
        ("H1,D1,张\x00三,physician,2022-03-01,,", "prac_psn_name"),
    ],
)
def test_every_fault_names_its_column(line, column):
    row, errors = check(line)
    assert row is None
    assert column in {error.column for error in errors}


def test_all_faults_of_a_row_are_told_at_once():
    _, errors = check("H1,,,patient,never,,")
    assert {error.column for error in errors} == {"prac_psn_code", "prac_psn_name", "category", "begndate"}


def test_identity_numbers_are_not_repeated_in_the_report():
    sheet = sheet_of("H1,D1,张三,physician,2022-03-01,," + "1" * 1001)
    _, errors = check_row(sheet, next(iter(sheet.rows)), str)
    (error,) = errors
    assert error.value.endswith("*1111")
    assert error.value.count("1") == 4


def test_rejected_rows_come_back_as_written_with_the_reason_and_safe_for_spreadsheets():
    sheet = sheet_of("H1,D1,=HYPERLINK(1),patient,2022-03-01,,")
    raw = next(iter(sheet.rows))
    report = ImportReport(headings=sheet.headings)
    report.refuse(raw.number, raw.cells, [RowError(2, "category", "patient", "不认识")])
    written = write_rejects(report)
    assert written.startswith(b"\xef\xbb\xbf")
    (headings, cells) = csv.reader(io.StringIO(written.decode("utf-8-sig")))
    assert headings == [*sheet.headings, "reject_reason"]
    assert cells[2] == "'=HYPERLINK(1)"
    assert cells[-1] == "不认识"
    (again,) = read_sheet(written).rows
    assert again.values[Column.NAME] == "=HYPERLINK(1)"


@pytest.mark.parametrize(("cell", "plain"), [("'=1", "=1"), ("'abc", "'abc"), (" x ", "x"), ("'+86", "+86")])
def test_only_the_apostrophe_before_a_formula_is_taken_off(cell, plain):
    assert unescape(cell) == plain
