"""Answers to what is asked before a decision: who gives them, for which facts, and that no decision goes without."""

import pytest
from django.db import DatabaseError, transaction

from cases.errors import AnswerNeeded, TwoOfficerRule
from cases.models import ConcernAnswer
from cases.selectors.concerns import answers_of, concerns_before
from cases.services import attributions, concerns
from cases.services.lines import LineInput
from institutions.clock import local_date
from institutions.errors import Forbidden, RuleRefused, WrongState
from institutions.models import AuditEvent
from tests.cases.last_write import LastWriteError, fail_on
from tests.cases.planted import only_nurses, outlier, sole_village_doctor
from tests.factories.attribution import ANSWER, REASONING, answer_questions
from tests.factories.user import assign, officer

pytestmark = pytest.mark.django_db


def first(walk):
    return concerns_before(walk.attribution, on=local_date(walk.now))[0]


def give(walk, *, item=None, by=None, text=ANSWER, **kwargs):
    item = item or first(walk)
    given = {"key": item.key, "digest": item.digest} | kwargs
    return concerns.answer(case=walk.attribution.case, text=text, by=by or walk.team.approver, now=walk.now, **given)


def decide(walk, outcome="decided"):
    return attributions.decide(
        attribution=walk.attribution,
        outcome=outcome,
        reasons="属实。",
        countersign_reason="按当地清单。",
        by=walk.team.approver,
        now=walk.now,
    )


@pytest.mark.parametrize("planted", [outlier, only_nurses, sole_village_doctor])
def test_no_decision_before_every_question_is_answered(planted, now):
    walk = planted(now)
    with pytest.raises(AnswerNeeded) as refused:
        decide(walk)
    assert (refused.value.status, refused.value.state) == (422, "intent_served")
    assert refused.value.errors[0]["key"] == first(walk).key
    answer_questions(walk.attribution, by=walk.team.approver, now=walk.now)
    assert decide(walk).state == "decided"


def test_rejecting_asks_nothing(now):
    assert decide(only_nurses(now), "rejected").state == "rejected"


def test_an_answer_is_on_record_with_its_facts(now):
    walk = sole_village_doctor(now)
    written = give(walk, choice="cover")
    assert (written.choice, written.answered_by, written.answered_at) == ("cover", walk.team.approver, walk.now)
    assert written.facts["site"] == "河东村卫生室"
    assert first(walk).answer == written
    event = AuditEvent.objects.get(action="concern.answered")
    assert (event.reason, event.detail["rule"]) == (ANSWER, "sole_at_site")


def test_the_same_answer_twice_is_one_and_another_is_refused(now):
    walk = sole_village_doctor(now)
    assert give(walk, choice="cover") == give(walk, choice="cover")
    with pytest.raises(WrongState):
        give(walk, choice="emergencies")
    assert ConcernAnswer.objects.count() == 1


def test_when_the_facts_change_the_answer_is_void_and_asked_again(now):
    walk = outlier(now)
    item = first(walk)
    given = give(walk)
    line = walk.attribution.lines.get()
    keys = tuple(line.evidence.values_list("key", flat=True))
    softer = [LineInput("f1", "B1", "general", 5, REASONING, None, keys)]
    attributions.edit_lines(
        attribution=walk.attribution, lines=softer, months=None, by=walk.team.inspector, now=walk.now
    )
    again = first(walk)
    assert (again.answer, again.earlier) == (None, (given,))
    with pytest.raises(WrongState):
        give(walk, item=item, text="另一个很长的答复,仍然按旧事实。")
    assert answers_of(walk.attribution.case) == [given]


class TestRefused:
    def test_whoever_proposed_does_not_answer(self, now):
        walk = only_nurses(now)
        assign(walk.team.inspector, "approver")
        with pytest.raises(TwoOfficerRule) as refused:
            give(walk, by=walk.team.inspector)
        assert refused.value.status == 403

    def test_the_database_refuses_the_proposer_too(self, now):
        walk = sole_village_doctor(now)
        item = first(walk)
        with pytest.raises(DatabaseError, match="proposers_never_answer"), transaction.atomic():
            ConcernAnswer.objects.create(
                case=item.case,
                attribution=item.attribution,
                kind=item.kind,
                rule=item.rule,
                key=item.key,
                digest=item.digest,
                facts=item.facts,
                choice="cover",
                text=ANSWER,
                answered_by=walk.team.inspector,
                answered_at=now,
            )

    @pytest.mark.parametrize("role", ["inspector", "auditor", "appeal_officer"])
    def test_other_roles_do_not_answer(self, now, role):
        with pytest.raises(Forbidden):
            give(only_nurses(now), by=officer(role))

    def test_another_region_does_not_answer(self, now):
        with pytest.raises(Forbidden):
            give(only_nurses(now), by=officer("approver", region="43"))

    def test_what_says_nothing_and_what_arranges_nothing(self, now):
        walk = sole_village_doctor(now)
        for wrong in ({"text": "  属实。 ", "choice": "cover"}, {"choice": ""}, {"choice": "magic"}):
            with pytest.raises(RuleRefused):
                give(walk, **wrong)
        with pytest.raises(RuleRefused):
            give(only_nurses(now), choice="cover")

    def test_a_question_that_is_not_asked(self, now):
        with pytest.raises(WrongState):
            give(only_nurses(now), key="continuity:none:case", digest="0" * 64)

    def test_nothing_remains_when_the_last_write_fails(self, now, monkeypatch):
        walk = only_nurses(now)
        item = first(walk)
        fail_on(monkeypatch, "cases.services.concerns.audit.record_event")
        with pytest.raises(LastWriteError):
            give(walk, item=item)
        assert not ConcernAnswer.objects.exists()
