"""Rosters for tests: headings, rows, and the imports of them."""

import io
from collections.abc import Sequence

import openpyxl

from institutions.services import roster

HEADINGS = (
    "fixmedins_code,fixmedins_name,fixmedins_type,admdvs,prac_psn_code,prac_psn_name,category,"
    "dept_name,position,specialty,certno,begndate,enddate,commitment_on"
)
JIREN = "H15042200001,巴林左旗济仁中医医院,hospital,150422"
TOWN = "H15042200002,某镇中心卫生院,hospital,150422"
ONE, TWO = "11010119900101123X", "110101199001011248"


def row(place=JIREN, code="D150422000001", name="耿晓敏", category="physician", certno="", begins="2022-03-01", ends="",
        department="中医科", position="主治医师"):  # fmt: skip
    return f"{place},{code},{name},{category},{department},{position},,{certno},{begins},{ends},2025-01-01"


def source(*rows: str) -> bytes:
    return "\n".join([HEADINGS, *rows]).encode()


def load(now, *rows: str, by=None, **options):
    return roster.import_roster(source=source(*rows), by=by, now=now, **options)


def reasons(report) -> list[tuple[int, str]]:
    return [(error.row, error.column) for error in report.rejected]


def spreadsheet(*rows: Sequence[object]) -> bytes:
    book = openpyxl.Workbook()
    for cells in rows:
        book.active.append(cells)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
