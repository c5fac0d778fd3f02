"""Two connections at once: one appeal is filed, one outcome is decided."""

import pytest

from cases.errors import OfficerInvolved
from cases.models import Appeal
from cases.services import appeals
from cases.states import State as DecisionState
from cases.states.appeal import State
from institutions.errors import WrongState
from scoring.models import PointsEntry
from tests.cases.test_concurrency import at_once
from tests.factories.appeal import GROUNDS, REASONS, hearing
from tests.factories.attribution import procedure
from tests.factories.user import officer

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_submissions_at_once_are_one_appeal_with_one_receipt(now):
    walk = procedure(DecisionState.EFFECTIVE, now=now)

    def file():
        return appeals.file_appeal(attribution=walk.attribution, grounds=GROUNDS, by=None, now=walk.now).receipt

    assert len(set(at_once(file, file, file))) == 1
    assert Appeal.objects.count() == 1


def test_two_outcomes_at_once_are_one_outcome(now):
    heard = hearing(State.ACCEPTED, now=now)

    def decide(outcome):
        return appeals.decide(
            appeal=heard.appeal, outcome=outcome, reasons=REASONS, by=heard.officer, now=heard.now
        ).outcome

    results = at_once(lambda: decide("overturned"), lambda: decide("upheld"))
    refused = [result for result in results if isinstance(result, WrongState)]
    assert len(refused) == 1
    kept = heard.appeal.outcome
    assert kept in results
    assert PointsEntry.objects.filter(kind="reversal").count() == (1 if kept == "overturned" else 0)


def test_assigned_to_two_at_once_it_belongs_to_one_who_alone_decides(now):
    heard = hearing(State.FILED, now=now)
    others = [officer("appeal_officer"), officer("appeal_officer")]

    def assign(to):
        return appeals.assign(appeal=heard.appeal, to=to, by=heard.officer, now=heard.now)

    at_once(*(lambda to=to: assign(to) for to in others))
    (loser,) = [other for other in others if other != heard.appeal.assigned_to]
    with pytest.raises(OfficerInvolved):
        appeals.accept(appeal=heard.appeal, by=loser, now=heard.now)


def test_withdrawn_and_decided_at_once_is_one_of_both(now):
    heard = hearing(State.ACCEPTED, now=now)
    results = at_once(
        lambda: appeals.withdraw(appeal=heard.appeal, reason="不再申诉。", by=None, now=heard.now).outcome,
        lambda: (
            appeals.decide(
                appeal=heard.appeal, outcome="overturned", reasons=REASONS, by=heard.officer, now=heard.now
            ).outcome
        ),
    )
    assert sum(isinstance(result, WrongState) for result in results) == 1
    assert PointsEntry.objects.filter(kind="reversal").count() == (heard.appeal.outcome == "overturned")
