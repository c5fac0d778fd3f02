"""F61 by finding: whoever has other findings left is varied, whoever has none is set aside."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from cases.errors import CaseChanged, OfficerNeeded
from cases.models import Annulment, Attribution, AttributionLine, ScoredConduct
from cases.selectors.entries import standing_entry
from cases.services import attributions
from cases.states import State
from institutions.clock import local_date
from institutions.errors import Forbidden, NotThere, RuleRefused
from institutions.models import AuditEvent, Notice, NoticeKind
from scoring.models import Consequence, PointsEntry
from scoring.selectors.accounts import load_account
from scoring.services.verification import verify_ledger
from tests.cases.last_write import LastWriteError, fail_on
from tests.factories.attribution import AttributionFactory, AttributionLineFactory, Procedure, officers, reach
from tests.factories.case_file import CaseFileFactory, FindingFactory

CLAUSES = {2: "A1", 5: "B1", 8: "C1", 10: "D1"}  # points inside each clause's band

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return officers()


@pytest.fixture
def case():
    return CaseFileFactory()


@pytest.fixture
def findings(case):
    return [
        FindingFactory(case=case, key=key, conduct=conduct) for key, conduct in (("a", "x"), ("b", "y"), ("c", "x"))
    ]


def walk_with(state, case, team, now, lines):
    """A person held responsible for several findings: pairs of finding and points."""
    attribution = AttributionFactory(case=case, line=False)
    for finding, points in lines:
        AttributionLineFactory(attribution=attribution, finding=finding, points=points, clause=CLAUSES[points])
    return reach(Procedure(attribution, team, now), state)


def annul(case, finding, team, now, **changes):
    facts = {"annulled_on": local_date(now), "reason": "复议机关撤销该项违规事实。", "by": team.approver}
    return attributions.annul_finding(case=case, finding=finding, now=now, **(facts | changes))


def points_now(attribution):
    entry = PointsEntry.objects.get(attribution=attribution)
    return standing_entry(entry).points


def test_whoever_has_other_findings_left_is_varied_to_what_they_come_to(case, findings, team, now):
    walk = walk_with(State.EFFECTIVE, case, team, now, [(findings[0], 5), (findings[1], 8)])
    person, later = walk.attribution.practitioner, walk.now + timedelta(days=3)
    day = walk.served_on + timedelta(days=1)
    assert load_account(person).account.status_on(day).status == "terminated"
    annul(case, findings[1], team, later)
    account = load_account(person).account
    assert (account.points_on(day), account.status_on(day).status) == (5, "normal")
    attribution = Attribution.objects.get()
    assert attribution.state == State.EFFECTIVE
    assert [row["clause"] for row in standing_entry(walk.entry).lines] == ["B1"]
    assert ScoredConduct.objects.get(conduct="y").released_at == later
    assert ScoredConduct.objects.get(conduct="x").released_at is None
    assert not Consequence.objects.filter(entry=walk.entry, reversal__isnull=True).exists()
    assert verify_ledger() == []


def test_an_act_found_twice_still_counts_once_at_its_highest(case, findings, team, now):
    walk = walk_with(State.EFFECTIVE, case, team, now, [(findings[0], 5), (findings[2], 8)])
    assert points_now(walk.attribution) == 8
    annul(case, findings[0], team, walk.now)
    standing = standing_entry(walk.entry)
    assert (standing.points, [row["clause"] for row in standing.lines]) == (8, ["C1"])
    assert load_account(walk.attribution.practitioner).account.total(2025, walk.served_on) == 8
    annul(case, findings[2], team, walk.now + timedelta(hours=1))
    assert Attribution.objects.get().state == State.SET_ASIDE
    assert load_account(walk.attribution.practitioner).account.total(2025, walk.served_on) == 0
    assert verify_ledger() == []


def test_whoever_has_no_other_finding_is_set_aside_and_others_are_left_alone(case, findings, team, now):
    only = walk_with(State.EFFECTIVE, case, team, now, [(findings[1], 8)])
    other = walk_with(State.EFFECTIVE, case, team, now, [(findings[0], 5)])
    annul(case, findings[1], team, only.now)
    states = dict(Attribution.objects.values_list("pk", "state"))
    assert states == {only.attribution.pk: State.SET_ASIDE, other.attribution.pk: State.EFFECTIVE}
    assert points_now(other.attribution) == 5
    assert PointsEntry.objects.filter(practitioner=other.attribution.practitioner).count() == 1


@pytest.mark.parametrize("state", [State.DRAFT, State.PROPOSED, State.INTENT_SERVED])
def test_what_is_not_decided_goes_on_without_the_lines(state, case, findings, team, now):
    walk = walk_with(state, case, team, now, [(findings[0], 5), (findings[1], 8)])
    annul(case, findings[1], team, walk.now)
    attribution = Attribution.objects.get()
    assert attribution.state == state
    assert list(AttributionLine.objects.values_list("finding__key", flat=True)) == ["a"]
    told = Notice.objects.filter(kind=NoticeKind.CORRECTION).exists()
    assert told == (state is State.INTENT_SERVED)


def test_a_decision_not_yet_in_effect_takes_effect_without_the_finding(case, findings, team, now):
    walk = walk_with(State.SERVED, case, team, now, [(findings[0], 5), (findings[1], 8)])
    annul(case, findings[1], team, walk.now)
    entry = attributions.make_effective(attribution=walk.attribution, now=walk.now)
    assert (entry.points, [row["clause"] for row in entry.lines]) == (5, ["B1"])


def test_the_same_a_second_time_changes_nothing_and_another_day_is_refused(case, findings, team, now):
    walk = walk_with(State.EFFECTIVE, case, team, now, [(findings[0], 5), (findings[1], 8)])
    annul(case, findings[1], team, walk.now)
    counts = PointsEntry.objects.count(), Notice.objects.count(), AuditEvent.objects.count()
    annul(case, findings[1], team, walk.now)
    assert counts == (PointsEntry.objects.count(), Notice.objects.count(), AuditEvent.objects.count())
    with pytest.raises(CaseChanged):
        annul(case, findings[1], team, walk.now + timedelta(days=2))


def test_not_in_a_case_annulled_whole(case, findings, team, now):
    attributions.annul_basis(case=case, annulled_on=local_date(now), reason="撤销。", by=team.approver, now=now)
    with pytest.raises(CaseChanged):
        annul(case, findings[0], team, now)


def test_needs_a_reason_a_possible_day_and_a_finding_of_the_case(case, findings, team, now):
    for changes in ({"reason": " "}, {"annulled_on": local_date(now) + timedelta(days=1)}):
        with pytest.raises(RuleRefused):
            annul(case, findings[0], team, now, **changes)
    with pytest.raises(NotThere):
        annul(case, FindingFactory(), team, now)
    assert not Annulment.objects.exists()


def test_an_inspector_or_the_system_does_not_annul(case, findings, team, now):
    with pytest.raises(Forbidden):
        annul(case, findings[0], team, now, by=team.inspector)
    with pytest.raises(OfficerNeeded):
        annul(case, findings[0], team, now, by=None)


def test_nothing_remains_when_the_last_write_fails(case, findings, team, now, monkeypatch):
    walk = walk_with(State.EFFECTIVE, case, team, now, [(findings[0], 5), (findings[1], 8)])
    fail_on(monkeypatch, "cases.services.annulments._record")
    with pytest.raises(LastWriteError):
        annul(case, findings[1], team, walk.now)
    assert not Annulment.objects.exists()
    assert (PointsEntry.objects.count(), points_now(walk.attribution)) == (1, 13)


def test_an_annulled_finding_carries_no_new_line(case, findings, team, now):
    annul(case, findings[0], team, now)
    with pytest.raises(IntegrityError, match="annulled_finding_carries_no_line"), transaction.atomic():
        AttributionFactory(case=case, line__finding=findings[0])
