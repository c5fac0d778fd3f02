"""F55, F56: an outcome has reasons and a letter; overturned gives everything back, varied is as though decided so."""

from typing import Any

import pytest

from cases.errors import OfficerInvolved, OfficerNeeded
from cases.models import Appeal, Attribution, ScoredConduct, VariedLine
from cases.services import appeals, attributions
from cases.services.appeal_moves import REASONS_RULE
from cases.states import State as DecisionState
from cases.states.appeal import State
from institutions.clock import local_date
from institutions.errors import Forbidden, RuleRefused, WrongState
from institutions.models import AuditEvent, Notice, NoticeKind
from scoring.models import AccountEvent, Measure, PointsEntry, PointsTotal
from scoring.selectors.accounts import load_account
from scoring.selectors.scorecards import public_scorecard
from tests.cases.last_write import LastWriteError, fail_on
from tests.factories.appeal import REASONS, hearing
from tests.factories.attribution import AttributionLineFactory, procedure
from tests.factories.case_file import FindingFactory
from tests.factories.user import officer

pytestmark = pytest.mark.django_db


def two_acts(now, first=10, second=2):
    """A decision in effect about two acts: the first under D1, the second under A1."""
    walk = procedure(DecisionState.DRAFT, now=now, line__points=first)
    other = FindingFactory(case=walk.attribution.case, conduct="overcharging")
    AttributionLineFactory(attribution=walk.attribution, finding=other, clause="A3", degree="important", points=second)
    walk.propose().serve_intent().wait().decide(countersign_reason="按当地清单。").serve().make_effective()
    lines = list(walk.attribution.lines.order_by("-points"))
    return walk, lines


def facts(walk, on):
    """What the public and the payer see of the person on a day: the scorecard and the course of statuses."""
    card: dict[str, Any] = dict(public_scorecard(walk.attribution.practitioner, on=on).as_json())
    account = load_account(walk.attribution.practitioner).account
    for own in ("slug", "name", "institutions"):
        card.pop(own)
    for entry in card["entries"]:
        entry.pop("institution_name")
    measures = [(m.kind, m.starts_on, m.ends_on, m.months_imposed) for m in account.measures]
    return card, measures, [(reminder.at, reminder.on) for reminder in account.reminders]


class TestReasons:
    @pytest.mark.parametrize("outcome", ["upheld", "overturned", "varied", "inadmissible"])
    def test_no_outcome_without_reasons(self, now, outcome):
        heard = hearing(State.FILED, now=now).assign()
        if outcome != "inadmissible":
            heard.accept()
        lines = {heard.walk.attribution.lines.get().pk: 4}
        for empty in ("", " \n\t"):
            with pytest.raises(RuleRefused) as refused:
                heard.decide(outcome, reasons=empty, points_by_line=lines)
            assert refused.value.rule == REASONS_RULE
        assert heard.appeal.is_open
        assert not Notice.objects.filter(kind=NoticeKind.APPEAL_OUTCOME).exists()

    @pytest.mark.parametrize("outcome", ["upheld", "overturned", "varied", "inadmissible"])
    def test_every_outcome_is_told_with_its_reasons(self, now, outcome):
        heard = hearing(State.FILED, now=now).assign()
        if outcome != "inadmissible":
            heard.accept()
        lines = {heard.walk.attribution.lines.get().pk: 4} if outcome == "varied" else None
        heard.decide(outcome, points_by_line=lines)
        letter = Notice.objects.get(kind=NoticeKind.APPEAL_OUTCOME, practitioner__isnull=False)
        after = {"upheld": 10, "overturned": 0, "varied": 4, "inadmissible": 10}[outcome]
        assert (letter.payload["outcome"], letter.payload["reasons"]) == (outcome, [REASONS])
        assert (letter.payload["points_before"], letter.payload["points_after"]) == (10, after)
        assert letter.payload["second_level"]["possible"] is (outcome != "overturned")
        at_work = Notice.objects.get(kind=NoticeKind.APPEAL_OUTCOME, institution__isnull=False)
        assert (at_work.payload["outcome"], at_work.payload["points_after"]) == (outcome, after)
        assert "reasons" not in at_work.payload
        names = [heard.officer.display_name, heard.officer.username]
        assert not any(name in str(notice.payload) for notice in (letter, at_work) for name in names)

    @pytest.mark.parametrize("outcome", ["withdrawn", "elevated", "moot", "nonsense", ""])
    def test_an_officer_decides_only_what_is_an_officers(self, now, outcome):
        heard = hearing(State.ACCEPTED, now=now)
        with pytest.raises(RuleRefused):
            heard.decide(outcome)
        assert heard.appeal.is_open


class TestWhoDecides:
    def test_only_the_assigned_officer(self, now):
        heard = hearing(State.ACCEPTED, now=now)
        with pytest.raises(OfficerInvolved):
            heard.decide(by=officer("appeal_officer"))
        with pytest.raises(Forbidden):
            heard.decide(by=officer("approver"))
        with pytest.raises(Forbidden):
            heard.decide(by=officer("appeal_officer", region="99"))
        with pytest.raises(OfficerNeeded):
            heard.decide(by=None)
        assert heard.appeal.is_open

    def test_another_decision_after_the_first_is_refused(self, now):
        heard = hearing(State.DECIDED, now=now)
        with pytest.raises(WrongState):
            heard.decide("overturned")
        assert Attribution.objects.get().state == DecisionState.EFFECTIVE


class TestOverturned:
    def test_points_measures_scorecard_and_claims_are_as_though_never_decided(self, now):
        heard = hearing(State.ACCEPTED, now=now)
        person = heard.walk.attribution.practitioner
        on = local_date(heard.now)
        assert public_scorecard(person, on=on).points == 10
        heard.later(5).decide("overturned")
        later = local_date(heard.now)
        for day in (on, later):
            card = public_scorecard(person, on=day)
            assert (card.points, card.status, card.entries, card.under_appeal) == (0, "normal", (), False)
        assert not Measure.objects.filter(recorded__endswith__isnull=True).exists()
        assert sum(PointsTotal.objects.values_list("points", flat=True)) == 0
        assert not ScoredConduct.objects.filter(released_at__isnull=True).exists()
        attribution = Attribution.objects.get()
        assert (attribution.state, attribution.set_aside_reason) == (DecisionState.SET_ASIDE, REASONS)
        assert [entry.kind for entry in PointsEntry.objects.order_by("posting")] == ["award", "reversal"]

    def test_when_the_last_write_fails_nothing_remains(self, now, monkeypatch):
        heard = hearing(State.ACCEPTED, now=now)
        fail_on(monkeypatch, "cases.services.appeal_notices.tell_outcome")
        with pytest.raises(LastWriteError):
            heard.decide("overturned")
        assert heard.appeal.state == State.ACCEPTED
        assert Attribution.objects.get().state == DecisionState.EFFECTIVE
        assert PointsEntry.objects.count() == 1
        assert not AuditEvent.objects.filter(action="appeal.decided").exists()


class TestVaried:
    def test_it_equals_a_world_in_which_it_was_decided_so(self, now):
        walk, (first, _second) = two_acts(now)
        heard = hearing(State.ACCEPTED, now=now, walk=walk).later(9)
        heard.decide("varied", points_by_line={first.pk: 4})
        other, _lines = two_acts(now, first=4)
        for days in (0, 1, 40, 400):
            day = local_date(heard.later(days).now)
            assert facts(walk, day) == facts(other, day)

    def test_a_line_at_nothing_falls_with_its_clause_and_its_act(self, now):
        walk, (first, second) = two_acts(now)
        heard = hearing(State.ACCEPTED, now=now, walk=walk).decide("varied", points_by_line={first.pk: 0})
        card = public_scorecard(walk.attribution.practitioner, on=local_date(heard.now))
        assert (card.points, [c.code for c in card.entries[0].clauses]) == (2, ["A3"])
        standing = ScoredConduct.objects.get(released_at__isnull=True)
        assert standing.conduct == second.finding.conduct
        kept = VariedLine.objects.get()
        assert (kept.line, kept.points_before, kept.points_after) == (first, 10, 0)
        letter = Notice.objects.get(kind=NoticeKind.APPEAL_OUTCOME, practitioner__isnull=False)
        assert [(row["points_before"], row["points_after"]) for row in letter.payload["lines"]] == [(10, 0)]

    def test_twice_at_two_levels(self, now):
        walk, (first, second) = two_acts(now)
        heard = hearing(State.ACCEPTED, now=now, walk=walk).decide("varied", points_by_line={first.pk: 8})
        heard.made = appeals.elevate(appeal=heard.appeal, grounds="仍不服。", by=None, now=heard.now)
        heard.officer = officer("appeal_officer")
        heard.assign().accept()
        with pytest.raises(RuleRefused):
            heard.decide("varied", points_by_line={first.pk: 9})
        heard.decide("varied", points_by_line={first.pk: 3, second.pk: 1})
        assert (heard.appeal.points_before, heard.appeal.points_after) == (10, 4)
        assert public_scorecard(walk.attribution.practitioner, on=local_date(heard.now)).points == 4

    @pytest.mark.parametrize("points", [{}, {0: 10}, {0: 11}, {0: -1}, {0: 0, 1: 0}, {"none": 1}])
    def test_what_takes_nothing_away_or_leaves_nothing_is_refused(self, now, points):
        walk, lines = two_acts(now)
        heard = hearing(State.ACCEPTED, now=now, walk=walk)
        by_line = {lines[key].pk if isinstance(key, int) else 0: value for key, value in points.items()}
        with pytest.raises(RuleRefused):
            heard.decide("varied", points_by_line=by_line)
        assert heard.appeal.is_open
        assert PointsEntry.objects.count() == 1

    def test_a_line_that_did_not_count_changes_nothing_by_itself(self, now):
        walk = procedure(DecisionState.DRAFT, now=now, line__points=10)
        line = walk.attribution.lines.get()
        again = FindingFactory(case=walk.attribution.case, conduct=line.finding.conduct)
        AttributionLineFactory(attribution=walk.attribution, finding=again, points=4, clause="B3", degree="general")
        walk.propose().serve_intent().wait().decide().serve().make_effective()
        lower = walk.attribution.lines.get(points=4)
        heard = hearing(State.ACCEPTED, now=now, walk=walk)
        with pytest.raises(RuleRefused, match="10"):
            heard.decide("varied", points_by_line={lower.pk: 2})

    def test_the_points_can_be_seen_beforehand(self, now):
        walk, (first, _second) = two_acts(now)
        heard = hearing(State.ACCEPTED, now=now, walk=walk)
        given: dict[str, Any] = {"appeal": heard.appeal, "points_by_line": {first.pk: 4}}
        assert appeals.preview_points(**given, by=heard.officer) == 6
        with pytest.raises(Forbidden):
            appeals.preview_points(**given, by=walk.team.approver)
        assert PointsEntry.objects.count() == 1

    def test_when_the_last_write_fails_nothing_remains(self, now, monkeypatch):
        heard = hearing(State.ACCEPTED, now=now)
        fail_on(monkeypatch, "cases.services.appeal_notices.tell_outcome")
        with pytest.raises(LastWriteError):
            heard.decide("varied", points_by_line={heard.walk.attribution.lines.get().pk: 4})
        assert heard.appeal.state == State.ACCEPTED
        assert PointsEntry.objects.count() == 1
        assert not VariedLine.objects.exists()


class TestUpheld:
    def test_the_decision_stands_and_the_stay_ends(self, now):
        heard = hearing(State.DECIDED, now=now)
        assert Attribution.objects.get().state == DecisionState.EFFECTIVE
        kinds = [event.kind for event in AccountEvent.objects.order_by("posting")]
        assert kinds == ["appeal_opened", "stay", "dismissal", "appeal_closed"]
        assert public_scorecard(heard.walk.attribution.practitioner, on=local_date(heard.now)).points == 10

    def test_inadmissible_records_no_dismissal_of_what_was_never_accepted(self, now):
        hearing(State.FILED, now=now).assign().decide("inadmissible")
        kinds = [event.kind for event in AccountEvent.objects.order_by("posting")]
        assert kinds == ["appeal_opened", "appeal_closed"]


class TestMoot:
    def test_an_annulled_basis_closes_the_appeal(self, now):
        heard = hearing(State.ACCEPTED, now=now)
        attributions.annul_basis(
            case=heard.walk.attribution.case,
            annulled_on=local_date(heard.now),
            reason="行政复议撤销处罚决定。",
            by=heard.walk.team.approver,
            now=heard.now,
        )
        assert (heard.appeal.state, heard.appeal.outcome, heard.appeal.decided_by) == (State.MOOT, "moot", None)
        assert "行政复议" in heard.appeal.outcome_reasons
        letter = Notice.objects.get(kind=NoticeKind.APPEAL_OUTCOME, practitioner__isnull=False)
        assert letter.payload["outcome"] == "moot"

    def test_where_nothing_is_open_nothing_is_closed(self, now):
        walk = procedure(DecisionState.EFFECTIVE, now=now)
        closed = appeals.close_as_moot(attribution=walk.attribution, reason="x", by=None, now=walk.now)
        assert closed is None
        assert not Appeal.objects.exists()
