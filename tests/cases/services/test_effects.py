"""Putting served decisions into effect: once, dated by the service, whenever it runs."""

from datetime import date, timedelta

import pytest

from cases.errors import SweepIncomplete
from cases.models import Attribution
from cases.services import attributions, effects
from cases.states import State
from institutions.clock import local_date
from institutions.errors import WrongState
from scoring.models import Measure, PointsEntry
from tests.cases.last_write import LastWriteError, fail_on
from tests.factories.attribution import officers, procedure
from tests.factories.case_file import BasisFactory, CaseFileFactory
from tests.factories.practitioner import PractitionerFactory

pytestmark = pytest.mark.django_db


def test_posts_one_award_dated_by_the_service(now):
    walk = procedure(State.SERVED, now=now, line__points=12, line__degree="principal")
    it = walk.make_effective().attribution
    entry = walk.entry
    assert (it.state, entry.points, entry.source_key) == ("effective", 12, f"attribution:{it.pk}")
    assert (entry.effective_on, entry.scored_on) == (walk.served_on, it.case.basis.decided_on)
    assert (entry.case_reference, entry.institution) == (it.case.number, it.case.institution)
    assert Measure.objects.get().starts_on == walk.served_on + timedelta(days=1)


def test_however_late_it_runs_the_dates_are_those_of_service(now):
    """Design §8: correctness never depends on a task being on time."""
    walk = procedure(State.SERVED, now=now)
    served_on = walk.served_on
    walk.now += timedelta(days=40)
    entry = walk.make_effective().entry
    assert entry.effective_on == served_on
    assert local_date(entry.recorded_at) == served_on + timedelta(days=40)


def test_the_year_is_that_of_the_basis(now):
    """A penalty of December, served in January, counts in the old year (regulation §5)."""
    basis = BasisFactory(decided_on=date(2024, 12, 31))
    case = CaseFileFactory(basis=basis, institution=basis.institution)
    assert procedure(State.EFFECTIVE, now=now, case=case).entry.year == 2024


def test_the_chosen_term_goes_with_the_award(now):
    assert procedure(State.EFFECTIVE, now=now, months=3).entry.months == 3


def test_nothing_takes_effect_before_service(now):
    with pytest.raises(WrongState):
        procedure(State.DECIDED, now=now).make_effective()
    assert not PointsEntry.objects.exists()


def test_nothing_remains_when_the_last_write_fails(now, monkeypatch):
    walk = procedure(State.SERVED, now=now)
    fail_on(monkeypatch, "cases.services.effects.audit.record_event")
    with pytest.raises(LastWriteError):
        walk.make_effective()
    assert Attribution.objects.get().state == State.SERVED
    assert not PointsEntry.objects.exists()


class TestSweep:
    def served(self, now, count=2):
        team, case = officers(), CaseFileFactory()
        walks = [procedure(State.SERVED, now=now, team=team, case=case) for _ in range(count)]
        return walks, walks[-1].now

    def test_takes_everyone_who_is_due_and_a_second_run_changes_nothing(self, now):
        _, later = self.served(now)
        assert attributions.make_due_attributions_effective(now=later)["effective"] == 2
        assert attributions.make_due_attributions_effective(now=later)["effective"] == 0
        assert PointsEntry.objects.count() == 2

    def test_leaves_alone_what_is_served_after_the_day_it_runs_for(self, now):
        _, later = self.served(now, count=1)
        day = local_date(later) - timedelta(days=1)
        assert attributions.make_due_attributions_effective(now=later, today=day)["effective"] == 0

    def test_one_that_fails_stops_no_other_and_is_named(self, now, monkeypatch):
        walks, later = self.served(now)
        real, first = effects.ledger.record_award, walks[0].attribution.source_key

        def record_award(**facts):
            if facts["source_key"] == first:
                raise LastWriteError("disk full")
            return real(**facts)

        monkeypatch.setattr(effects.ledger, "record_award", record_award)
        with pytest.raises(SweepIncomplete) as incomplete:
            attributions.make_due_attributions_effective(now=later)
        assert str(walks[0].attribution.pk) in str(incomplete.value.detail)
        assert Attribution.objects.filter(state=State.EFFECTIVE).get() == walks[1].attribution
        assert Attribution.objects.filter(state=State.SERVED).get() == walks[0].attribution

    def test_one_that_was_put_into_effect_meanwhile_is_left_alone(self, now):
        """Between the list and the lock another worker may have done it."""
        walk = procedure(State.SERVED, now=now)
        stale = Attribution.objects.get()
        walk.make_effective()
        assert effects._try_one(stale, walk.now) == "done_elsewhere"
        assert PointsEntry.objects.count() == 1

    def test_two_cases_of_one_person_go_on_one_account(self, now):
        """10 + 10 points of two decisions: the second finds the first."""
        person, team = PractitionerFactory(), officers()
        for _ in range(2):
            walk = procedure(State.SERVED, now=now, practitioner=person, team=team)
        attributions.make_due_attributions_effective(now=walk.now)
        assert {measure.kind for measure in Measure.objects.filter(practitioner=person)} == {"suspend", "terminate"}
