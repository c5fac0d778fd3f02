"""Drafting, changing and proposing."""

from dataclasses import replace

import pytest

from cases.errors import CountersignatureNeeded, OfficerNeeded, ProposalRefused
from cases.models import Attribution, AttributionLine, Countersignature, Proposal
from cases.services import attributions
from cases.services.attributions import LineInput
from cases.states import State
from institutions.errors import Forbidden, Invalid, RuleRefused, WrongState
from institutions.models import AuditEvent
from tests.cases.last_write import LastWriteError, fail_on
from tests.factories.attribution import REASONING, AttributionFactory, AttributionLineFactory, officers, procedure
from tests.factories.case_file import BasisFactory, CaseFileFactory, FindingFactory
from tests.factories.evidence import EvidenceFactory
from tests.factories.practitioner import PractitionerFactory
from tests.factories.user import assign, officer

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return officers()


@pytest.fixture
def case():
    case = CaseFileFactory()
    FindingFactory(case=case, key="f1")
    EvidenceFactory(case=case, key="e1")
    return case


def line(**changes):
    plain = LineInput(finding="f1", clause="D1", degree="general", points=10, reasoning=REASONING, evidence=("e1",))
    return replace(plain, **changes)


class TestCreateDraft:
    def create(self, case, team, now, *lines, person=None, by=None):
        return attributions.create_draft(
            case=case,
            practitioner=person or PractitionerFactory(),
            lines=lines or [line()],
            by=by or team.inspector,
            now=now,
        )

    def test_opens_a_draft_with_its_lines_and_evidence(self, case, team, now):
        made = self.create(case, team, now)
        stored = made.lines.get()
        assert (made.state, stored.points, stored.finding.key) == ("draft", 10, "f1")
        assert [piece.key for piece in stored.evidence.all()] == ["e1"]
        assert AuditEvent.objects.get(subject_id=str(made.pk)).action == "attribution.drafted"

    def test_one_attribution_per_person_and_case(self, case, team, now):
        person = PractitionerFactory()
        self.create(case, team, now, person=person)
        with pytest.raises(WrongState) as refused:
            self.create(case, team, now, person=person)
        assert refused.value.rule == "design: one attribution per person and case"

    def test_an_officer_without_the_permission_is_refused(self, case, team, now):
        with pytest.raises(Forbidden):
            self.create(case, team, now, by=team.approver)

    def test_an_officer_of_another_region_is_refused(self, case, team, now):
        with pytest.raises(Forbidden):
            self.create(case, team, now, by=officer("inspector", region="43"))

    @pytest.mark.parametrize(
        ("fault", "place"),
        [
            ({"finding": "f9"}, "lines[0].finding"),
            ({"evidence": ("e9",)}, "lines[0].evidence[0]"),
            ({"degree": "total"}, "lines[0].degree"),
            ({"points": 0}, "lines[0].points"),
            ({"reasoning": "太短"}, "lines[0].reasoning"),
            ({"reasoning": "太短" + " " * 30}, "lines[0].reasoning"),
        ],
    )
    def test_faulty_lines_are_refused_with_their_place(self, case, team, now, fault, place):
        with pytest.raises(Invalid) as refused:
            self.create(case, team, now, line(**fault))
        assert [error["place"] for error in refused.value.errors] == [place]
        assert not Attribution.objects.exists()

    def test_the_same_finding_twice_under_one_clause_is_refused(self, case, team, now):
        with pytest.raises(Invalid):
            self.create(case, team, now, line(), line())

    def test_no_lines_are_refused(self, case, team, now):
        with pytest.raises(Invalid):
            attributions.create_draft(
                case=case, practitioner=PractitionerFactory(), lines=[], by=team.inspector, now=now
            )

    def test_a_case_whose_basis_was_annulled_is_refused(self, case, team, now):
        attributions.annul_basis(case=case, annulled_on=case.basis.decided_on, reason="撤销", by=team.approver, now=now)
        with pytest.raises(WrongState) as refused:
            self.create(case, team, now)
        assert refused.value.state == "annulled"

    def test_nothing_remains_when_the_last_write_fails(self, case, team, now, monkeypatch):
        fail_on(monkeypatch, "cases.services.proposals.audit.record_event")
        with pytest.raises(LastWriteError):
            self.create(case, team, now)
        assert not Attribution.objects.exists()
        assert not AttributionLine.objects.exists()


class TestPropose:
    def test_freezes_the_lines_under_the_officer(self, now):
        walk = procedure(State.PROPOSED, now=now)
        it, frozen = walk.attribution, Proposal.objects.get()
        assert (it.state, it.proposed_by, it.proposed_at) == ("proposed", walk.team.inspector, now)
        assert (frozen.number, frozen.points, frozen.lines[0]["clause"]) == (1, 10, "D1")

    def test_twice_is_not_possible(self, now):
        with pytest.raises(WrongState):
            procedure(State.PROPOSED, now=now).propose()

    def test_an_approver_does_not_propose(self, team, now):
        with pytest.raises(Forbidden):
            attributions.propose(attribution=AttributionFactory(), by=team.approver, now=now)

    def test_the_system_does_not_propose(self, now):
        with pytest.raises(OfficerNeeded):
            attributions.propose(attribution=AttributionFactory(), by=None, now=now)

    def test_without_evidence_for_the_person_it_is_refused(self, team, now):
        """F13: at least one piece of evidence per attributed person."""
        with pytest.raises(RuleRefused) as refused:
            attributions.propose(attribution=AttributionFactory(line__evidence=False), by=team.inspector, now=now)
        assert refused.value.rule == "design: at least one piece of evidence per person"

    def test_out_of_band_points_may_be_proposed(self, now):
        """F11: never a silent block; the second officer countersigns."""
        walk = procedure(State.PROPOSED, now=now, line__clause="B1", line__points=7)
        assert walk.attribution.state == State.PROPOSED

    def test_a_clause_that_does_not_accept_the_basis_is_refused(self, team, now):
        """Design §3: each clause names the kinds of basis it accepts."""
        basis = BasisFactory(kind="agreement_handling")
        case = CaseFileFactory(basis=basis, institution=basis.institution)
        with pytest.raises(ProposalRefused) as refused:
            attributions.propose(attribution=AttributionFactory(case=case), by=team.inspector, now=now)
        assert refused.value.rule == "basis_not_accepted"
        assert refused.value.errors[0]["place"] == "lines[0]"

    def test_an_act_before_the_scheme_started_is_refused_with_that_reason(self, team, now):
        """F09."""
        it = AttributionFactory(line=False)
        finding = FindingFactory(case=it.case, from_on="2024-12-01", to_on="2024-12-31")
        AttributionLineFactory(attribution=it, finding=finding)
        with pytest.raises(ProposalRefused) as refused:
            attributions.propose(attribution=it, by=team.inspector, now=now)
        assert [error["rule"] for error in refused.value.errors] == ["conduct_cutoff", "nothing_to_score"]

    def test_nothing_remains_when_the_last_write_fails(self, now, monkeypatch):
        walk = procedure(State.DRAFT, now=now)
        fail_on(monkeypatch, "cases.services.proposals.audit.record_event")
        with pytest.raises(LastWriteError):
            walk.propose()
        assert Attribution.objects.get().state == State.DRAFT
        assert not Proposal.objects.exists()


class TestEditLines:
    def edit(self, walk, *, months=None, by=None, **changes):
        stored = walk.attribution.lines.get()
        facts = {
            "finding": stored.finding.key,
            "clause": stored.clause,
            "degree": stored.degree,
            "points": stored.points,
            "evidence": tuple(stored.evidence.values_list("key", flat=True)),
        }
        walk.attribution = attributions.edit_lines(
            attribution=walk.attribution,
            lines=[line(**(facts | changes))],
            months=months,
            by=by or walk.team.inspector,
            now=walk.now,
        )
        return walk.attribution

    def test_a_draft_is_changed_freely(self, now):
        walk = procedure(State.DRAFT, now=now)
        assert self.edit(walk, points=12, degree="principal").state == State.DRAFT
        assert walk.attribution.lines.get().points == 12
        assert not Proposal.objects.exists()

    def test_a_changed_proposal_is_a_new_proposal_by_whoever_changed_it(self, now):
        walk, other = procedure(State.PROPOSED, now=now), officer("inspector")
        it = self.edit(walk, points=11, degree="important", by=other)
        assert (it.state, it.proposed_by) == (State.PROPOSED, other)
        assert list(Proposal.objects.values_list("number", "points")) == [(1, 10), (2, 11)]

    def test_neither_author_decides_afterwards(self, now):
        """F12: whoever proposed any version is never the approver."""
        walk, other = procedure(State.PROPOSED, now=now), officer("inspector")
        self.edit(walk, points=11, by=other)
        walk.serve_intent().wait()
        for author in (walk.team.inspector, other):
            assign(author, "approver")
            with pytest.raises(Forbidden):
                attributions.decide(
                    attribution=walk.attribution, outcome="decided", reasons="属实。", by=author, now=walk.now
                )

    def test_editing_voids_the_countersignature_and_keeps_it(self, now):
        """F12."""
        walk = procedure(State.PROPOSED, now=now, line__clause="D1", line__points=9)
        signature = attributions.countersign(
            attribution=walk.attribution, reason="当地清单。", by=walk.team.approver, now=now
        )
        assert signature.is_valid
        self.edit(walk, points=8)
        assert not Countersignature.objects.get().is_valid
        walk.serve_intent().wait()
        with pytest.raises(CountersignatureNeeded):
            walk.decide()

    def test_a_change_to_disadvantage_after_the_intent_opens_a_new_window(self, now):
        """Design §6."""
        walk = procedure(State.INTENT_SERVED, now=now)
        first = walk.deadline
        assert self.edit(walk, points=11).state == State.PROPOSED
        walk.wait().serve_intent()
        assert walk.attribution.window == 2
        assert walk.deadline > first

    def test_a_change_to_advantage_keeps_the_window(self, now):
        walk = procedure(State.INTENT_SERVED, now=now, line__points=12)
        deadline = walk.attribution.statement_deadline_on
        it = self.edit(walk, points=10)
        assert (it.state, it.window, it.statement_deadline_on) == (State.INTENT_SERVED, 1, deadline)

    def test_a_decided_attribution_is_not_changed(self, now):
        with pytest.raises(WrongState):
            self.edit(procedure(State.DECIDED, now=now), points=1)

    def test_a_stranger_does_not_edit(self, now):
        with pytest.raises(Forbidden):
            self.edit(procedure(State.DRAFT, now=now), by=officer("auditor"))

    def test_evidence_may_be_exchanged(self, now):
        walk = procedure(State.DRAFT, now=now)
        EvidenceFactory(case=walk.attribution.case, key="other")
        self.edit(walk, evidence=("other",))
        assert [piece.key for piece in walk.attribution.lines.get().evidence.all()] == ["other"]

    def test_a_line_may_be_replaced_by_another(self, now):
        walk = procedure(State.DRAFT, now=now)
        self.edit(walk, clause="D3")
        assert [stored.clause for stored in walk.attribution.lines.all()] == ["D3"]

    def test_nothing_remains_when_the_last_write_fails(self, now, monkeypatch):
        walk = procedure(State.INTENT_SERVED, now=now)
        fail_on(monkeypatch, "cases.services.proposals.audit.record_event")
        with pytest.raises(LastWriteError):
            self.edit(walk, points=12)
        kept = Attribution.objects.get()
        assert (kept.state, kept.lines.get().points) == (State.INTENT_SERVED, 10)
        assert Proposal.objects.count() == 1


class TestReturn:
    def test_goes_back_to_proposed_with_the_reason_on_record(self, now):
        walk = procedure(State.INTENT_SERVED, now=now)
        it = attributions.return_for_changes(
            attribution=walk.attribution, reason="补充证据。", by=walk.team.approver, now=now
        )
        assert it.state == State.PROPOSED
        assert AuditEvent.objects.get(action="attribution.returned").reason == "补充证据。"

    def test_needs_a_reason(self, now):
        walk = procedure(State.INTENT_SERVED, now=now)
        with pytest.raises(RuleRefused):
            attributions.return_for_changes(attribution=walk.attribution, reason=" ", by=walk.team.approver, now=now)

    def test_is_not_for_a_decided_one(self, now):
        walk = procedure(State.DECIDED, now=now)
        with pytest.raises(WrongState):
            attributions.return_for_changes(attribution=walk.attribution, reason="x", by=walk.team.approver, now=now)

    def test_an_auditor_does_not(self, now):
        walk = procedure(State.INTENT_SERVED, now=now)
        with pytest.raises(Forbidden):
            attributions.return_for_changes(attribution=walk.attribution, reason="x", by=officer("auditor"), now=now)

    def test_nothing_remains_when_the_last_write_fails(self, now, monkeypatch):
        walk = procedure(State.INTENT_SERVED, now=now)
        fail_on(monkeypatch, "cases.services.proposals.audit.record_event")
        with pytest.raises(LastWriteError):
            attributions.return_for_changes(attribution=walk.attribution, reason="x", by=walk.team.approver, now=now)
        assert Attribution.objects.get().state == State.INTENT_SERVED
