"""F50: whether an appeal stops a measure is the rulebook's word; both ways, shown to the person and in the letter."""

from datetime import timedelta

import pytest

from cases.selectors.appeals import track
from cases.services import appeals
from cases.states import State as DecisionState
from cases.states.appeal import State
from institutions.clock import local_date
from institutions.models import Notice, NoticeKind
from scoring.models import RulebookVersion
from scoring.policy.rulebook import parse_rulebook
from scoring.selectors.status import status_on
from tests.factories.appeal import hearing
from tests.factories.attribution import procedure
from tests.factories.user import officer

pytestmark = pytest.mark.django_db


def make_staying(now):
    """Put a version of the local rules into force under which an appeal stops the measure."""
    local = RulebookVersion.objects.filter(jurisdiction="15").latest("effective_from")
    staying = parse_rulebook(
        {**local.pack, "version": local.version + 1, "effective_from": "2025-06-01", "appeal_stays": True}
    )
    RulebookVersion.objects.create(
        rulebook=staying.id,
        version=staying.version,
        jurisdiction=staying.jurisdiction,
        effective_from=staying.effective_from,
        is_repeal=False,
        title=staying.title,
        pack=dict(staying.resolved),
        digest=staying.digest,
        activated_at=now,
    )


def status(heard, days=0):
    day = local_date(heard.now) + timedelta(days=days)
    return str(status_on(heard.walk.attribution.practitioner, day).status)


def suspended(now):
    return procedure(DecisionState.EFFECTIVE, now=now, line__points=10)


def test_where_it_stays_nothing_the_measure_runs_on(now):
    heard = hearing(State.ACCEPTED, now=now, walk=suspended(now))
    assert status(heard, 1) == "suspended"
    assert not track(heard.appeal, on=local_date(heard.now)).stays
    letter = Notice.objects.filter(kind=NoticeKind.APPEAL).latest("number")
    assert letter.payload["stays"] is False


def test_where_it_stays_the_measure_waits_from_acceptance_to_the_outcome(now):
    make_staying(now)
    heard = hearing(State.FILED, now=now, walk=suspended(now)).later(5)
    assert heard.appeal.stays
    assert status(heard) == "suspended"  # filed is not accepted
    served = 4
    heard.assign().accept()
    assert Notice.objects.filter(kind=NoticeKind.APPEAL).latest("number").payload["stays"] is True
    heard.later(10)
    assert status(heard) == "normal"
    heard.decide("upheld")
    assert status(heard, 1) == "suspended"
    entry = heard.walk.entry
    whole = status_on(heard.walk.attribution.practitioner, local_date(heard.now) + timedelta(days=1))
    assert whole.until is not None
    assert whole.until > entry.effective_on + timedelta(days=120 - served)


@pytest.mark.parametrize("end", ["withdraw", "elevate"])
def test_a_stay_ends_when_the_person_withdraws_and_goes_on_at_the_second_level(now, end):
    make_staying(now)
    heard = hearing(State.ACCEPTED, now=now, walk=suspended(now)).later(60)
    assert status(heard) == "normal"
    if end == "withdraw":
        appeals.withdraw(appeal=heard.appeal, reason="不再申诉。", by=None, now=heard.now)
        assert status(heard, 1) == "suspended"
        return
    heard.made = appeals.elevate(appeal=heard.appeal, grounds="一直没有答复。", by=None, now=heard.now)
    assert status(heard, 1) == "normal"
    heard.officer = officer("appeal_officer")
    heard.assign().accept()
    assert status(heard, 1) == "normal"
    heard.later(5).decide("upheld")
    assert status(heard, 1) == "suspended"
