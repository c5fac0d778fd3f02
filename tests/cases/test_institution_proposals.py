"""F47: a share of the staff under measures raises a proposal with the list; nothing follows by itself."""

from collections import Counter
from datetime import date

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from cases.services import undoing
from cases.states import State
from institutions import clock
from institutions.errors import Forbidden, RuleRefused, WrongState
from institutions.models import AuditEvent, JobRun
from scoring.models import InstitutionProposal
from scoring.services import institution_alerts
from scoring.tasks import watch_institutions
from tests.factories.attribution import days_later, procedure
from tests.factories.institution import InstitutionFactory
from tests.factories.registration import RegistrationFactory
from tests.factories.user import officer

pytestmark = pytest.mark.django_db


def staffed(staff):
    place = InstitutionFactory()
    return place, [RegistrationFactory(institution=place).practitioner for _ in range(staff)]


def suspended(person, now, points=10):
    return procedure(State.EFFECTIVE, now=now, practitioner=person, line__points=points)


def watch(day, now):
    return institution_alerts.watch_institutions(today=day, now=now, counts=Counter())["proposals"]


@pytest.fixture
def raised(now):
    """One of five suspended: a fifth, which is the least share of the national rules."""
    place, people = staffed(5)
    walk = suspended(people[0], now)
    watch(date(2025, 7, 1), days_later(now, 30))
    return InstitutionProposal.objects.get(institution=place), walk


class TestWatch:
    def test_a_fifth_of_the_staff_raises_a_proposal_with_the_list_once(self, raised, now):
        proposal, walk = raised
        assert (proposal.proposal, proposal.affected, proposal.staff) == ("suspend_settlement", 1, 5)
        assert proposal.practitioners == [walk.attribution.practitioner_id]
        assert watch(date(2025, 7, 2), now) == 0
        assert AuditEvent.objects.filter(action="institution.proposed").count() == 1

    def test_half_of_the_staff_raises_the_graver_one(self, now):
        place, people = staffed(2)
        suspended(people[0], now, points=12)
        assert watch(date(2025, 7, 1), now) == 1
        assert InstitutionProposal.objects.get(institution=place).proposal == "suspend_agreement"

    def test_too_few_a_fallen_measure_another_year_and_one_who_worked_elsewhere_raise_nothing(self, now):
        _place, people = staffed(6)
        suspended(people[0], now)  # a sixth
        other, pair = staffed(2)
        walk = suspended(pair[0], now)
        undoing.set_aside_attribution(attribution=walk.attribution, reason="撤销", by=walk.team.approver, now=walk.now)
        left = RegistrationFactory(institution=other, ends_on=date(2025, 1, 31)).practitioner
        suspended(left, now)
        assert watch(date(2025, 7, 1), now) == 0
        assert watch(date(2026, 7, 1), now) == 0
        assert not InstitutionProposal.objects.exists()

    def test_before_the_measure_begins_nothing_is_raised(self, now):
        _place, people = staffed(1)
        walk = suspended(people[0], now)
        assert watch(walk.served_on, now) == 0

    def test_the_night_runs_it_and_writes_its_run(self, now):
        _place, people = staffed(1)
        suspended(people[0], now)
        for _ in range(2):
            watch_institutions(for_date="2025-07-01")
        assert [run.counts for run in JobRun.objects.filter(name="scoring.watch_institutions").order_by("pk")] == [
            {"proposals": 1},
            {"proposals": 0},
        ]


class TestHandle:
    def handle(self, proposal, by, note="已约谈机构负责人,暂不停止结算。", now=None):
        return institution_alerts.handle(proposal=proposal, note=note, by=by, now=now or proposal.raised_at)

    def test_what_became_of_it_is_written_once(self, raised):
        proposal, _walk = raised
        by = officer("approver", region="15")
        assert self.handle(proposal, by) == self.handle(proposal, by)
        with pytest.raises(WrongState):
            self.handle(proposal, by, note="另一个结论。")

    def test_refuses_other_roles_and_regions_and_an_empty_note(self, raised):
        proposal, _walk = raised
        for by in (officer("inspector"), officer("auditor"), officer("approver", region="43")):
            with pytest.raises(Forbidden):
                self.handle(proposal, by)
        with pytest.raises(RuleRefused):
            self.handle(proposal, officer("approver"), note="  ")

    def test_the_database_keeps_it_whole(self, raised):
        with pytest.raises(DatabaseError, match="handling_has"), transaction.atomic():
            InstitutionProposal.objects.update(handled_note="x")

    def test_on_the_page(self, raised):
        proposal, walk = raised
        clock.move_to(proposal.raised_at)
        client = Client(headers={"Accept-Language": "en"})
        client.force_login(officer("approver", region="15"))
        address = f"/admin/scoring/institutionproposal/{proposal.pk}/handle/"
        page = client.get(address).content.decode()
        assert "1 of 5 persons (20 %)" in page
        assert walk.attribution.practitioner.name in page
        assert client.post(address, {"note": ""}).status_code == 422
        assert client.post(address, {"note": "已约谈。"}).status_code == 302
        assert "已约谈。" in client.get(address).content.decode()
        client.force_login(officer("approver", region="43"))
        assert client.get(address).status_code in (302, 404)
