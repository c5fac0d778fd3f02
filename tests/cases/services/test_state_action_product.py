"""F04: every action in every state. What the table does not admit answers 409 and leaves the row as it was."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.forms.models import model_to_dict

from cases.models import Attribution, Statement
from cases.services import attributions, moves, undoing
from cases.services.lines import LineInput
from cases.states import TRANSITIONS, Action, State
from institutions.clock import local_date
from institutions.errors import WrongState
from tests.factories.attribution import REASONING, procedure
from tests.factories.user import officer

pytestmark = pytest.mark.django_db


BY_A_COURT = (
    *(Action.REINSTATE, Action.REINSTATE_SERVED, Action.REINSTATE_DECIDED, Action.REINSTATE_HELD),
    Action.REOPEN,
)
ONCE = ((Action.MAKE_EFFECTIVE, State.EFFECTIVE), (Action.SET_ASIDE, State.SET_ASIDE))


class _UndoError(Exception):
    """Rolls an attempt back."""


def _lines(attribution):
    line = attribution.lines.get()
    keys = tuple(line.evidence.values_list("key", flat=True))
    return [LineInput(line.finding.key, line.clause, line.degree, line.points, REASONING, None, keys)]


def _attempt(action, walk):
    """Take one action in the way its own officer would, with everything it asks for."""
    a, b, now, it = walk.team.inspector, walk.team.approver, walk.now, walk.attribution
    day = local_date(now)
    if action is Action.EDIT:
        attributions.edit_lines(attribution=it, lines=_lines(it), months=it.months, by=a, now=now)
    elif action is Action.PROPOSE:
        attributions.propose(attribution=it, by=a, now=now)
    elif action is Action.WITHDRAW:
        attributions.withdraw(attribution=it, reason="认错了人。", by=a, now=now)
    elif action is Action.RESUME:
        attributions.resume(attribution=it, by=a, now=now)
    elif action is Action.COUNTERSIGN:
        attributions.countersign(attribution=it, reason="当地清单。", by=b, now=now)
    elif action is Action.SERVE_INTENT:
        attributions.serve_intent(attribution=it, served_on=day, method="post", proof="EMS 1", by=a, now=now)
    elif action is Action.RECORD_STATEMENT:
        attributions.record_statement(attribution=it, text="我有异议。", received_at=now, by=a, now=now)
    elif action is Action.ANSWER_STATEMENT:
        statement = it.statements.first() or Statement.objects.create(
            attribution=it, window=it.window, text="我有异议。", received_at=now
        )
        attributions.answer_statement(statement=statement, answer="不予采纳。", by=b, now=now)
    elif action is Action.ASK_EXPERT:
        question, expert = "该操作是否符合诊疗规范？", officer("expert")
        attributions.open_assessment(attribution=it, question=question, expert=expert, by=b, now=now)
    elif action is Action.RETURN:
        attributions.return_for_changes(attribution=it, reason="补充证据。", by=b, now=now)
    elif action in (Action.DECIDE, Action.REJECT):
        outcome = "decided" if action is Action.DECIDE else "rejected"
        later = now + timedelta(days=30)
        attributions.decide(
            attribution=it, outcome=outcome, reasons="属实。", by=b, now=later, countersign_reason="同意"
        )
    elif action is Action.HOLD:
        moves.ensure_can(it, action)  # no act of its own: `decide` holds what the rules in force hold
    elif action in (Action.RELEASE, Action.SEND_BACK):
        act = attributions.release if action is Action.RELEASE else attributions.send_back
        act(attribution=it, reasons="核对无误。", by=officer("approver"), now=now)
    elif action is Action.SERVE:
        attributions.serve_decision(attribution=it, served_on=day, method="post", proof="EMS 2", by=a, now=now)
    elif action is Action.MAKE_EFFECTIVE:
        attributions.make_effective(attribution=it, now=now)
    elif action is Action.VARY:
        points = {line.pk: line.points - 1 for line in it.lines.all()}
        undoing.vary_attribution(attribution=it, points_by_line=points, reason="部分成立。", by=b, now=now)
    elif action in BY_A_COURT:
        attributions.reinstate_basis(case=it.case, reinstated_on=day, reason="再审改判。", by=b, now=now)
    else:
        undoing.set_aside_attribution(attribution=it, reason="撤销。", by=b, now=now)


@pytest.mark.parametrize("state", list(State))
def test_every_action_in_this_state(state, now):
    walk = procedure(state, now=now, line__clause="D1", line__points=9, decide={"countersign_reason": "按当地清单。"})
    for action in Action:
        if (action, state) in ONCE:
            continue  # seen before: it is returned as it stands
        if (action, state) == (Action.RESUME, State.SET_ASIDE):
            continue  # only what was withdrawn, and this one was annulled: see test_withdrawals.py
        _check(action, state, walk)


def _attempt_and_undo(action, walk):
    with transaction.atomic():
        _attempt(action, walk)
        raise _UndoError


def _check(action, state, walk):
    before = model_to_dict(Attribution.objects.get(pk=walk.attribution.pk))
    if state in TRANSITIONS[action]:
        with pytest.raises(_UndoError):
            _attempt_and_undo(action, walk)
    else:
        with pytest.raises(WrongState) as refused:
            _attempt(action, walk)
        about = "not annulled" if action in BY_A_COURT else state  # a court's judgment is about the basis
        assert (refused.value.status, refused.value.state) == (409, about), action
        assert refused.value.next_step
    assert model_to_dict(Attribution.objects.get(pk=walk.attribution.pk)) == before


def test_making_effective_twice_returns_the_same_entry(now):
    walk = procedure(State.EFFECTIVE, now=now)
    assert attributions.make_effective(attribution=walk.attribution, now=now) == walk.attribution.entry


def test_setting_aside_twice_changes_nothing(now):
    walk = procedure(State.SET_ASIDE, now=now)
    before = model_to_dict(walk.attribution)
    undoing.set_aside_attribution(attribution=walk.attribution, reason="再次", by=walk.team.approver, now=walk.now)
    assert model_to_dict(Attribution.objects.get()) == before
