"""F51, F52, F57, F59, F60: filing an appeal, in time and late; answering, withdrawing, the second level."""

from datetime import date, timedelta
from typing import Any

import pytest

from cases.errors import AppealNotPossible, LateWithoutReason, OfficerInvolved
from cases.models import Appeal, AppealMessage, Attribution, SubmittedFile
from cases.selectors.appeals import (
    Eligible,
    Ineligible,
    Late,
    appeal_deadline,
    appeal_eligibility,
    elevation_eligibility,
    track,
)
from cases.services import appeals, attributions, evidence
from cases.services.evidence import EvidenceRefused
from cases.states import State as DecisionState
from cases.states.appeal import State
from institutions.clock import local_date, start_of
from institutions.errors import Forbidden, RuleRefused
from institutions.models import AuditEvent, Notice, NoticeKind
from institutions.selectors import calendar
from scoring.models import AccountEvent, PointsEntry
from scoring.selectors.scorecards import public_scorecard
from tests.cases.last_write import LastWriteError, fail_on
from tests.factories.appeal import GROUNDS, PDF, hearing, sent
from tests.factories.attribution import days_later, procedure
from tests.factories.case_file import CaseFileFactory
from tests.factories.institution import InstitutionFactory
from tests.factories.user import officer

pytestmark = pytest.mark.django_db


def decided(now, **draft):
    return procedure(DecisionState.EFFECTIVE, now=now, **draft)


def file(walk, now=None, **kwargs):
    given = {"grounds": GROUNDS, "by": None, **kwargs}
    return appeals.file_appeal(attribution=walk.attribution, now=now or walk.now, **given)


class TestFiling:
    def test_an_appeal_has_a_receipt_number_and_a_day_by_which_it_is_decided(self, now):
        walk = decided(now)
        appeal = file(walk)
        assert appeal.receipt.startswith("YY2025-")
        assert (appeal.state, appeal.level, appeal.filed_on) == (State.FILED, 1, local_date(walk.now))
        assert appeal.decision_due_on == calendar.deadline(appeal.filed_on, 20).on
        assert appeal.silence_until_on == calendar.deadline(appeal.filed_on, 30).on
        assert (appeal.is_late, appeal.stays, appeal.filed_by) == (False, False, None)
        assert appeal.deadline_on == appeal_deadline(walk.attribution).on

    def test_a_second_submission_returns_the_receipt_of_the_first(self, now):
        walk = decided(now)
        first = file(walk)
        again = file(walk, days_later(walk.now, 3), grounds="又想起一件事。", files=[sent()])
        assert again.receipt == first.receipt
        assert Appeal.objects.get().grounds == GROUNDS
        assert not SubmittedFile.objects.exists()
        assert AuditEvent.objects.filter(action="appeal.filed").count() == 1

    def test_files_are_kept_with_their_hash_and_the_same_bytes_once(self, now):
        appeal = file(decided(now), files=[sent(), sent("copy.pdf"), sent("note.txt", "当日在岗。".encode())])
        kept = {piece.file_name: piece for piece in appeal.files.all()}
        assert sorted(kept) == ["attendance.pdf", "note.txt"]
        assert evidence.read(kept["attendance.pdf"]) == PDF
        assert kept["attendance.pdf"].content_type == "application/pdf"

    @pytest.mark.parametrize(("name", "content"), [("a.pdf", b"not a pdf"), ("run.exe", b"MZ"), ("empty.txt", b"")])
    def test_a_file_that_may_not_be_kept_refuses_the_whole_appeal(self, now, name, content):
        walk = decided(now)
        with pytest.raises(EvidenceRefused):
            file(walk, files=[sent(), sent(name, content)])
        assert not Appeal.objects.exists()
        assert not SubmittedFile.objects.exists()

    def test_more_files_than_the_limit_are_refused(self, now):
        with pytest.raises(RuleRefused, match="10"):
            file(decided(now), files=[sent(f"{n}.txt", str(n).encode()) for n in range(11)])

    def test_grounds_are_required(self, now):
        with pytest.raises(RuleRefused):
            file(decided(now), grounds="  \n")
        assert not Appeal.objects.exists()

    def test_the_person_is_told_and_the_institution_does_not_read_their_words(self, now):
        walk = decided(now)
        appeal = file(walk)
        told = Notice.objects.get(kind=NoticeKind.APPEAL, practitioner=walk.attribution.practitioner)
        assert told.payload["receipt"] == appeal.receipt
        assert told.payload["step"] == "filed"
        assert told.payload["decision_due_on"] == appeal.decision_due_on.isoformat()
        assert told.payload["stays"] is False
        at_work = Notice.objects.get(kind=NoticeKind.APPEAL, institution=walk.attribution.case.institution)
        assert at_work.payload["receipt"] == appeal.receipt
        for notice in (told, at_work):
            assert GROUNDS not in str(notice.payload)
        assert "why" not in at_work.payload

    def test_where_the_institution_has_closed_only_the_person_is_told(self, now):
        gone = InstitutionFactory(closed_on=date(2025, 6, 1))
        walk = procedure(DecisionState.PROPOSED, now=now, case=CaseFileFactory(institution=gone))
        serve: dict[str, Any] = {"method": "post", "proof": "EMS 1", "by": walk.team.inspector}
        attributions.serve_intent(attribution=walk.attribution, served_on=local_date(now), now=now, **serve)
        walk.attribution = Attribution.objects.get(pk=walk.attribution.pk)
        walk.wait().decide()
        on = local_date(walk.now)
        attributions.serve_decision(attribution=walk.attribution, served_on=on, now=walk.now, **serve)
        file(walk)
        assert Notice.objects.get(kind=NoticeKind.APPEAL).practitioner == walk.attribution.practitioner

    def test_a_decision_served_just_now_takes_effect_first(self, now):
        walk = procedure(DecisionState.SERVED, now=now)
        appeal = file(walk)
        assert appeal.attribution.state == DecisionState.EFFECTIVE
        assert PointsEntry.objects.get().effective_on == walk.served_on
        assert public_scorecard(walk.attribution.practitioner, on=appeal.filed_on).under_appeal

    def test_an_officer_takes_in_a_letter_that_came_earlier(self, now):
        walk = decided(now)
        last = appeal_deadline(walk.attribution).on
        clerk = walk.team.inspector
        appeal = file(walk, days_later(start_of(last), 3), by=clerk, received_on=last)
        assert (appeal.filed_on, appeal.is_late, appeal.filed_by) == (last, False, clerk)

    def test_an_officer_without_the_right_takes_nothing_in(self, now):
        walk = decided(now)
        for stranger in (officer("approver"), officer("inspector", region="99")):
            with pytest.raises(Forbidden):
                file(walk, by=stranger)
        assert not Appeal.objects.exists()

    def test_when_the_last_write_fails_nothing_remains(self, now, monkeypatch):
        walk = decided(now)
        events = AccountEvent.objects.count()
        fail_on(monkeypatch, "cases.services.appeal_notices.notices.queue_notice")
        with pytest.raises(LastWriteError):
            file(walk, files=[sent()])
        assert not Appeal.objects.exists()
        assert not SubmittedFile.objects.exists()
        assert not AuditEvent.objects.filter(action="appeal.filed").exists()
        assert AccountEvent.objects.count() == events


class TestInTime:
    @pytest.mark.parametrize(
        ("served_on", "last"),
        [
            (date(2025, 9, 26), date(2025, 10, 16)),  # 28 September and 11 October are worked, 1–8 October is not
            (date(2026, 9, 28), date(2026, 10, 16)),  # 10 October is worked, 1–7 October is not
        ],
    )
    def test_ten_working_days_across_national_day(self, now, served_on, last):
        attribution = decided(now).attribution
        attribution.served_on = served_on
        assert appeal_eligibility(attribution, on=last) == Eligible(last)
        assert appeal_eligibility(attribution, on=last + timedelta(days=1)) == Late(last)

    def test_a_late_appeal_needs_the_reason_why_it_is_late(self, now):
        walk = decided(now)
        last = appeal_deadline(walk.attribution).on
        day_after = start_of(last) + timedelta(days=1, hours=9)
        with pytest.raises(LateWithoutReason) as refused:
            file(walk, day_after)
        assert (refused.value.status, refused.value.rule) == (422, "appeal_working_days")
        assert last.isoformat() in str(refused.value)
        assert not Appeal.objects.exists()
        appeal = file(walk, day_after, late_reason="因病住院。")
        assert (appeal.is_late, appeal.late_reason, appeal.deadline_on) == (True, "因病住院。", last)

    def test_the_last_day_is_in_time_and_needs_no_reason(self, now):
        walk = decided(now)
        last = appeal_deadline(walk.attribution).on
        appeal = file(walk, start_of(last) + timedelta(hours=23, minutes=59), late_reason="不必说明。")
        assert (appeal.is_late, appeal.late_reason) == (False, "")

    @pytest.mark.parametrize("state", sorted(set(DecisionState) - {DecisionState.SERVED, DecisionState.EFFECTIVE}))
    def test_what_did_not_reach_the_person_or_fell_cannot_be_appealed_against(self, now, state):
        walk = procedure(state, now=now)
        found = appeal_eligibility(walk.attribution, on=local_date(walk.now))
        assert isinstance(found, Ineligible)
        with pytest.raises(AppealNotPossible) as refused:
            file(walk)
        assert str(refused.value.detail) == str(found.reason)
        assert not Appeal.objects.exists()


class TestUnderAppeal:
    def flag(self, heard):
        return public_scorecard(heard.walk.attribution.practitioner, on=local_date(heard.now)).under_appeal

    def test_the_flag_is_raised_at_filing_and_lowered_at_the_outcome(self, now):
        walk = decided(now)
        assert not public_scorecard(walk.attribution.practitioner, on=local_date(walk.now)).under_appeal
        heard = hearing(State.FILED, now=now, walk=walk)
        assert self.flag(heard)
        heard.assign().accept()
        assert self.flag(heard)
        heard.decide("upheld")
        assert not self.flag(heard)

    @pytest.mark.parametrize("outcome", ["inadmissible", "overturned", "varied"])
    def test_whatever_the_outcome_is(self, now, outcome):
        heard = hearing(State.FILED, now=now).assign()
        if outcome != "inadmissible":
            heard.accept()
        lines = {heard.walk.attribution.lines.get().pk: 4} if outcome == "varied" else None
        heard.decide(outcome, points_by_line=lines)
        assert not self.flag(heard)

    @pytest.mark.parametrize("state", [State.WITHDRAWN, State.MOOT])
    def test_also_when_no_officer_decided(self, now, state):
        assert not self.flag(hearing(state, now=now))

    def test_it_stays_while_the_second_level_is_open_and_no_longer(self, now):
        heard = hearing(State.ELEVATED, now=now)
        assert self.flag(heard)
        appeals.withdraw(appeal=heard.appeal.elevated_to, reason="不再申诉。", by=None, now=heard.now)
        assert not self.flag(heard)


class TestAnswering:
    def test_a_question_stops_the_clock_and_the_answer_lets_it_run_on(self, now):
        heard = hearing(State.ACCEPTED, now=now)
        filed_on = heard.appeal.filed_on
        heard.later(7).ask()
        asked = heard.appeal
        on = local_date(heard.now)
        worked = 20 - asked.decide_days_left
        assert calendar.deadline(filed_on, worked).on <= on
        assert (asked.paused_on, asked.answer_due_on) == (on, calendar.deadline(on, 5).on)
        assert track(asked, on=on).due_on is None
        heard.later(3)
        answer = appeals.answer(appeal=heard.appeal, text="由科室秘书记录。", files=[sent()], by=None, now=heard.now)
        assert (answer.kind, answer.by) == ("answer", None)
        assert answer.files.get().file_name == "attendance.pdf"
        resumed = heard.appeal
        assert (resumed.state, resumed.paused_on) == (State.ACCEPTED, None)
        assert resumed.decision_due_on == calendar.deadline(local_date(heard.now), asked.decide_days_left).on
        assert [m.kind for m in resumed.messages.all()] == ["question", "answer"]

    def test_the_same_answer_again_is_the_first(self, now):
        heard = hearing(State.AWAITING_ANSWER, now=now)
        first = appeals.answer(appeal=heard.appeal, text="是。", by=None, now=heard.now)
        assert appeals.answer(appeal=heard.appeal, text=" 是。", by=None, now=heard.now) == first

    def test_an_empty_answer_is_refused(self, now):
        heard = hearing(State.AWAITING_ANSWER, now=now)
        with pytest.raises(RuleRefused):
            appeals.answer(appeal=heard.appeal, text=" ", by=None, now=heard.now)
        assert heard.appeal.state == State.AWAITING_ANSWER

    def test_when_the_last_write_fails_nothing_remains(self, now, monkeypatch):
        heard = hearing(State.AWAITING_ANSWER, now=now)
        fail_on(monkeypatch, "cases.services.appeal_notices.notices.queue_notice")
        with pytest.raises(LastWriteError):
            appeals.answer(appeal=heard.appeal, text="是。", files=[sent()], by=None, now=heard.now)
        assert heard.appeal.state == State.AWAITING_ANSWER
        assert AppealMessage.objects.count() == 1
        assert not SubmittedFile.objects.exists()


class TestWithdrawing:
    def test_it_ends_with_the_persons_words_and_a_letter(self, now):
        heard = hearing(State.WITHDRAWN, now=now)
        appeal = heard.appeal
        assert (appeal.outcome, appeal.decided_by, appeal.points_after) == ("withdrawn", None, None)
        letters = Notice.objects.filter(kind=NoticeKind.APPEAL_OUTCOME)
        assert {notice.payload["outcome"] for notice in letters} == {"withdrawn"}
        assert letters.count() == 2
        at_work = letters.get(institution__isnull=False)
        assert "reasons" not in at_work.payload

    def test_it_cannot_be_filed_again(self, now):
        heard = hearing(State.WITHDRAWN, now=now)
        with pytest.raises(AppealNotPossible, match=heard.appeal.receipt):
            file(heard.walk)
        assert Appeal.objects.count() == 1

    def test_words_are_required(self, now):
        heard = hearing(State.FILED, now=now)
        with pytest.raises(RuleRefused):
            appeals.withdraw(appeal=heard.appeal, reason="", by=None, now=heard.now)
        assert heard.appeal.state == State.FILED


class TestSecondLevel:
    def elevate(self, heard, **kwargs):
        given = {"grounds": "复核理由:事实认定有误。", "by": None, "now": heard.now, **kwargs}
        return appeals.elevate(appeal=heard.appeal, **given)

    def test_it_opens_after_a_refusal_for_the_days_of_the_rulebook(self, now):
        heard = hearing(State.DECIDED, now=now)
        until = calendar.deadline(local_date(heard.now), 10).on
        assert heard.appeal.second_level_until_on == until
        assert elevation_eligibility(heard.appeal, on=until) == Eligible(until)
        second = self.elevate(heard)
        assert (second.level, second.previous, second.state) == (2, heard.appeal, State.FILED)
        assert heard.appeal.state == State.DECIDED
        assert self.elevate(heard) == second

    def test_late_it_needs_a_reason(self, now):
        heard = hearing(State.DECIDED, now=now)
        heard.now = start_of(heard.appeal.second_level_until_on) + timedelta(days=1)
        assert isinstance(elevation_eligibility(heard.appeal, on=local_date(heard.now)), Late)
        with pytest.raises(LateWithoutReason):
            self.elevate(heard)
        assert self.elevate(heard, late_reason="结果送达延误。").is_late

    def test_silence_opens_it_and_ends_the_first_level(self, now):
        heard = hearing(State.ACCEPTED, now=now)
        last = heard.appeal.silence_until_on
        heard.now = start_of(last) + timedelta(hours=9)
        with pytest.raises(AppealNotPossible, match=last.isoformat()):
            self.elevate(heard)
        heard.now += timedelta(days=1)
        second = self.elevate(heard)
        first = heard.appeal
        assert (first.state, first.outcome, first.decided_by) == (State.ELEVATED, "elevated", None)
        assert (second.level, second.is_open) == (2, True)

    def test_not_while_the_person_is_asked(self, now):
        heard = hearing(State.AWAITING_ANSWER, now=now).later(200)
        with pytest.raises(AppealNotPossible):
            self.elevate(heard)

    @pytest.mark.parametrize("outcome", ["varied", "inadmissible"])
    def test_a_part_that_was_refused_may_go_on(self, now, outcome):
        heard = hearing(State.FILED, now=now).assign()
        lines = None
        if outcome == "varied":
            heard.accept()
            lines = {heard.walk.attribution.lines.get().pk: 4}
        heard.decide(outcome, points_by_line=lines)
        assert self.elevate(heard).level == 2

    @pytest.mark.parametrize("state", [State.WITHDRAWN, State.MOOT])
    def test_not_after_what_was_no_refusal(self, now, state):
        heard = hearing(state, now=now)
        with pytest.raises(AppealNotPossible):
            self.elevate(heard)

    def test_not_after_a_won_appeal(self, now):
        heard = hearing(State.ACCEPTED, now=now).decide("overturned")
        with pytest.raises(AppealNotPossible):
            self.elevate(heard)

    def test_there_is_no_third(self, now):
        heard = hearing(State.DECIDED, now=now)
        heard.made = self.elevate(heard)
        heard.officer = officer("appeal_officer")
        heard.assign().accept().decide("upheld")
        assert heard.appeal.second_level_until_on is None
        with pytest.raises(AppealNotPossible):
            self.elevate(heard)

    def test_the_officer_of_the_first_level_does_not_hear_it_again(self, now):
        heard = hearing(State.DECIDED, now=now)
        heard.made = self.elevate(heard)
        with pytest.raises(OfficerInvolved):
            heard.assign()
