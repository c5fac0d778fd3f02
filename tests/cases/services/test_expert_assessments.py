"""F16: an expert is asked before the decision; it waits, its time stands, and the opinion is cited in the letter."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import DatabaseError, transaction

from cases import queues, tasks
from cases.errors import ExpertAwaited, ExpertInvolved
from cases.models import Attribution, ExpertAssessment
from cases.selectors import waiting
from cases.selectors.expert_assessments import experts_for
from cases.selectors.waiting_decisions import waiting_decisions
from cases.services import attributions, countersignatures, expert_mail, undoing
from cases.states import State
from institutions import clock
from institutions.clock import local_date
from institutions.errors import Forbidden, RuleRefused, WrongState
from institutions.letters import rendering
from institutions.letters.content import compose
from institutions.models import AuditEvent
from institutions.permissions import Permission
from institutions.selectors import calendar
from tests.cases.last_write import LastWriteError, fail_on
from tests.cases.views.opening import letter_of
from tests.factories.attribution import answer_questions, days_later, procedure
from tests.factories.delegation import stand_in
from tests.factories.user import UserFactory, assign, hr_of, officer

pytestmark = pytest.mark.django_db
QUESTION = "连续三日的检查是否有临床指征？"
OPINION = "病程记录没有相应症状，检查缺乏临床指征。"
APART = "本人在外市工作，与当事人及经办人员无利害关系。"


@pytest.fixture
def walk(now):
    """Told, and the window is over: the time to decide runs."""
    return procedure(State.INTENT_SERVED, now=now).wait()


@pytest.fixture
def expert():
    return officer("expert", region="15")


def ask(walk, expert, by=None, question=QUESTION):
    return attributions.open_assessment(
        attribution=walk.attribution, question=question, expert=expert, by=by or walk.team.approver, now=walk.now
    )


def answer(assessment, walk, by=None, text=OPINION):
    walk.attribution = Attribution.objects.get(pk=walk.attribution.pk)
    return attributions.give_opinion(
        assessment=assessment, declaration=APART, text=text, by=by or assessment.expert, now=walk.now
    )


class TestAsking:
    def test_an_inspector_and_an_approver_may_ask_and_the_day_counts_working_days(self, walk, expert):
        made = ask(walk, expert, by=walk.team.inspector)
        assert (made.question, made.expert, made.outcome) == (QUESTION, expert, "")
        assert made.due_on == calendar.deadline(local_date(walk.now), 15).on
        assert AuditEvent.objects.filter(action="attribution.expert_asked", reason=QUESTION).exists()
        assert ask(walk, expert) == made
        assert ExpertAssessment.objects.count() == 1

    @pytest.mark.parametrize("role", ["expert", "appeal_officer", "auditor", "publisher"])
    def test_nobody_else_asks(self, walk, expert, role):
        with pytest.raises(Forbidden) as refused:
            ask(walk, expert, by=officer(role, region="15"))
        assert refused.value.rule == Permission.ASSESSMENT_OPEN.value

    def test_one_at_a_time(self, walk, expert):
        ask(walk, expert)
        with pytest.raises(ExpertAwaited, match=str(expert.display_name)):
            ask(walk, expert, question="该处方的剂量是否合理？")
        with pytest.raises(DatabaseError, match="one_open_assessment_per_attribution"), transaction.atomic():
            ExpertAssessment.objects.create(
                attribution=walk.attribution, question="x", expert=expert, opened_by=walk.team.approver,
                opened_at=walk.now, working_days=15, due_on=local_date(walk.now),
            )  # fmt: skip

    @pytest.mark.parametrize("question", ["", "  ", "太短的问题"])
    def test_a_question_says_something(self, walk, expert, question):
        with pytest.raises(RuleRefused):
            ask(walk, expert, question=question)

    def test_nothing_of_a_failed_opening_remains(self, walk, expert, monkeypatch):
        fail_on(monkeypatch, "institutions.services.audit.record_event")
        with pytest.raises(LastWriteError):
            ask(walk, expert)
        assert not ExpertAssessment.objects.exists()


class TestApart:
    def test_whoever_works_for_the_institution_is_no_expert(self, walk):
        employed = assign(hr_of(walk.attribution.case.institution), "expert", region="15")
        assert employed not in experts_for(walk.attribution)
        with pytest.raises(ExpertInvolved):
            ask(walk, employed)
        refuse_row(walk, employed, "assessing_expert_stands_apart")

    def test_the_officers_of_the_case_are_no_experts(self, walk):
        inspector = assign(walk.team.inspector, "expert", region="15")
        approver = assign(walk.team.approver, "expert", region="15")
        assert inspector not in experts_for(walk.attribution)
        for by, asked in ((approver, inspector), (approver, approver)):
            with pytest.raises(ExpertInvolved):
                ask(walk, asked, by=by)
        refuse_row(walk, inspector, "assessing_expert_stands_apart")

    def test_whoever_stands_in_for_an_officer_of_the_case_is_no_expert_meanwhile(self, walk, expert):
        stand_in(assign(expert, "approver", region="15"), walk.team.inspector, now=walk.now)
        assert expert not in experts_for(walk.attribution)
        with pytest.raises(ExpertInvolved):
            ask(walk, expert)

    def test_only_an_expert_of_the_region_is_asked(self, walk):
        for user in (officer("expert", region="43"), officer("approver", region="15"), UserFactory()):
            with pytest.raises(RuleRefused):
                ask(walk, user)

    def test_an_expert_neither_signs_nor_decides_nor_proposes(self, walk, expert):
        answer(ask(walk, expert), walk)
        both = assign(assign(expert, "approver"), "inspector")
        answer_questions(walk.attribution, by=walk.team.approver, now=walk.now)
        with pytest.raises(ExpertInvolved):
            attributions.decide(
                attribution=walk.attribution, outcome="decided", reasons="属实。", by=both, now=walk.now
            )
        with pytest.raises(ExpertInvolved):
            countersignatures.countersign(attribution=walk.attribution, reason="同意。", by=both, now=walk.now)
        assert [row.key for row in waiting_decisions(both, now=walk.now)] == []
        decided = Attribution.objects.filter(pk=walk.attribution.pk)
        with pytest.raises(DatabaseError, match="experts_never_decide"), transaction.atomic():
            decided.update(
                state="decided", decision="decided", decision_reasons="x", decided_at=walk.now, decided_by=both
            )

    def test_an_expert_may_be_asked_again(self, walk, expert):
        answer(ask(walk, expert), walk)
        assert expert in experts_for(walk.attribution)
        assert ask(walk, expert, question="该处方的剂量是否合理？").is_open


def refuse_row(walk, expert, rule):
    with pytest.raises(DatabaseError, match=rule), transaction.atomic():
        ExpertAssessment.objects.create(
            attribution=walk.attribution, question=QUESTION, expert=expert, opened_by=officer("approver"),
            opened_at=walk.now, working_days=15, due_on=local_date(walk.now),
        )  # fmt: skip


class TestWaiting:
    @pytest.mark.parametrize("outcome", ["decided", "rejected"])
    def test_nothing_is_decided_meanwhile_by_service_or_by_hand(self, walk, expert, outcome):
        made = ask(walk, expert)
        with pytest.raises(ExpertAwaited) as refused:
            walk.decide(outcome)
        assert (refused.value.status, refused.value.state) == (409, "assessment-open")
        assert refused.value.next_step
        with pytest.raises(DatabaseError, match="decision_waits_for_the_expert"), transaction.atomic():
            Attribution.objects.filter(pk=walk.attribution.pk).update(
                state=outcome,
                decision=outcome,
                decision_reasons="x",
                decided_at=walk.now,
                decided_by=walk.team.approver,
            )
        answer(made, walk)
        assert walk.decide(outcome).attribution.state == outcome

    def test_it_leaves_the_queue_of_decisions_and_comes_back_with_the_days_that_were_left(self, walk, expert):
        today = local_date(walk.now)
        due = queues.DECISIONS.due
        assert walk.attribution in waiting.decisions(today)
        before = due.on(waiting.decisions(today).get())
        assert before is not None
        made = ask(walk, expert)
        assert list(waiting.assessments(today)) == [made]
        assert not waiting.decisions(today).exists()
        assert waiting_decisions(walk.team.approver, now=walk.now) == []
        walk.now = days_later(walk.now, 6)
        answer(made, walk)
        later = local_date(walk.now)
        assert not waiting.assessments(later).exists()
        back = waiting.decisions(later).get()
        assert (back.paused_days, due.on(back)) == (6, before + timedelta(days=6))
        assert later == today + timedelta(days=6)  # as many days are left as before

    def test_several_pauses_add_up_and_a_new_window_begins_anew(self, walk, expert):
        for question in (QUESTION, "该处方的剂量是否合理？"):
            made = ask(walk, expert, question=question)
            walk.now = days_later(walk.now, 2)
            answer(made, walk)
        walk.attribution.refresh_from_db()
        assert walk.attribution.paused_days == 4
        walk.attribution = attributions.return_for_changes(
            attribution=walk.attribution, reason="补充证据。", by=walk.team.approver, now=walk.now
        )
        walk.serve_intent()
        fresh = Attribution.objects.get(pk=walk.attribution.pk)
        assert (fresh.paused_days, fresh.decision_clock_from_on) == (0, fresh.statement_deadline_on)

    def test_the_statement_window_itself_is_not_touched(self, now, expert):
        walk = procedure(State.INTENT_SERVED, now=now)
        made = ask(walk, expert)
        until = walk.deadline
        walk.now = days_later(walk.now, 1)
        answer(made, walk)
        fresh = Attribution.objects.get(pk=walk.attribution.pk)
        assert (fresh.statement_deadline_on, fresh.paused_days) == (until, 0)

    def test_an_annulled_case_leaves_the_queue_and_takes_no_opinion(self, walk, expert):
        made = ask(walk, expert)
        undoing.set_aside_attribution(
            attribution=walk.attribution, reason="撤销。", by=walk.team.approver, now=walk.now
        )
        assert not waiting.assessments(local_date(walk.now)).exists()
        with pytest.raises(WrongState):
            answer(made, walk)
        ended = attributions.withdraw_assessment(
            assessment=made, reason="案件已撤销。", by=walk.team.approver, now=walk.now
        )
        assert ended.outcome == "withdrawn"


class TestEnding:
    def test_an_opinion_is_given_once_by_the_expert_with_a_declaration(self, walk, expert):
        made = ask(walk, expert)
        for by in (officer("expert", region="15"), walk.team.approver):
            with pytest.raises(Forbidden):
                answer(made, walk, by=by)
        ended = answer(made, walk)
        assert (ended.outcome, ended.text, ended.declaration, ended.ended_by) == ("opinion", OPINION, APART, expert)
        assert answer(made, walk) == ended
        with pytest.raises(WrongState):
            answer(made, walk, text="另一个意见，与前不同。")
        assert AuditEvent.objects.filter(action="attribution.expert_opinion", by=expert).count() == 1

    @pytest.mark.parametrize(("declaration", "text"), [("", OPINION), (APART, ""), (APART, "同意")])
    def test_an_opinion_needs_words(self, walk, expert, declaration, text):
        made = ask(walk, expert)
        with pytest.raises(RuleRefused):
            attributions.give_opinion(assessment=made, declaration=declaration, text=text, by=expert, now=walk.now)

    def test_an_expert_gives_the_question_back(self, walk, expert):
        made = ask(walk, expert)
        with pytest.raises(Forbidden):
            attributions.decline(assessment=made, reason="冲突。", by=walk.team.approver, now=walk.now)
        ended = attributions.decline(assessment=made, reason="当事人系本人学生。", by=expert, now=walk.now)
        assert (ended.outcome, ended.declaration) == ("declined", "")
        assert attributions.decline(assessment=made, reason="当事人系本人学生。", by=expert, now=walk.now) == ended
        assert walk.decide().attribution.state == "decided"

    def test_an_officer_withdraws_with_a_reason(self, walk, expert):
        made = ask(walk, expert)
        with pytest.raises(RuleRefused):
            attributions.withdraw_assessment(assessment=made, reason=" ", by=walk.team.approver, now=walk.now)
        with pytest.raises(Forbidden):
            attributions.withdraw_assessment(assessment=made, reason="不必了。", by=expert, now=walk.now)
        given = {"assessment": made, "reason": "当事人已认可。", "by": walk.team.inspector, "now": walk.now}
        assert attributions.withdraw_assessment(**given) == attributions.withdraw_assessment(**given)
        with pytest.raises(WrongState):
            answer(made, walk)

    def test_what_is_on_record_stays(self, walk, expert):
        made = answer(ask(walk, expert), walk)
        rows = ExpertAssessment.objects.filter(pk=made.pk)
        for change in ({"text": "改"}, {"question": "改过的问题"}, {"outcome": "withdrawn", "declaration": ""}):
            with pytest.raises(DatabaseError, match="assessment_is_not_edited"), transaction.atomic():
                rows.update(**change)
        with pytest.raises(DatabaseError, match="assessment_is_kept"), transaction.atomic():
            rows.delete()


class TestCited:
    def test_the_letter_of_the_decision_cites_question_and_opinion_but_not_the_expert(self, walk, expert):
        answer(ask(walk, expert), walk)
        withdrawn = ask(walk, expert, question="该处方的剂量是否合理？")
        attributions.withdraw_assessment(assessment=withdrawn, reason="不必了。", by=walk.team.approver, now=walk.now)
        walk.decide()
        letter = letter_of(walk.attribution)
        assert letter.payload["opinions"] == [
            {"on": local_date(walk.now).isoformat(), "question": QUESTION, "opinion": OPINION}
        ]
        text = rendering.as_text(compose(letter, language="zh-hans"))
        assert QUESTION in text
        assert OPINION in text
        assert expert.display_name not in text
        assert expert.username not in str(letter.payload)


class TestMail:
    def test_the_expert_is_written_to_once_without_a_name(self, walk, expert, settings):
        made = ask(walk, expert)
        clock.move_to(walk.now)
        assert tasks.tell_experts()["experts_told"] == 1
        message = mail.outbox[0]
        assert message.to == [expert.email]
        assert f"/admin/cases/attribution/{walk.attribution.pk}/assessments/" in message.body
        for secret in (walk.attribution.practitioner.name, walk.attribution.case.institution.name, QUESTION):
            assert secret not in f"{message.body} {message.subject}"
        assert tasks.watch_deadlines()["experts_told"] == 0
        assert ExpertAssessment.objects.get(pk=made.pk).told_at == walk.now

    def test_a_mail_that_fails_is_tried_again(self, walk, expert, settings):
        ask(walk, expert)
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
        assert expert_mail.tell_experts(now=walk.now) == {"experts_told": 0, "experts_not_reached": 1}
        settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
        assert expert_mail.tell_experts(now=walk.now)["experts_told"] == 1
