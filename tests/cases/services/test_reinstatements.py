"""F61, back again: a higher court reinstates what was annulled, and everyone in the case is where they were."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from cases.errors import CaseChanged, OfficerNeeded
from cases.models import Annulment, Attribution, ScoredConduct
from cases.selectors.agreement import disagreements
from cases.selectors.entries import standing_entry
from cases.services import attributions, case_links, undoing
from cases.states import State
from institutions.clock import local_date
from institutions.errors import Forbidden, RuleRefused, WrongState
from institutions.models import AuditEvent, Notice, NoticeKind
from scoring.models import PointsEntry
from scoring.selectors.accounts import load_account
from scoring.services.verification import verify_ledger
from tests.cases.last_write import LastWriteError, fail_on
from tests.cases.services.test_finding_annulments import walk_with
from tests.factories.attribution import officers, procedure
from tests.factories.case_file import CaseFileFactory, FindingFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return officers()


@pytest.fixture
def case():
    return CaseFileFactory()


def annul(case, team, now, finding=None):
    facts = {"annulled_on": local_date(now), "reason": "行政复议撤销处罚决定。", "by": team.approver, "now": now}
    if finding is None:
        return attributions.annul_basis(case=case, **facts)
    return attributions.annul_finding(case=case, finding=finding, **facts)


def reinstate(case, team, now, **changes):
    facts = {"reinstated_on": local_date(now), "reason": "再审改判,维持原处罚决定。", "by": team.approver, "now": now}
    return attributions.reinstate_basis(case=case, **(facts | changes))


def everything(person):
    """The account's measures and totals, whichever award they hang on."""
    account = load_account(person).account
    days = [(m.kind, m.starts_on, m.ends_on, m.months_imposed) for m in account.measures]
    return days, [(award.on, award.scored_on, award.points, award.single_points) for award in account.awards]


def test_everyone_is_where_the_annulment_found_them(case, team, now):
    states = [state for state in State if state not in (State.SET_ASIDE, State.REJECTED)]
    states.sort(key=lambda state: state is State.HELD)  # whose rules hold whatever is decided after
    walks = {state: procedure(state, now=now, case=case, team=team) for state in states}
    person = walks[State.EFFECTIVE].attribution.practitioner
    before, later = everything(person), max(walk.now for walk in walks.values()) + timedelta(days=2)
    annul(case, team, later)
    assert everything(person) == ([], [])
    reinstate(case, team, later + timedelta(days=30))
    now_in = {state: Attribution.objects.get(pk=walk.attribution.pk).state for state, walk in walks.items()}
    begun_anew = dict.fromkeys([State.DRAFT, State.PROPOSED, State.INTENT_SERVED], State.DRAFT)
    assert now_in == begun_anew | {s: s for s in (State.DECIDED, State.HELD, State.SERVED, State.EFFECTIVE)}
    assert everything(person) == before
    case.basis.refresh_from_db()
    assert not case.basis.is_annulled
    assert verify_ledger() == []
    assert list(disagreements()) == []


def test_the_award_has_its_own_dates_under_the_next_key(case, team, now):
    walk = procedure(State.EFFECTIVE, now=now, case=case, team=team)
    annul(case, team, walk.now)
    reinstate(case, team, walk.now + timedelta(days=40))
    first, standing = walk.entry, standing_entry(walk.entry)
    assert standing.source_key == f"{first.source_key}:2"
    for column in ("points", "single_points", "effective_on", "scored_on", "lines", "rulebook_id", "months"):
        assert getattr(standing, column) == getattr(first, column)
    assert ScoredConduct.objects.get().released_at is None


def test_whoever_heard_that_it_fell_hears_that_it_stands_again(case, team, now):
    walk = procedure(State.EFFECTIVE, now=now, case=case, team=team)
    annul(case, team, walk.now)
    fell = Notice.objects.filter(kind=NoticeKind.CORRECTION, payload__outcome="reversed")
    told = set(fell.values_list("recipient_key", flat=True))
    reinstate(case, team, walk.now + timedelta(days=1))
    again = Notice.objects.filter(
        kind=NoticeKind.CORRECTION, payload__outcome="reinstated", payload__has_key="points_left"
    )
    assert set(again.values_list("recipient_key", flat=True)) == told
    assert {notice.payload["points_left"] for notice in again} == {walk.entry.points}
    assert all(notice.payload["corrects"] for notice in again)
    changed = Notice.objects.filter(kind=NoticeKind.STATUS_CHANGE).order_by("number")
    assert changed.count() == 2 * len(told)


def test_a_finding_comes_back_beside_what_stands(case, team, now):
    findings = [FindingFactory(case=case, key=key, conduct=key) for key in "ab"]
    walk = walk_with(State.EFFECTIVE, case, team, now, [(findings[0], 5), (findings[1], 8)])
    person = walk.attribution.practitioner
    before = everything(person)
    annul(case, team, walk.now, finding=findings[1])
    assert everything(person) != before
    reinstate(case, team, walk.now + timedelta(days=10), finding=findings[1])
    assert everything(person) == before
    assert not ScoredConduct.objects.filter(released_at__isnull=False).exists()
    assert verify_ledger() == []


def test_two_findings_come_back_in_another_order(case, team, now):
    findings = [FindingFactory(case=case, key=key, conduct=key) for key in "abc"]
    lines = [(findings[0], 5), (findings[1], 8), (findings[2], 10)]
    walk = walk_with(State.EFFECTIVE, case, team, now, lines)
    person, at = walk.attribution.practitioner, walk.now
    before = everything(person)
    annul(case, team, at, finding=findings[2])
    annul(case, team, at + timedelta(days=1), finding=findings[1])
    reinstate(case, team, at + timedelta(days=2), finding=findings[2])
    assert standing_entry(walk.entry).points == 15
    reinstate(case, team, at + timedelta(days=3), finding=findings[1])
    assert (standing_entry(walk.entry).points, everything(person)) == (23, before)
    assert verify_ledger() == []


def test_what_an_appeal_set_aside_stays_so(case, team, now):
    walk = procedure(State.EFFECTIVE, now=now, case=case, team=team)
    undoing.set_aside_attribution(attribution=walk.attribution, reason="申诉成立。", by=team.approver, now=walk.now)
    annul(case, team, walk.now)
    reinstate(case, team, walk.now + timedelta(days=1))
    attribution = Attribution.objects.get()
    assert attribution.state == State.SET_ASIDE
    with pytest.raises(IntegrityError, match="only_a_court_revives"), transaction.atomic():
        Attribution.objects.update(state=State.EFFECTIVE, set_aside_at=None, set_aside_by=None, set_aside_reason="")


def test_an_act_scored_elsewhere_meanwhile_is_refused(case, team, now):
    walk = procedure(State.EFFECTIVE, now=now, case=case, team=team)
    annul(case, team, walk.now)
    other = CaseFileFactory(institution=case.institution)
    link(case, other, team, walk.now)
    procedure(State.EFFECTIVE, now=walk.now, case=other, practitioner=walk.attribution.practitioner, team=team)
    with pytest.raises(CaseChanged):
        reinstate(case, team, walk.now + timedelta(days=20))
    assert Annulment.objects.get().is_open
    assert Attribution.objects.get(case=case).state == State.SET_ASIDE


def link(first, second, team, now):
    case_links.link_cases(first=first, second=second, reason="同一批病历。", by=team.inspector, now=now)


def test_the_same_a_second_time_changes_nothing_and_without_an_annulment_it_is_refused(case, team, now):
    walk = procedure(State.EFFECTIVE, now=now, case=case, team=team)
    with pytest.raises(WrongState):
        reinstate(case, team, walk.now)
    annul(case, team, walk.now)
    reinstate(case, team, walk.now)
    counts = PointsEntry.objects.count(), Notice.objects.count(), AuditEvent.objects.count()
    reinstate(case, team, walk.now)
    assert counts == (PointsEntry.objects.count(), Notice.objects.count(), AuditEvent.objects.count())
    with pytest.raises(WrongState):
        reinstate(case, team, walk.now + timedelta(days=1))


def test_it_can_be_annulled_and_reinstated_again(case, team, now):
    walk = procedure(State.EFFECTIVE, now=now, case=case, team=team)
    person, before = walk.attribution.practitioner, everything(walk.attribution.practitioner)
    for later in range(4):
        (reinstate if later % 2 else annul)(case, team, walk.now + timedelta(days=later))
    assert everything(person) == before
    set_aside = Notice.objects.filter(kind=NoticeKind.CORRECTION, payload__outcome="set_aside", practitioner=person)
    assert set_aside.count() == 2
    assert verify_ledger() == []


def test_needs_a_reason_and_a_possible_day(case, team, now):
    annul(case, team, now)
    for changes in ({"reason": ""}, {"reinstated_on": local_date(now) + timedelta(days=1)}):
        with pytest.raises(RuleRefused):
            reinstate(case, team, now, **changes)
    with pytest.raises(RuleRefused):
        reinstate(case, team, now, reinstated_on=local_date(now) - timedelta(days=1))


def test_an_inspector_or_the_system_does_not_reinstate(case, team, now):
    annul(case, team, now)
    with pytest.raises(Forbidden):
        reinstate(case, team, now, by=team.inspector)
    with pytest.raises(OfficerNeeded):
        reinstate(case, team, now, by=None)


def test_nothing_remains_when_the_last_write_fails(case, team, now, monkeypatch):
    walk = procedure(State.EFFECTIVE, now=now, case=case, team=team)
    annul(case, team, walk.now)
    entries = PointsEntry.objects.count()
    fail_on(monkeypatch, "cases.services.reinstatements.annulment_notices.tell_reinstated")
    with pytest.raises(LastWriteError):
        reinstate(case, team, walk.now)
    assert Annulment.objects.get().is_open
    assert (PointsEntry.objects.count(), Attribution.objects.get().state) == (entries, State.SET_ASIDE)
