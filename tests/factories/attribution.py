"""Makes attributions, and brings them as far as a test needs through the services themselves."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import factory

from cases.models import Attribution, AttributionLine, CaseFile, ConcernKind, ContinuityChoice, LineEvidence
from cases.selectors.concerns import concerns_before
from cases.services import attributions, concerns
from cases.states import State
from institutions.clock import local_date, start_of
from institutions.models import Practitioner, User
from scoring.models import PointsEntry
from tests.factories.case_file import CaseFileFactory, FindingFactory
from tests.factories.evidence import EvidenceFactory
from tests.factories.practitioner import PractitionerFactory
from tests.factories.rulebook import hold_in_force
from tests.factories.user import officer

REASONING = "长期批量伪造检查报告和病历,对骗取基金起决定作用。"
PROOF = "签收回执第1号"
ANSWER = "已核实,依据见讯问笔录与排班表,当地另有人接诊。"


class AttributionLineFactory(factory.django.DjangoModelFactory[AttributionLine]):
    """Ten points under D1 with one piece of evidence; `evidence=False` leaves it out."""

    class Meta:
        model = AttributionLine
        skip_postgeneration_save = True

    attribution = factory.SubFactory("tests.factories.attribution.AttributionFactory", line=False)
    finding = factory.LazyAttribute(lambda line: FindingFactory(case=line.attribution.case))
    clause = "D1"
    degree = "general"
    points = 10
    reasoning = REASONING

    @factory.post_generation
    def evidence(self: AttributionLine, create: bool, extracted: object, **kwargs: object) -> None:
        """Tie a piece of the case's evidence to the line."""
        if create and extracted is not False:
            LineEvidence.objects.create(line=self, evidence=EvidenceFactory(case=self.attribution.case))


class AttributionFactory(factory.django.DjangoModelFactory[Attribution]):
    """A draft with one line; `line__points=12` and the like shape it, `line=False` leaves it out."""

    class Meta:
        model = Attribution
        skip_postgeneration_save = True

    case = factory.SubFactory(CaseFileFactory)
    practitioner = factory.SubFactory(PractitionerFactory)

    @factory.post_generation
    def line(self: Attribution, create: bool, extracted: object, **kwargs: Any) -> None:
        """Give the draft its line."""
        if create and extracted is not False:
            AttributionLineFactory(attribution=self, **kwargs)


@dataclass(frozen=True)
class Officers:
    """The two officers of a procedure: the inspector proposes and serves, the approver decides."""

    inspector: User
    approver: User


def officers(region: str = "") -> Officers:
    """Return two new officers over a region."""
    return Officers(officer("inspector", region=region), officer("approver", region=region))


def days_later(now: datetime, days: int) -> datetime:
    """Return ten o'clock in the morning, Shanghai, some days later."""
    return start_of(local_date(now) + timedelta(days=days)) + timedelta(hours=10)


@dataclass
class Procedure:
    """One attribution on its way, with its officers and the present instant."""

    attribution: Attribution
    team: Officers
    now: datetime

    @property
    def entry(self) -> PointsEntry:
        """What the ledger holds of it."""
        assert self.attribution.entry is not None
        return self.attribution.entry

    @property
    def served_on(self) -> date:
        """The day on which the decision reached the person."""
        assert self.attribution.served_on is not None
        return self.attribution.served_on

    @property
    def deadline(self) -> date:
        """The last day on which the person may state their side."""
        assert self.attribution.statement_deadline_on is not None
        return self.attribution.statement_deadline_on

    def propose(self) -> "Procedure":
        """Officer A proposes."""
        self.attribution = attributions.propose(attribution=self.attribution, by=self.team.inspector, now=self.now)
        return self

    def serve_intent(self) -> "Procedure":
        """The person is told today."""
        self.attribution = attributions.serve_intent(
            attribution=self.attribution,
            served_on=local_date(self.now),
            method="hr_handover",
            proof=PROOF,
            by=self.team.inspector,
            now=self.now,
        )
        return self

    def wait(self) -> "Procedure":
        """The statement window ends: it is the morning of the day after."""
        self.now = start_of(self.deadline + timedelta(days=1)) + timedelta(hours=10)
        return self

    def decide(self, outcome: str = "decided", **kwargs: Any) -> "Procedure":
        """Officer B answers what is asked before the decision, and decides."""
        answer_questions(self.attribution, by=self.team.approver, now=self.now)
        self.attribution = attributions.decide(
            attribution=self.attribution,
            outcome=outcome,
            reasons="事实清楚,证据充分。",
            by=self.team.approver,
            now=self.now,
            **kwargs,
        )
        return self

    def serve(self) -> "Procedure":
        """The decision reaches the person today."""
        self.attribution = attributions.serve_decision(
            attribution=self.attribution,
            served_on=local_date(self.now),
            method="hr_handover",
            proof=PROOF,
            by=self.team.inspector,
            now=self.now,
        )
        return self

    def make_effective(self) -> "Procedure":
        """The background work puts it into effect."""
        attributions.make_effective(attribution=self.attribution, now=self.now)
        self.attribution = Attribution.objects.get(pk=self.attribution.pk)
        return self


def answer_questions(attribution: Attribution, *, by: User, now: datetime) -> None:
    """Answer whatever has to be answered before the attribution is decided."""
    for item in concerns_before(attribution, on=local_date(now)):
        if item.waits:
            choice = ContinuityChoice.COVER if item.kind is ConcernKind.CONTINUITY else ""
            concerns.answer(
                case=attribution.case, key=item.key, digest=item.digest, text=ANSWER, choice=choice, by=by, now=now
            )


def procedure(
    state: State | str = State.DRAFT,
    *,
    now: datetime,
    case: CaseFile | None = None,
    practitioner: Practitioner | None = None,
    team: Officers | None = None,
    decide: dict[str, Any] | None = None,
    **draft: Any,
) -> Procedure:
    """Bring a new attribution into a state through the services; `line__…` shapes its line, `decide` the decision."""
    made = {"case": case or CaseFileFactory(), "practitioner": practitioner or PractitionerFactory()}
    return reach(Procedure(AttributionFactory(**made, **draft), team or officers(), now), state, decide=decide)


def reach(walk: Procedure, state: State | str, *, decide: dict[str, Any] | None = None) -> Procedure:
    """Bring a draft into a state through the services; for `held` rules that hold every measure come into force."""
    steps: dict[State, list[Callable[[], object]]] = {
        State.DRAFT: [],
        State.PROPOSED: [walk.propose],
        State.INTENT_SERVED: [walk.propose, walk.serve_intent],
        State.DECIDED: [walk.propose, walk.serve_intent, walk.wait, lambda: walk.decide(**(decide or {}))],
        State.REJECTED: [walk.propose, walk.serve_intent, walk.wait, lambda: walk.decide("rejected")],
    }
    steps[State.HELD] = [lambda: hold_in_force(walk.now, measures=("suspend", "terminate")), *steps[State.DECIDED]]
    steps[State.SERVED] = [*steps[State.DECIDED], walk.serve]
    steps[State.EFFECTIVE] = [*steps[State.SERVED], walk.make_effective]
    steps[State.SET_ASIDE] = [*steps[State.PROPOSED], lambda: _set_aside(walk)]
    for step in steps[State(state)]:
        step()
    return walk


def _set_aside(walk: Procedure) -> None:
    attributions.annul_basis(
        case=walk.attribution.case,
        annulled_on=local_date(walk.now),
        reason="行政复议撤销处罚决定。",
        by=walk.team.approver,
        now=walk.now,
    )
    walk.attribution = Attribution.objects.get(pk=walk.attribution.pk)
