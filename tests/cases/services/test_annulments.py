"""F61: the decision against the institution is annulled, and everyone in the case gets everything back."""

from datetime import timedelta

import pytest

from cases.errors import CaseChanged, OfficerNeeded
from cases.models import Attribution, ScoredConduct
from cases.services import attributions
from cases.states import State
from institutions.clock import local_date
from institutions.errors import Forbidden, RuleRefused
from institutions.models import Notice, NoticeKind
from scoring.models import PointsEntry
from scoring.selectors.accounts import load_account
from tests.cases.last_write import LastWriteError, fail_on
from tests.factories.attribution import officers, procedure
from tests.factories.case_file import CaseFileFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return officers()


@pytest.fixture
def case():
    return CaseFileFactory()


def annul(case, team, now, **changes):
    facts = {"annulled_on": local_date(now), "reason": "行政复议撤销处罚决定。", "by": team.approver}
    return attributions.annul_basis(case=case, now=now, **(facts | changes))


def everyone(case, team, now):
    """One person in every state that can still move, and one whose case was rejected."""
    states = [state for state in State if state is not State.SET_ASIDE]
    states.sort(key=lambda state: state is State.HELD)  # whose rules hold whatever is decided after
    walks = {state: procedure(state, now=now, case=case, team=team) for state in states}
    return walks, max(walk.now for walk in walks.values())


def test_everyone_is_undone_in_whatever_state(case, team, now):
    walks, later = everyone(case, team, now)
    annul(case, team, later)
    states = dict(Attribution.objects.values_list("pk", "state"))
    assert states.pop(walks[State.REJECTED].attribution.pk) == State.REJECTED
    assert set(states.values()) == {State.SET_ASIDE}


def test_awards_in_effect_are_reversed_past_days_included(case, team, now):
    walk = procedure(State.EFFECTIVE, now=now, case=case, team=team, line__points=12)
    person, entry = walk.attribution.practitioner, walk.entry
    day = walk.served_on + timedelta(days=1)
    assert load_account(person).account.status_on(day).status == "terminated"
    annul(case, team, walk.now + timedelta(days=3))
    account = load_account(person).account
    assert (account.status_on(day).status, account.points_on(day)) == ("normal", 0)
    assert PointsEntry.objects.get(reverses=entry).points == -12
    assert Attribution.objects.get().entry == entry


def test_whoever_was_told_is_told_and_nobody_else(case, team, now):
    told = procedure(State.INTENT_SERVED, now=now, case=case, team=team)
    procedure(State.PROPOSED, now=now, case=case, team=team)
    annul(case, team, told.now)
    corrections = Notice.objects.filter(kind=NoticeKind.CORRECTION)
    assert {notice.recipient_key.split(":")[0] for notice in corrections} == {"institution", "practitioner"}
    assert {notice.payload["practitioner_slug"] for notice in corrections} == {told.attribution.practitioner.slug}


def test_acts_are_free_to_be_scored_on_another_basis(case, team, now):
    walk = procedure(State.DECIDED, now=now, case=case, team=team)
    annul(case, team, walk.now)
    assert ScoredConduct.objects.get().released_at == walk.now


def test_the_same_a_second_time_changes_nothing_and_another_day_is_refused(case, team, now):
    walk = procedure(State.EFFECTIVE, now=now, case=case, team=team)
    annul(case, team, walk.now)
    annul(case, team, walk.now)
    assert PointsEntry.objects.count() == 2
    with pytest.raises(CaseChanged):
        annul(case, team, walk.now + timedelta(days=1))


def test_needs_a_reason_and_a_possible_day(case, team, now):
    for changes in ({"reason": ""}, {"annulled_on": local_date(now) + timedelta(days=1)}):
        with pytest.raises(RuleRefused):
            annul(case, team, now, **changes)
    with pytest.raises(RuleRefused):
        annul(case, team, now, annulled_on=case.basis.decided_on - timedelta(days=1))


def test_an_inspector_or_the_system_does_not_annul(case, team, now):
    with pytest.raises(Forbidden):
        annul(case, team, now, by=team.inspector)
    with pytest.raises(OfficerNeeded):
        annul(case, team, now, by=None)


def test_nothing_remains_when_the_last_write_fails(case, team, now, monkeypatch):
    walk = procedure(State.EFFECTIVE, now=now, case=case, team=team)
    fail_on(monkeypatch, "cases.services.undoing.attribution_notices.tell_set_aside")
    with pytest.raises(LastWriteError):
        annul(case, team, walk.now)
    case.basis.refresh_from_db()
    assert not case.basis.is_annulled
    assert Attribution.objects.get().state == State.EFFECTIVE
    assert PointsEntry.objects.count() == 1
