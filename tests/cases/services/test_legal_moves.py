"""What a button says is what the service does: the same answer in every state, for every officer."""

import pytest
from django.db import transaction

from cases.models import Attribution
from cases.services import attributions, legal_moves
from cases.states import Action, State
from institutions.errors import JifenError
from tests.cases.services.test_state_action_product import _attempt
from tests.factories.attribution import Procedure, procedure
from tests.factories.user import officer

pytestmark = pytest.mark.django_db
ACTIONS = [action for action in legal_moves.PERMISSIONS if action is not Action.ANSWER_STATEMENT]
STATES = [State.DRAFT, State.PROPOSED, State.INTENT_SERVED, State.DECIDED, State.SET_ASIDE]


class _UndoError(Exception):
    """Rolls an attempt back."""


def is_done(action: Action, walk: Procedure) -> bool:
    """Try the act with its own officers and roll it back."""
    try:
        with transaction.atomic():
            _attempt(action, walk)
            raise _UndoError
    except _UndoError:
        return True
    except JifenError:
        return False


@pytest.mark.parametrize("state", STATES)
def test_a_move_is_offered_where_the_service_does_it(state, now):
    walk = procedure(state, now=now, line__points=9, decide={"countersign_reason": "按当地清单。"})
    for action in ACTIONS:
        second = action in (Action.COUNTERSIGN, Action.DECIDE)
        by = walk.team.approver if second else walk.team.inspector
        reason = legal_moves.reason_against(action, walk.attribution, by=by, now=walk.now)
        if action is Action.DECIDE and state is State.INTENT_SERVED:
            assert reason  # the window is open; the attempt of the table waits for its end
            continue
        assert (reason == "") is is_done(action, walk), (action, reason)


def reason(action, walk, by=None):
    row = Attribution.objects.select_related("case__basis", "case__institution").get(pk=walk.attribution.pk)
    return legal_moves.reason_against(action, row, by=by or walk.team.inspector, now=walk.now)


def test_the_reason_is_that_of_the_service(now):
    walk = procedure(State.INTENT_SERVED, now=now)
    assert str(walk.deadline) in reason(Action.DECIDE, walk, walk.team.approver)
    walk.wait()
    assert reason(Action.DECIDE, walk, walk.team.approver) == ""
    attributions.record_statement(
        attribution=walk.attribution, text="有异议。", received_at=walk.now, by=walk.team.inspector, now=walk.now
    )
    assert reason(Action.DECIDE, walk, walk.team.approver)
    assert reason(Action.ANSWER_STATEMENT, walk, walk.team.approver) == ""


def test_whoever_proposed_does_not_decide_whatever_their_roles(now):
    walk = procedure(State.PROPOSED, now=now, line__points=9)
    both = officer("approver")
    assert reason(Action.COUNTERSIGN, walk, both) == ""
    walk.team.inspector.is_superuser = True
    walk.team.inspector.save()
    assert reason(Action.COUNTERSIGN, walk)


def test_roles_and_regions_come_first(now):
    walk = procedure(State.DRAFT, now=now)
    for by in (officer("auditor"), officer("inspector", region="43")):
        assert {bool(move.reason) for move in legal_moves.moves_of(walk.attribution, by=by, now=now)} == {True}


def test_a_draft_without_evidence_or_with_a_clause_that_is_refused_is_not_proposable(now):
    walk = procedure(State.DRAFT, now=now)
    assert reason(Action.PROPOSE, walk) == ""
    walk.attribution.lines.update(clause="Z9")
    assert "Z9" in reason(Action.PROPOSE, walk)
    walk.attribution.lines.get().evidence_links.all().delete()
    assert reason(Action.PROPOSE, walk)


def test_a_statement_that_nobody_made_is_not_answered(now):
    walk = procedure(State.INTENT_SERVED, now=now)
    assert reason(Action.ANSWER_STATEMENT, walk, walk.team.approver)
