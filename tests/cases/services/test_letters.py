"""Letters exist before they are served; the person or the institution confirms them; only the latest one counts."""

from datetime import date, timedelta

import pytest

from cases.models import Attribution, IssuedLetter, Service, ServiceReceipt
from cases.services import attributions, issuing, letters
from cases.services.letters import ReceiptFile, ReceiptRefused
from cases.services.lines import LineInput
from cases.states import State
from institutions.clock import local_date
from institutions.errors import Forbidden, NotThere, RuleRefused, WrongState
from institutions.letters import content, rendering
from institutions.letters.letter import Audience
from institutions.models import AuditEvent, Notice, NoticeKind, PilotRegion
from institutions.services import notices
from tests.cases.last_write import LastWriteError, fail_on
from tests.factories.attribution import REASONING, days_later, officers, procedure
from tests.factories.case_file import CaseFileFactory
from tests.factories.institution import InstitutionFactory
from tests.factories.user import hr_of

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def issue_intent(walk, by=None):
    return letters.issue_intent(attribution=walk.attribution, by=by or walk.team.inspector, now=walk.now)


def soften(walk, points=9):
    """The proposal is changed, which makes a new version of it."""
    line = walk.attribution.lines.get()
    evidence = tuple(line.evidence.values_list("key", flat=True))
    changed = LineInput(line.finding.key, "D1", "general", points, REASONING, evidence=evidence)
    walk.attribution = attributions.edit_lines(
        attribution=walk.attribution,
        lines=[changed],
        months=None,
        countersign_reason="情节较轻。",
        by=walk.team.inspector,
        now=walk.now,
    )


class TestIssuing:
    def test_the_letter_is_the_persons_and_exists_before_its_service(self, now):
        walk = procedure(State.PROPOSED, now=now)
        letter = issue_intent(walk)
        assert (letter.kind, letter.practitioner) == (NoticeKind.INTENT, walk.attribution.practitioner)
        assert letter.region_id == walk.attribution.case.region_id
        assert Attribution.objects.get().state == State.PROPOSED
        assert not Service.objects.exists()
        row = IssuedLetter.objects.get()
        assert (row.window, row.proposal_number, row.issued_by) == (1, 1, walk.team.inspector)
        assert AuditEvent.objects.get(action="letter.issued").detail["number"] == letter.number

    def test_the_window_is_told_in_working_days_with_an_example(self, now):
        """From Tuesday 10 June 2025 five working days end on Tuesday the 17th."""
        letter = issue_intent(procedure(State.PROPOSED, now=now))
        assert letter.payload["statement_working_days"] == 5
        assert (letter.payload["received_on"], letter.payload["deadline_on"]) == ("2025-06-10", "2025-06-17")
        text = rendering.as_text(content.compose(letter, language="en"))
        assert "You have 5 working days, counted from the day after you receive this letter." in text
        assert "If you receive it on 10 June 2025, the last day is 17 June 2025." in text

    def test_the_institution_is_asked_to_hand_it_over_and_sees_no_evidence_and_no_reasons(self, now):
        walk = procedure(State.PROPOSED, now=now)
        letter = issue_intent(walk)
        asked = Notice.objects.get(kind=NoticeKind.HANDOVER)
        assert asked.institution == walk.attribution.case.institution
        assert (asked.payload["letter"], asked.payload["letter_kind"]) == (letter.number, "intent")
        assert asked.payload["points"] == 10
        for secret in ("报告比对表", REASONING):
            assert secret in str(letter.payload)
            assert secret not in str(asked.payload)

    def test_the_same_proposal_has_one_letter(self, now):
        walk = procedure(State.PROPOSED, now=now)
        assert issue_intent(walk) == issue_intent(walk)
        assert IssuedLetter.objects.count() == 1
        assert Notice.objects.count() == 2

    def test_a_changed_proposal_gets_a_letter_of_its_own(self, now):
        walk = procedure(State.PROPOSED, now=now)
        first = issue_intent(walk)
        soften(walk)
        second = issue_intent(walk)
        assert second != first
        assert (first.payload["points"], second.payload["points"]) == (10, 9)
        standing = issuing.standing_letter(Attribution.objects.get())
        assert standing is not None
        assert standing.notice == second

    def test_a_new_window_gets_a_new_letter(self, now):
        walk = procedure(State.INTENT_SERVED, now=now)
        attributions.return_for_changes(
            attribution=walk.attribution, reason="核实责任程度。", by=walk.team.approver, now=walk.now
        )
        issue_intent(walk)
        assert list(IssuedLetter.objects.values_list("window", flat=True)) == [1, 2]

    def test_where_the_institution_is_gone_nobody_is_asked_to_hand_it_over(self, now):
        case = CaseFileFactory(institution__closed_on=date(2025, 5, 31))
        issue_intent(procedure(State.PROPOSED, now=now, case=case))
        assert not Notice.objects.filter(kind=NoticeKind.HANDOVER).exists()
        assert IssuedLetter.objects.get().handover is None

    @pytest.mark.parametrize("state", [State.DRAFT, State.INTENT_SERVED, State.DECIDED, State.SERVED])
    def test_a_letter_of_intent_belongs_to_a_proposal(self, now, state):
        walk = procedure(state, now=now)
        before = Notice.objects.count()
        with pytest.raises(WrongState):
            issue_intent(walk)
        assert Notice.objects.count() == before

    @pytest.mark.parametrize("state", [State.PROPOSED, State.INTENT_SERVED, State.SERVED])
    def test_a_letter_of_decision_needs_a_decision(self, now, state):
        walk = procedure(state, now=now)
        with pytest.raises(WrongState):
            letters.issue_decision(attribution=walk.attribution, by=walk.team.inspector, now=walk.now)

    def test_a_decision_of_no_points_has_a_letter_too(self, now):
        walk = procedure(State.REJECTED, now=now)
        letter = IssuedLetter.objects.get(kind="decision").notice
        assert letter.payload["decision"] == "rejected"
        assert letters.issue_decision(attribution=walk.attribution, by=walk.team.inspector, now=walk.now) == letter

    def test_whoever_serves_no_letters_makes_none_out(self, now):
        walk = procedure(State.PROPOSED, now=now)
        for stranger in (
            officers().approver,
            officers(region="37").inspector,
            hr_of(walk.attribution.case.institution),
        ):
            with pytest.raises(Forbidden):
                issue_intent(walk, by=stranger)
        assert not Notice.objects.exists()

    def test_nothing_remains_when_the_last_write_fails(self, now, monkeypatch):
        walk = procedure(State.PROPOSED, now=now)
        fail_on(monkeypatch, "cases.services.issuing.audit.record_event")
        with pytest.raises(LastWriteError):
            issue_intent(walk)
        assert not Notice.objects.exists()
        assert not IssuedLetter.objects.exists()

    def test_a_pilot_reaches_nobody(self, now):
        walk = procedure(State.PROPOSED, now=now)
        PilotRegion.objects.create(region_prefix="15", starts_on=date(2025, 1, 1), reason="试点")
        letter = issue_intent(walk)
        assert letter.is_pilot
        assert Notice.objects.get(kind=NoticeKind.HANDOVER).is_pilot


class TestServiceByPage:
    def test_confirming_the_letter_serves_the_intent_today(self, now):
        walk = procedure(State.PROPOSED, now=now)
        letter = issue_intent(walk)
        served = letters.serve_by_portal(notice=letter, now=days_later(now, 1))
        assert (served.state, served.intent_served_on) == (State.INTENT_SERVED, date(2025, 6, 11))
        service = Service.objects.get()
        assert (service.method, service.letter, service.recorded_by) == ("portal", letter.issued_letter, None)
        assert letter.number in service.proof

    def test_confirming_the_decision_serves_it(self, now):
        walk = procedure(State.DECIDED, now=now)
        letter = IssuedLetter.objects.get(kind="decision").notice
        served = letters.serve_by_portal(notice=letter, now=walk.now)
        assert (served.state, served.served_on) == (State.SERVED, local_date(walk.now))

    def test_confirming_twice_changes_nothing(self, now):
        walk = procedure(State.PROPOSED, now=now)
        letter = issue_intent(walk)
        letters.serve_by_portal(notice=letter, now=now)
        again = letters.serve_by_portal(notice=letter, now=days_later(now, 3))
        assert again.intent_served_on == date(2025, 6, 10)
        assert Service.objects.count() == 1

    def test_a_letter_served_by_hand_stays_so(self, now):
        walk = procedure(State.INTENT_SERVED, now=now)
        letter = IssuedLetter.objects.get().notice
        letters.serve_by_portal(notice=letter, now=days_later(now, 2))
        assert Service.objects.get().method == "hr_handover"
        assert Attribution.objects.get().intent_served_on == walk.attribution.intent_served_on

    def test_a_letter_replaced_by_a_newer_one_serves_nothing(self, now):
        walk = procedure(State.PROPOSED, now=now)
        letter = issue_intent(walk)
        soften(walk)
        with pytest.raises(WrongState):
            letters.serve_by_portal(notice=letter, now=now)
        assert not Service.objects.exists()

    def test_another_kind_of_notice_is_not_a_letter_to_confirm(self, now):
        walk = procedure(State.PROPOSED, now=now)
        other = notices.queue_notice(
            kind=NoticeKind.REMINDER, recipient=walk.attribution.practitioner, cause="x", payload={}, now=now
        )
        with pytest.raises(NotThere):
            letters.serve_by_portal(notice=other, now=now)


class TestHandOver:
    def hand_over(self, walk, letter, **changes):
        facts = {
            "on": local_date(walk.now),
            "receipt": "签收回执第7号",
            "by": hr_of(walk.attribution.case.institution),
            "now": walk.now,
        }
        return letters.record_handover(letter=letter, **(facts | changes))

    def test_hr_records_the_day_and_the_receipt(self, now):
        walk = procedure(State.PROPOSED, now=now)
        letter = issue_intent(walk)
        service = self.hand_over(walk, letter, file=ReceiptFile("签收.pdf", PDF))
        assert (service.method, service.on, service.proof) == ("hr_handover", date(2025, 6, 10), "签收回执第7号")
        assert service.recorded_by is not None
        assert Attribution.objects.get().state == State.INTENT_SERVED
        receipt = ServiceReceipt.objects.get()
        assert (receipt.service, receipt.content_type, receipt.size) == (service, "application/pdf", len(PDF))
        opened = letters.open_receipt(receipt=receipt, by=walk.team.inspector, now=now)
        assert opened == PDF
        assert AuditEvent.objects.filter(action="letter.receipt_opened").count() == 1

    def test_the_decision_is_handed_over_likewise(self, now):
        walk = procedure(State.DECIDED, now=now)
        self.hand_over(walk, IssuedLetter.objects.get(kind="decision").notice)
        assert Attribution.objects.get().state == State.SERVED

    def test_the_same_hand_over_twice_is_one(self, now):
        walk = procedure(State.PROPOSED, now=now)
        letter = issue_intent(walk)
        assert self.hand_over(walk, letter) == self.hand_over(walk, letter)
        with pytest.raises(WrongState):
            self.hand_over(walk, letter, on=date(2025, 6, 11), now=days_later(now, 1))

    def test_hr_of_another_institution_and_officers_hand_nothing_over(self, now):
        walk = procedure(State.PROPOSED, now=now)
        letter = issue_intent(walk)
        for stranger in (hr_of(InstitutionFactory()), walk.team.inspector, walk.team.approver):
            with pytest.raises(Forbidden):
                self.hand_over(walk, letter, by=stranger)
        assert not Service.objects.exists()

    @pytest.mark.parametrize("days", [-1, 1])
    def test_not_before_the_letter_was_made_out_and_not_tomorrow(self, now, days):
        walk = procedure(State.PROPOSED, now=now)
        letter = issue_intent(walk)
        with pytest.raises(RuleRefused):
            self.hand_over(walk, letter, on=local_date(now) + timedelta(days=days))

    def test_a_receipt_says_something(self, now):
        walk = procedure(State.PROPOSED, now=now)
        with pytest.raises(RuleRefused):
            self.hand_over(walk, issue_intent(walk), receipt="  ")

    @pytest.mark.parametrize(
        "file", [ReceiptFile("run.exe", b"MZ\x90"), ReceiptFile("a.pdf", b"<html>"), ReceiptFile("a.pdf", b"")]
    )
    def test_a_file_that_is_no_receipt_is_refused_with_the_hand_over(self, now, file):
        walk = procedure(State.PROPOSED, now=now)
        with pytest.raises(ReceiptRefused):
            self.hand_over(walk, issue_intent(walk), file=file)

    def test_a_replaced_letter_is_not_handed_over(self, now):
        walk = procedure(State.PROPOSED, now=now)
        letter = issue_intent(walk)
        soften(walk)
        with pytest.raises(WrongState):
            self.hand_over(walk, letter)

    def test_hr_does_not_open_receipts_of_others(self, now):
        walk = procedure(State.PROPOSED, now=now)
        service = self.hand_over(walk, issue_intent(walk), file=ReceiptFile("签收.pdf", PDF))
        with pytest.raises(Forbidden):
            letters.open_receipt(receipt=service.receipt, by=hr_of(InstitutionFactory()), now=now)


def test_no_officer_is_named_in_any_letter_of_a_procedure(now):
    """F84: the names of those who proposed, decided and served stand in the audit, and in no letter."""
    team = officers()
    for user, name in ((team.inspector, "经办甲乙丙"), (team.approver, "审批丁戊己")):
        user.display_name, user.email = name, f"{user.username}-distinctive@example.org"
        user.save()
    walk = procedure(State.EFFECTIVE, now=now, team=team)
    attributions.annul_basis(
        case=walk.attribution.case,
        annulled_on=local_date(walk.now),
        reason="行政复议撤销处罚决定。",
        by=team.approver,
        now=walk.now,
    )
    told = list(Notice.objects.select_related("institution", "practitioner"))
    assert {notice.kind for notice in told} >= {"intent", "decision", "handover", "status_change", "correction"}
    shown = "".join(
        render(content.compose(notice, audience=audience, language=language))
        for notice in told
        for audience in Audience
        for language in ("zh-hans", "en")
        for render in (rendering.as_text, rendering.as_html)
    )
    for user in (team.inspector, team.approver):
        for name in (user.username, user.display_name, user.email):
            assert name not in shown
