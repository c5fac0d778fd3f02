"""Statement windows: their end is noted once, provisional ones are renewed and never shortened."""

from datetime import date, timedelta

import pytest

from cases.models import Attribution
from cases.services import attributions, deadlines
from cases.states import State
from institutions.clock import local_date
from institutions.errors import Forbidden
from institutions.models import AuditEvent, CalendarDay, Notice, NoticeKind
from institutions.services.working_calendar import load_calendar
from tests.cases.last_write import LastWriteError, fail_on
from tests.factories.attribution import procedure
from tests.factories.user import officer

pytestmark = pytest.mark.django_db


@pytest.fixture
def provisional(now):
    """Told before the calendar of 2025 was announced."""
    CalendarDay.objects.filter(on__year=2025).delete()
    walk = procedure(State.INTENT_SERVED, now=now)
    assert walk.attribution.deadline_provisional
    return walk


def holidays(*days: date) -> None:
    """Announce 2025 with these days off."""
    load_calendar()
    CalendarDay.objects.filter(on__in=days).update(is_working=False)


def test_a_window_that_ended_is_noted_once(now):
    walk = procedure(State.INTENT_SERVED, now=now).wait()
    assert attributions.watch_deadlines(now=walk.now)["windows_ended"] == 1
    assert attributions.watch_deadlines(now=walk.now)["windows_ended"] == 0
    assert AuditEvent.objects.filter(action="attribution.window_ended").count() == 1


def test_not_on_its_last_day(now):
    walk = procedure(State.INTENT_SERVED, now=now).wait()
    assert attributions.watch_deadlines(now=walk.now - timedelta(days=1))["windows_ended"] == 0


def test_the_announced_calendar_makes_a_deadline_later_and_the_person_is_told(provisional):
    before = provisional.attribution.statement_deadline_on
    holidays(date(2025, 6, 12))
    assert attributions.recompute_provisional_deadlines(by=None, now=provisional.now) == 1
    it = provisional.attribution
    it.refresh_from_db()
    assert (it.statement_deadline_on, it.deadline_provisional) == (before + timedelta(days=1), False)
    told = Notice.objects.filter(kind=NoticeKind.DEADLINE)
    assert [notice.payload["deadline_on"] for notice in told] == ["2025-06-18"] * 2
    assert {notice.recipient_key.partition(":")[0] for notice in told} == {"institution", "practitioner"}


def test_it_never_makes_one_earlier(provisional):
    """Saturday 14 June turns out to be worked: the computed day is earlier, the promised one stays."""
    load_calendar()
    CalendarDay.objects.filter(on=date(2025, 6, 14)).update(is_working=True)
    attributions.recompute_provisional_deadlines(by=None, now=provisional.now)
    it = provisional.attribution
    it.refresh_from_db()
    assert (it.statement_deadline_on, it.deadline_provisional) == (date(2025, 6, 17), False)
    assert not Notice.objects.filter(kind=NoticeKind.DEADLINE).exists()


def test_a_second_run_changes_nothing(provisional):
    load_calendar()
    assert attributions.watch_deadlines(now=provisional.now)["deadlines_renewed"] == 1
    assert attributions.watch_deadlines(now=provisional.now)["deadlines_renewed"] == 0


def test_while_the_calendar_is_not_announced_it_stays_provisional(provisional):
    assert attributions.recompute_provisional_deadlines(by=None, now=provisional.now) == 0


def test_a_decided_one_is_left_alone(provisional):
    provisional.wait().decide()
    load_calendar()
    assert attributions.recompute_provisional_deadlines(by=None, now=provisional.now) == 0


def test_one_that_moved_on_meanwhile_is_left_alone(provisional, now):
    """Between the list and the lock another officer may have acted."""
    stale = Attribution.objects.get()
    provisional.wait().decide()
    assert deadlines._note_end(stale, local_date(provisional.now), provisional.now) == 0
    assert deadlines._recompute(stale, None, provisional.now) == 0


def test_an_auditor_does_not_renew(provisional):
    with pytest.raises(Forbidden):
        attributions.recompute_provisional_deadlines(by=officer("auditor"), now=provisional.now)


def test_nothing_remains_when_the_last_write_fails(provisional, monkeypatch):
    holidays(date(2025, 6, 12))
    fail_on(monkeypatch, "cases.services.deadlines.attribution_notices.tell_new_deadline")
    with pytest.raises(LastWriteError):
        attributions.recompute_provisional_deadlines(by=None, now=provisional.now)
    provisional.attribution.refresh_from_db()
    assert provisional.attribution.deadline_provisional
