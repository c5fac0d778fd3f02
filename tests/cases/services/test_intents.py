"""Telling the person what is intended, and the window that opens."""

from datetime import UTC, date, datetime

import pytest

from cases.models import Attribution, Service
from cases.services import attributions
from cases.states import State
from institutions.errors import Forbidden, RuleRefused, WrongState
from institutions.models import CalendarDay, Notice, NoticeKind
from tests.cases.last_write import LastWriteError, fail_on
from tests.factories.attribution import officers, procedure
from tests.factories.case_file import CaseFileFactory

pytestmark = pytest.mark.django_db


def serve(walk, **changes):
    facts = {"served_on": date(2025, 6, 10), "method": "hr_handover", "proof": "签收回执", "by": walk.team.inspector}
    return attributions.serve_intent(attribution=walk.attribution, now=walk.now, **(facts | changes))


def test_opens_a_window_of_five_working_days(now):
    """Tuesday 10 June 2025: the fifth working day after is Tuesday 17 June."""
    it = serve(procedure(State.PROPOSED, now=now))
    assert (it.state, it.window, it.statement_deadline_on) == (State.INTENT_SERVED, 1, date(2025, 6, 17))
    assert not it.deadline_provisional


def test_the_window_follows_the_chinese_calendar_with_its_make_up_days():
    """From 26 September 2025: Sunday the 28th is worked, 1–8 October are not, so the fifth day is 10 October."""
    walk = procedure(State.PROPOSED, now=datetime(2025, 9, 26, 2, 0, tzinfo=UTC))
    it = serve(walk, served_on=date(2025, 9, 26))
    assert it.statement_deadline_on == date(2025, 10, 10)


def test_a_year_without_calendar_makes_it_provisional(now):
    CalendarDay.objects.filter(on__year=2025).delete()
    assert serve(procedure(State.PROPOSED, now=now)).deadline_provisional


def test_the_service_is_on_record_with_the_letter_that_nobody_had_made_out(now):
    walk = procedure(State.PROPOSED, now=now)
    it = serve(walk)
    service = Service.objects.get()
    assert (service.kind, service.window, service.on, service.proof) == ("intent", 1, date(2025, 6, 10), "签收回执")
    letter = Notice.objects.get(kind=NoticeKind.INTENT)
    assert service.letter is not None
    assert (letter.practitioner, service.letter.notice) == (it.practitioner, letter)
    assert Notice.objects.get(kind=NoticeKind.HANDOVER).institution == it.case.institution
    assert letter.payload["deadline_on"] == it.statement_deadline_on.isoformat() == "2025-06-17"
    assert (letter.payload["points"], letter.payload["effect"]) == (10, "suspended")
    assert letter.payload["evidence"] == ["报告比对表"]
    assert walk.team.inspector.username not in str(letter.payload)


def test_where_the_institution_is_gone_the_letter_goes_to_the_person(now):
    """Design §6."""
    case = CaseFileFactory(institution__closed_on=date(2025, 5, 31))
    walk = procedure(State.PROPOSED, now=now, case=case)
    with pytest.raises(RuleRefused) as refused:
        serve(walk)
    assert refused.value.rule == "design: direct service where the institution is gone"
    it = serve(walk, method="post", proof="EMS 1")
    assert Notice.objects.get(kind=NoticeKind.INTENT).practitioner == it.practitioner


@pytest.mark.parametrize("day", [date(2025, 6, 11), date(2025, 6, 9)])
def test_a_day_in_the_future_or_before_the_proposal_is_refused(now, day):
    with pytest.raises(RuleRefused):
        serve(procedure(State.PROPOSED, now=now), served_on=day)


@pytest.mark.parametrize("changes", [{"proof": "  "}, {"method": "pigeon"}])
def test_proof_and_method_are_required(now, changes):
    with pytest.raises(RuleRefused):
        serve(procedure(State.PROPOSED, now=now), **changes)


def test_a_draft_is_not_served(now):
    with pytest.raises(WrongState):
        serve(procedure(State.DRAFT, now=now))


def test_an_approver_does_not_serve(now):
    walk = procedure(State.PROPOSED, now=now)
    with pytest.raises(Forbidden):
        serve(walk, by=officers().approver)


def test_nothing_remains_when_the_last_write_fails(now, monkeypatch):
    walk = procedure(State.PROPOSED, now=now)
    fail_on(monkeypatch, "cases.services.intents.audit.record_event")
    with pytest.raises(LastWriteError):
        serve(walk)
    kept = Attribution.objects.get()
    assert (kept.state, kept.window, kept.statement_deadline_on) == (State.PROPOSED, 0, None)
    assert not Service.objects.exists()
