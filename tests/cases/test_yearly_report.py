"""The yearly report agrees with a hand count, names nobody, hides small cells, and lets go of what was set aside."""

import csv
import io
import zipfile
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from cases.selectors.yearly_report import _band, _hidden, reasons, yearly_report
from cases.views.yearly_report_files import report_files
from institutions import clock
from scoring.services import ledger
from tests.factories.award import at_noon, line, post_award, registered
from tests.factories.user import officer

pytestmark = pytest.mark.django_db

JUNE = date(2025, 6, 10)


@pytest.fixture
def scored():
    """Four physicians with 10 points each under D1, one nurse with 3 under B1; one physician's fell afterwards."""
    clock.move_to(at_noon(date(2025, 12, 1)))
    people = [registered(name=f"欧阳晓{sign}", category="physician") for sign in "甲乙丙丁"]
    entries = [post_award(person, 10, JUNE) for person in people]
    nurse = registered(name="司马文静", category="nurse")
    post_award(nurse, 3, JUNE, lines=[line(3, clause="B1")])
    ledger.reverse_award(entry=entries[3], reason="复核后撤销。", by=None, now=at_noon(date(2025, 7, 1)))
    return people, nurse


def test_the_report_agrees_with_a_hand_count(scored):
    report = yearly_report(2025, [""])
    assert (report.decisions, report.people, report.points) == (4, 4, 33)
    assert (report.suspensions, report.terminations) == (3, 0)
    told = {table.key: {bar.label: (bar.people, bar.points) for bar in table.bars} for table in report.tables}
    assert told["region"] == {"内蒙古自治区": (4, 33)}
    assert set(told["clause"].values()) == {(None, None)}


@pytest.mark.parametrize(
    ("counts", "hidden"),
    [
        ({"a": 3, "b": 9}, set()),
        ({"a": 2, "b": 9, "c": 4}, {"a", "c"}),
        ({"a": 2, "b": 1, "c": 4}, {"a", "b"}),
        ({"a": 2}, {"a"}),
    ],
)
def test_a_small_cell_is_hidden_with_another_from_which_it_could_be_subtracted(counts, hidden):
    assert _hidden(counts) == hidden


def test_another_year_and_another_region_have_nothing(scored):
    assert yearly_report(2024, [""]).decisions == 0
    assert yearly_report(2025, ["99"]).people == 0
    assert yearly_report(2025, []).people == 0


def test_no_file_names_anybody(scored):
    people, nurse = scored
    text = b"".join(report_files(2025, [""], now=clock.now()).values()).decode("utf-8")
    for person in (*people, nurse):
        assert person.name not in text
        assert person.slug not in text
    assert "复核后撤销" not in text


def test_reasons_are_one_row_for_each_line_and_small_places_are_left_out(scored):
    rows = list(reasons(2025, [""]))
    assert len(rows) == 4
    nurse = next(row for row in rows if row[3] == "nurse")
    assert nurse[1] == ""
    assert nurse[4:7] == ("B1", "principal", "3")
    assert {row[0] for row in rows} == {"2025Q2"}


def test_the_same_ledger_gives_the_same_bytes(scored):
    now = clock.now()
    assert report_files(2025, [""], now=now) == report_files(2025, [""], now=now)


@pytest.mark.parametrize(
    ("amount", "band"),
    [(None, ""), ("0", "0-1000"), ("999.99", "0-1000"), ("1000", "1000-10000"), ("2000000", "1000000+")],
)
def test_amounts_are_told_as_bands(amount, band):
    assert _band(amount) == band


def test_one_command_writes_the_files(scored, tmp_path, capsys):
    call_command("yearly_report", "2025", out=tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "category-2025.csv", "clause-2025.csv", "degree-2025.csv", "kind-2025.csv", "reasons-2025.csv",
        "region-2025.csv", "report-2025.en.html", "report-2025.zh-hans.html",
    ]  # fmt: skip
    with (tmp_path / "category-2025.csv").open(encoding="utf-8-sig", newline="") as file:
        assert next(csv.reader(file)) == ["category", "people", "points"]
    assert "Report of the year 2025" in (tmp_path / "report-2025.en.html").read_text(encoding="utf-8")
    with pytest.raises(CommandError):
        call_command("yearly_report", "2025", region="1x")


def test_one_button_hands_it_out(scored):
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(officer("auditor"))
    page = "/admin/cases/typicalcase/yearly-report/"
    assert "Make the report" in client.get(page).content.decode()
    answer = client.get(page, {"year": "2025"})
    names = zipfile.ZipFile(io.BytesIO(answer.content)).namelist()
    assert "report-2025.zh-hans.html" in names
    assert client.get(page, {"year": "1999"}).status_code == 422
