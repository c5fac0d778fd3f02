"""A case is annulled while its decisions take effect: each is undone whole or was never posted, and nobody waits in a
circle."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial
from threading import Barrier

import pytest
from django.db import connection

from cases.models import Attribution, CaseFile, ScoredConduct
from cases.selectors.agreement import disagreements
from cases.services import attributions
from cases.states import State
from institutions.clock import local_date
from institutions.errors import WrongState
from institutions.models import AuditEvent, Practitioner
from scoring.enums import EntryKind
from scoring.models import Consequence, Measure, PointsEntry, PointsTotal, Scorecard
from scoring.selectors.status import status_on
from scoring.services.verification import verify_ledger
from tests.factories.attribution import Officers, Procedure, officers, procedure
from tests.factories.case_file import CaseFileFactory
from tests.factories.practitioner import PractitionerFactory

pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE = 3
# When the annulment starts after the sweeps, round by round, as a share of what a whole sweep takes undisturbed.
SHARES = [number / 8 for number in range(-4, 12)]

Act = Callable[[], object]


def race(*acts: tuple[float, Act]) -> list[object]:
    """Run acts on connections of their own, each so many seconds after all were ready; return results or refusals."""
    barrier = Barrier(len(acts))

    def run(delay: float, act: Act) -> object:
        try:
            connection.ensure_connection()
            barrier.wait(timeout=120)
            time.sleep(delay)
            return act()
        except WrongState as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        running = [pool.submit(run, delay, act) for delay, act in acts]
        return [each.result(timeout=300) for each in running]


def served(case: CaseFile, people: list[Practitioner], team: Officers, now: datetime) -> list[Procedure]:
    """Decisions of one case, all served and due."""
    return [procedure(State.SERVED, now=now, case=case, practitioner=person, team=team) for person in people]


def annul(case: CaseFile, team: Officers, at: datetime) -> CaseFile:
    """The decision against the institution falls."""
    return attributions.annul_basis(
        case=case, annulled_on=local_date(at), reason="行政复议撤销处罚决定。", by=team.approver, now=at
    )


def was_undone(attribution: Attribution) -> bool:
    """Whether an attribution took effect before it was set aside; anything between the two orders fails."""
    assert attribution.state == State.SET_ASIDE
    person = attribution.practitioner
    posted = list(PointsEntry.objects.filter(practitioner=person).order_by("posting"))
    acts = AuditEvent.objects.filter(subject_id=str(attribution.pk)).order_by("id").values_list("action", flat=True)
    assert Measure.objects.filter(practitioner=person, recorded__endswith__isnull=True).count() == 0
    assert set(PointsTotal.objects.filter(practitioner=person).values_list("points", flat=True)) <= {0}
    assert not ScoredConduct.objects.filter(attribution=attribution, released_at__isnull=True).exists()
    if not posted:
        assert attribution.entry is None
        assert attribution.effective_at is None
        assert "attribution.effective" not in acts
        assert not Measure.objects.filter(practitioner=person).exists()
        assert not Consequence.objects.filter(practitioner=person).exists()
        assert not Scorecard.objects.filter(practitioner=person).exists()
        return False
    award, reversal = posted
    assert (award.kind, reversal.kind) == (EntryKind.AWARD, EntryKind.REVERSAL)
    assert (reversal.reverses_id, reversal.points) == (award.pk, -award.points)
    assert attribution.entry_id == award.pk
    assert [act for act in acts if act in ("attribution.effective", "attribution.set_aside")] == [
        "attribution.effective",
        "attribution.set_aside",
    ]
    known = Measure.objects.filter(practitioner=person)
    assert {row.recorded.lower for row in known} == {award.recorded_at}
    assert {row.recorded.upper for row in known} == {reversal.recorded_at}
    assert not Consequence.objects.filter(entry=award, reversal__isnull=True).exists()
    return True


def lived(team: Officers, now: datetime, acts: Callable[[CaseFile, list[Procedure]], object]) -> int:
    """Bring a case to its served decisions, let the acts happen, and return how many took effect before all fell."""
    case: CaseFile = CaseFileFactory.create()
    walks = served(case, [PractitionerFactory.create() for _ in range(PEOPLE)], team, now)
    acts(case, walks)
    rows = Attribution.objects.filter(case=case).select_related("practitioner", "entry")
    assert len(rows) == PEOPLE
    undone = sum(was_undone(row) for row in rows)
    assert all(status_on(row.practitioner, local_date(walks[-1].now)).status == "normal" for row in rows)
    assert attributions.make_due_attributions_effective(now=walks[-1].now)["effective"] == 0
    return undone


def test_annulling_a_case_while_its_decisions_take_effect_leaves_one_of_the_two_orders(now: datetime) -> None:
    team = officers()
    took: list[float] = []

    def effects_first(case: CaseFile, walks: list[Procedure]) -> None:
        began = time.monotonic()
        attributions.make_due_attributions_effective(now=walks[-1].now)
        took.append(time.monotonic() - began)
        annul(case, team, walks[-1].now)

    def annulment_first(case: CaseFile, walks: list[Procedure]) -> None:
        annul(case, team, walks[-1].now)
        attributions.make_due_attributions_effective(now=walks[-1].now)

    assert lived(team, now, effects_first) == PEOPLE
    assert lived(team, now, annulment_first) == 0
    for share in SHARES:
        late = share * took[0]

        def at_once(case: CaseFile, walks: list[Procedure], late: float = late) -> None:
            at = walks[-1].now
            sweep = partial(attributions.make_due_attributions_effective, now=at)
            single = partial(attributions.make_effective, attribution=walks[-1].attribution, now=at)
            race(
                (max(late, 0), partial(annul, case, team, at)),
                (max(-late, 0), sweep),
                (max(-late, 0), sweep),
                (max(-late, 0), single),
            )

        lived(team, now, at_once)  # whatever came first, nothing is in between
    assert verify_ledger() == []
    assert list(disagreements()) == []


def test_cases_about_the_same_people_are_annulled_at_once_without_a_deadlock(now: datetime) -> None:
    team = officers()
    for _round in range(8):
        people: list[Practitioner] = [PractitionerFactory.create() for _ in range(3)]
        cases: list[CaseFile] = [CaseFileFactory.create() for _ in range(3)]
        walks = [
            walk
            for case, order in zip(cases, (people, people[::-1], people[1:] + people[:1]), strict=True)
            for walk in served(case, order, team, now)
        ]
        at = walks[-1].now
        attributions.make_due_attributions_effective(now=at)
        race(*((0, partial(annul, case, team, at)) for case in cases))
        rows = Attribution.objects.filter(case__in=cases)
        assert {row.state for row in rows} == {State.SET_ASIDE}
        entries = PointsEntry.objects.filter(practitioner__in=people)
        assert entries.filter(kind=EntryKind.AWARD).count() == entries.filter(kind=EntryKind.REVERSAL).count() == 9
    assert verify_ledger() == []
