"""A roster that the database compares by itself: the same comes of it as of one that is read cell by cell."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from institutions.models import Institution, Practitioner, PractitionerCode, Registration
from institutions.roster.report import ImportReport
from institutions.services import roster, roster_plain
from institutions.services.roster import FullRoster
from tests.institutions.services.roster_files import HEADINGS, JIREN, ONE, TOWN, load, row, source

pytestmark = pytest.mark.django_db

RENAMED = JIREN.replace("济仁", "济世")
OTHER = "H15042200003,某镇诊所,clinic,150422"
BASE = (
    row(),
    row(place=TOWN, code="D150422000002", name="张伟"),
    row(code="N150422000003", name="李娜", category="nurse", ends="2024-12-31"),
    row(code="N150422000003", name="李娜", category="nurse", begins="2025-02-01"),
    row(place=OTHER, code="D150422000004", name="王芳", department="", position=""),
)
UNUSUAL = BASE[0].replace("physician", "医师").replace("2022-03-01", "20220301")
SECOND_MONTHS: dict[str, tuple[str, ...]] = {
    "the same": BASE,
    "other words for the same": (UNUSUAL, *BASE[1:]),
    "chinese words": (BASE[0].replace("physician", "医师").replace("hospital", "医院"), *BASE[1:]),
    "the last day of time": (row(ends="9999-12-31"), BASE[1].replace(",,2025-01-01", ",2099-12-31,2025-01-01")),
    "one changed, one new, one gone": (row(department="外科"), *BASE[2:], row(code="D150422000009", name="赵敏")),
    "silent on something": (row(department="", position=""), *BASE[1:]),
    "silent on the place": (row(place="H15042200001,,,"), *BASE[1:]),
    "a row twice": (*BASE, BASE[1]),
    "two words about a person": (*BASE, row(place=TOWN, name="耿小敏")),
    "two words about a place": (*BASE, row(place=RENAMED, code="D150422000010", begins="2026-01-01")),
    "a place renamed by an earlier row": (row(place=RENAMED, begins="2020-01-01", ends="2020-12-31"), *BASE),
    "an overlap": (*BASE, row(begins="2023-01-01")),
    "a spell ends and the next begins": (row(ends="2024-12-31"), row(begins="2025-01-01"), *BASE[1:]),
    "wrong rows": (*BASE, row(code="D9", begins="2025-02-30"), row(code="", name="无名"), "x,y"),
    "blank lines": (BASE[0], "", ",,,,,,,,,,,,,", *BASE[1:]),
    "a second person's identity number": (*BASE, row(code="D150422000011", name="钱进", certno=ONE)),
    "quotes": (BASE[0].replace("中医科", '"中医,科"'), *BASE[1:]),
    "an escaped cell": (BASE[0].replace("中医科", "'=1+1"), *BASE[1:]),
}  # fmt: skip


def state() -> dict[str, list[tuple[Any, ...]]]:
    """What is on record, but for keys that are drawn anew."""
    return {
        "places": sorted(Institution.objects.values_list("code", "name", "kind", "region_id")),
        "people": sorted(Practitioner.objects.values_list("name", "category", "pinyin", "initials")),
        "codes": sorted(PractitionerCode.objects.values_list("code", "practitioner__name", "primary", "source")),
        "spells": sorted(
            tuple(str(one) for one in spell)
            for spell in Registration.objects.values_list(
                "practitioner__name", "institution__code", "starts_on", "ends_on", "department", "position", "specialty"
            )
        ),
    }


def outcome(import_it: Callable[[], ImportReport]) -> tuple[Any, ...]:
    """Import, say what came of it, and take it back."""
    with transaction.atomic():
        report = import_it()
        found = (
            report.counts,
            [(error.row, error.column, error.value, error.reason) for error in report.rejected],
            [(rejected.row, dict(rejected.cells), rejected.reasons) for rejected in report.rejected_rows],
            sorted((missing.slug, missing.is_sure) for missing in report.missing),
            state(),
        )
        transaction.set_rollback(True)
    return found


@pytest.mark.parametrize("second", SECOND_MONTHS.values(), ids=SECOND_MONTHS)
@pytest.mark.parametrize("full", [None, FullRoster()], ids=["in part", "in full"])
def test_the_same_comes_of_it_either_way(now, monkeypatch, second, full):
    load(now, *BASE)

    def import_it() -> ImportReport:
        return roster.import_roster(source=source(*second), by=None, now=now, full=full)

    by_the_database = outcome(import_it)
    monkeypatch.setattr(roster_plain, "SHARE_MIN", float("inf"))
    assert outcome(import_it) == by_the_database


def taken_in(now, data: bytes, monkeypatch) -> list[bool]:
    """Whether the database read the file itself."""
    found = []
    take_in = roster_plain.take_in

    def spy(*args: Any) -> roster_plain.PlainFile | None:
        plain = take_in(*args)
        found.append(plain is not None)
        return plain

    monkeypatch.setattr(roster, "take_in", spy)
    roster.import_roster(source=data, by=None, now=now)
    return found


class TestWhichFiles:
    def test_a_plain_file_beside_what_is_on_record(self, now, monkeypatch):
        load(now, *BASE)
        assert taken_in(now, source(*BASE), monkeypatch) == [True]

    def test_not_the_first(self, now, monkeypatch):
        assert taken_in(now, source(*BASE), monkeypatch) == [False]

    def test_gb18030(self, now, monkeypatch):
        load(now, *BASE)
        assert taken_in(now, source(*BASE).decode().encode("gb18030"), monkeypatch) == [True]

    @pytest.mark.parametrize("second", ["quotes", "blank lines", "wrong rows", "a second person's identity number"])
    def test_not_what_is_not_plain(self, now, monkeypatch, second):
        load(now, *BASE)
        assert taken_in(now, source(*SECOND_MONTHS[second]), monkeypatch) == [False]

    def test_not_one_without_codes(self, now, monkeypatch):
        load(now, *BASE)
        headings = HEADINGS.replace("prac_psn_code", "foo")
        data = f"{headings}\n{row(certno=ONE)}\n".encode()
        assert taken_in(now, data, monkeypatch) == [False]

    def test_not_a_short_one_beside_many(self, now, monkeypatch):
        load(now, *BASE)
        monkeypatch.setattr(roster_plain, "SHARE_MIN", 10.0)
        assert taken_in(now, source(*BASE), monkeypatch) == [False]
