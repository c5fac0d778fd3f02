"""One act for several persons of a case: all of them, or none and every reason."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest

from cases.errors import ManyRefused
from cases.models import Attribution, CaseFile, Service
from cases.selectors.versions import version_of
from cases.services import attributions
from cases.states import State
from institutions.clock import local_date
from institutions.errors import Forbidden, Invalid, NotThere
from tests.factories.attribution import Officers, Procedure, officers, procedure
from tests.factories.case_file import CaseFileFactory

pytestmark = pytest.mark.django_db


@dataclass
class Several:
    case: CaseFile
    walks: list[Procedure]
    team: Officers
    now: datetime

    @property
    def seen(self):
        return {str(walk.attribution.pk): version_of(walk.attribution) for walk in self.walks}

    @property
    def states(self):
        return {row.state for row in Attribution.objects.filter(case=self.case)}

    def serve(self, chosen=None, **changes):
        how: dict[str, Any] = {
            "served_on": local_date(self.now),
            "method": "hr_handover",
            "proof": "签收回执一本",
        } | changes
        chosen = chosen or list(self.seen)
        return attributions.serve_several(case=self.case, chosen=chosen, by=self.team.inspector, now=self.now, **how)


@pytest.fixture
def several(now):
    case, team = CaseFileFactory(), officers()
    return Several(case, [procedure("draft", now=now, case=case, team=team) for _ in range(3)], team, now)


def propose(several, seen=None, by=None):
    return attributions.propose_several(
        case=several.case, seen=seen or several.seen, by=by or several.team.inspector, now=several.now
    )


def test_several_are_proposed_and_served_on_one_day_with_one_proof(several):
    assert len(propose(several)) == 3
    several.serve()
    assert several.states == {State.INTENT_SERVED}
    assert {(row.on, row.proof) for row in Service.objects.all()} == {(local_date(several.now), "签收回执一本")}
    for walk in several.walks:
        walk.attribution.refresh_from_db()
        walk.wait().decide()
    several.now = several.walks[0].now
    several.serve(method="post", proof="EMS 1")
    assert several.states == {State.SERVED}


def test_one_refusal_undoes_all_and_names_the_person(several):
    odd = several.walks[1].attribution
    odd.lines.first().evidence_links.all().delete()
    with pytest.raises(ManyRefused) as refused:
        propose(several)
    assert several.states == {State.DRAFT}
    (error,) = refused.value.errors
    assert (error["place"], error["name"]) == (str(odd.pk), odd.practitioner.name)


def test_what_was_changed_since_it_was_seen_is_refused(several):
    seen = several.seen
    Attribution.objects.filter(pk=several.walks[0].attribution.pk).update(months=3)
    with pytest.raises(ManyRefused):
        propose(several, seen)
    assert several.states == {State.DRAFT}


def test_service_of_a_draft_is_refused_with_the_others(several):
    several.walks[0].propose()
    with pytest.raises(ManyRefused):
        several.serve()
    assert not Service.objects.exists()


def test_nobody_chosen_and_somebody_of_another_case(several, now):
    with pytest.raises(Invalid):
        attributions.propose_several(case=several.case, seen={}, by=several.team.inspector, now=now)
    foreign = procedure("draft", now=now).attribution
    with pytest.raises(NotThere):
        propose(several, {str(foreign.pk): ""})


def test_who_may_not_propose_or_serve(several):
    with pytest.raises(Forbidden):
        propose(several, by=several.team.approver)
    propose(several)
    several.team = Officers(several.team.approver, several.team.inspector)
    with pytest.raises(Forbidden):
        several.serve()
