"""The signature under points or a term outside the suggested range."""

import pytest

from cases.errors import OfficerNeeded, TwoOfficerRule
from cases.models import Countersignature
from cases.services import attributions
from cases.states import State
from institutions.errors import Forbidden, RuleRefused, WrongState
from tests.cases.last_write import LastWriteError, fail_on
from tests.factories.attribution import procedure
from tests.factories.user import assign, officer

pytestmark = pytest.mark.django_db


@pytest.fixture
def walk(now):
    """Dong'an: seven points under B1, general responsibility."""
    return procedure(State.PROPOSED, now=now, line__clause="B1", line__points=7)


def sign(walk, **changes):
    facts = {"reason": "按当地负面清单。", "by": walk.team.approver}
    return attributions.countersign(attribution=walk.attribution, now=walk.now, **(facts | changes))


def test_names_what_is_outside_the_range(walk):
    signature = sign(walk)
    assert signature.concerns[0]["rule"] == "points_out_of_band"
    assert signature.proposal.number == 1


def test_the_same_a_second_time_changes_nothing_and_another_is_refused(walk):
    assert sign(walk) == sign(walk)
    with pytest.raises(WrongState):
        sign(walk, by=officer("approver"))
    assert Countersignature.objects.count() == 1


def test_a_signed_proposal_needs_no_second_reason_at_the_decision(walk):
    sign(walk)
    walk.serve_intent().wait().decide()
    assert walk.attribution.countersign_reason == "按当地负面清单。"


def test_whoever_proposed_does_not_sign(walk):
    assign(walk.team.inspector, "approver")
    with pytest.raises(TwoOfficerRule):
        sign(walk, by=walk.team.inspector)


def test_an_inspector_or_the_system_does_not_sign(walk):
    with pytest.raises(Forbidden):
        sign(walk, by=officer("inspector"))
    with pytest.raises(OfficerNeeded):
        sign(walk, by=None)


def test_needs_a_reason_and_something_to_sign(walk, now):
    with pytest.raises(RuleRefused):
        sign(walk, reason=" ")
    with pytest.raises(RuleRefused):
        sign(procedure(State.PROPOSED, now=now))


def test_a_draft_is_not_signed(now):
    with pytest.raises(WrongState):
        sign(procedure(State.DRAFT, now=now))


def test_nothing_remains_when_the_last_write_fails(walk, monkeypatch):
    fail_on(monkeypatch, "cases.services.countersignatures.audit.record_event")
    with pytest.raises(LastWriteError):
        sign(walk)
    assert not Countersignature.objects.exists()
