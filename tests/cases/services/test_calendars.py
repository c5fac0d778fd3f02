"""An announced calendar: loaded all or none, with errors by row; provisional deadlines follow, never earlier."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from cases.services import calendars
from cases.states import State
from institutions.errors import Forbidden
from institutions.models import AuditEvent, CalendarDay, Notice, NoticeKind
from institutions.selectors import calendar
from institutions.services import working_calendar
from institutions.services.calendar_upload import CalendarRefused
from tests.cases.last_write import LastWriteError, fail_on
from tests.factories.attribution import procedure
from tests.factories.user import officer

pytestmark = pytest.mark.django_db

HEADING = "date,is_working,source\n"
NOTICE = "国办发明电〔2026〕7号"


def a_file(*days: tuple[str, bool]) -> bytes:
    return (HEADING + "".join(f"{day},{str(worked).lower()},{NOTICE}\n" for day, worked in days)).encode()


YEAR_2027 = a_file(("2027-01-01", False), ("2027-10-01", False), ("2027-10-09", True))


def load(data: bytes, now, by=None):
    return calendars.load_calendar(data=data, by=by, now=now)


def test_a_year_becomes_announced_with_all_its_days(now):
    assert not CalendarDay.objects.filter(on__year=2027).exists()
    loaded = load(YEAR_2027, now)
    assert (loaded.changed, loaded.announced) == (365, (2027,))
    assert CalendarDay.objects.get(on=date(2027, 10, 9)).is_working  # a Saturday that is made up
    assert not CalendarDay.objects.get(on=date(2027, 10, 1)).is_working
    assert CalendarDay.objects.get(on=date(2027, 3, 1)).is_working
    assert not CalendarDay.objects.get(on=date(2027, 3, 6)).is_working
    assert not calendar.deadline(date(2027, 3, 1), 5).provisional
    event = AuditEvent.objects.get(action="calendar.loaded")
    assert event.detail == {"days": 365, "announced": [2027], "sources": [NOTICE]}


def test_the_same_file_again_changes_nothing(now):
    load(YEAR_2027, now)
    assert load(YEAR_2027, now) == calendars.CalendarLoaded(0, (), 0)
    assert AuditEvent.objects.filter(action="calendar.loaded").count() == 1


def test_one_day_of_an_announced_year_is_corrected_and_stays_when_the_shipped_calendar_is_loaded_again(now):
    assert load(a_file(("2025-06-12", False)), now).changed == 1
    working_calendar.load_calendar()
    day = CalendarDay.objects.get(on=date(2025, 6, 12))
    assert (day.is_working, day.source) == (False, NOTICE)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_files_as_offices_save_them_are_read(now, encoding):
    data = (HEADING + f"2025-06-12,否,{NOTICE}\r\n").encode(encoding)
    load(data, now)
    assert CalendarDay.objects.get(on=date(2025, 6, 12)).source == NOTICE


def test_every_bad_row_is_named_and_nothing_is_loaded(now):
    data = (
        HEADING
        + f"2025-06-12,false,{NOTICE}\n2025-13-01,false,{NOTICE}\n2025-06-13,perhaps,{NOTICE}\n"
        + f"2025-06-16,true,\n2025-06-12,true,{NOTICE}\n"
    ).encode()
    with pytest.raises(CalendarRefused) as refused:
        load(data, now)
    found = [(e["row"], e["field"], e["value"], e["code"]) for e in refused.value.errors]
    assert found == [
        (3, "date", "2025-13-01", "not-a-date"),
        (4, "is_working", "perhaps", "not-yes-or-no"),
        (5, "source", "", "no-source"),
        (6, "date", "2025-06-12", "twice"),
    ]
    assert CalendarDay.objects.get(on=date(2025, 6, 12)).is_working


def test_half_an_announcement_is_not_taken_for_a_whole_one(now):
    with pytest.raises(CalendarRefused) as refused:
        load(a_file(("2027-01-01", False)), now)
    assert [e["code"] for e in refused.value.errors] == ["national-day-missing"]
    assert not CalendarDay.objects.filter(on__year=2027).exists()


@pytest.mark.parametrize("data", [b"", b"day,working\n2025-06-12,true\n", HEADING.encode()])
def test_a_file_that_is_no_calendar_is_refused(now, data):
    with pytest.raises(CalendarRefused):
        load(data, now)


def test_a_file_without_end_is_refused(now, monkeypatch):
    monkeypatch.setattr("institutions.calendar_file.ROWS_MAX", 1)
    with pytest.raises(CalendarRefused) as refused:
        load(YEAR_2027, now)
    assert refused.value.errors[0]["code"] == "too-many-rows"


@pytest.mark.parametrize("region", ["15", "1504"])
def test_an_administrator_of_a_region_does_not_change_the_national_calendar(now, region):
    with pytest.raises(Forbidden):
        load(YEAR_2027, now, by=officer("administrator", region=region))


def test_an_inspector_does_not_either(now):
    with pytest.raises(Forbidden):
        load(YEAR_2027, now, by=officer("inspector", region=""))


def test_an_administrator_of_the_country_loads_it_in_their_name(now):
    by = officer("administrator", region="")
    load(YEAR_2027, now, by=by)
    assert AuditEvent.objects.get(action="calendar.loaded").by == by


def test_when_the_last_write_fails_nothing_remains(now, monkeypatch):
    fail_on(monkeypatch, "institutions.services.calendar_upload.audit.record_event")
    with pytest.raises(LastWriteError):
        load(YEAR_2027, now)
    assert not CalendarDay.objects.filter(on__year=2027).exists()


@pytest.fixture
def provisional(now):
    """Told before the calendar of 2025 was announced."""
    CalendarDay.objects.filter(on__year=2025).delete()
    return procedure(State.INTENT_SERVED, now=now)


def test_a_deadline_that_waited_for_the_year_gets_later_and_the_person_is_told(provisional):
    before = provisional.attribution.statement_deadline_on
    loaded = load(a_file(("2025-06-12", False), ("2025-10-01", False)), provisional.now)
    assert loaded.deadlines_renewed == 1
    it = provisional.attribution
    it.refresh_from_db()
    assert (it.statement_deadline_on, it.deadline_provisional) == (before + timedelta(days=1), False)
    assert Notice.objects.filter(kind=NoticeKind.DEADLINE).exists()


def test_it_never_gets_earlier(provisional):
    before = provisional.attribution.statement_deadline_on
    load(a_file(("2025-06-14", True), ("2025-06-15", True), ("2025-10-01", False)), provisional.now)
    it = provisional.attribution
    it.refresh_from_db()
    assert (it.statement_deadline_on, it.deadline_provisional) == (before, False)


def test_the_command_says_what_changed_and_names_bad_rows(tmp_path: Path, capsys):
    good, bad = tmp_path / "2027.csv", tmp_path / "bad.csv"
    good.write_bytes(YEAR_2027)
    bad.write_bytes((HEADING + f"2027-02-30,true,{NOTICE}\n").encode())
    call_command("load_calendar", str(good))
    assert "Days changed: 365; years announced: 2027; deadlines renewed: 0" in capsys.readouterr().out
    with pytest.raises(CommandError):
        call_command("load_calendar", str(bad))
    assert "row 2, date, '2027-02-30'" in capsys.readouterr().out
    for arguments in (["/no/such/file.csv"], [str(good), "--by", "nobody"]):
        with pytest.raises(CommandError):
            call_command("load_calendar", *arguments)
