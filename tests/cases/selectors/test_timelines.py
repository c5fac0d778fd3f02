"""The course of a case: every act in the order of time, each with words of its own."""

import pytest

from cases.models import Attribution, CaseFile
from cases.selectors.timelines import timeline_of
from cases.services import attributions, undoing
from cases.states import State
from tests.factories.attribution import procedure

pytestmark = pytest.mark.django_db


def course(walk):
    case = CaseFile.objects.get(pk=walk.attribution.case_id)
    rows = Attribution.objects.filter(case=case).select_related("practitioner").prefetch_related("appeals")
    return timeline_of(case, list(rows))


def test_the_whole_way_is_told_latest_first_in_words(now):
    walk = procedure(State.EFFECTIVE, now=now)
    undoing.set_aside_attribution(attribution=walk.attribution, reason="改判。", by=walk.team.approver, now=walk.now)
    told = course(walk)
    assert told[0].action == "attribution.set_aside"
    assert [item.at for item in told] == sorted((item.at for item in told), reverse=True)
    assert all(item.what != item.action for item in told)
    assert {item.about for item in told if item.noun == "attribution"} == {walk.attribution.practitioner.name}
    assert told[0].reason == "改判。"


def test_a_withdrawal_and_a_return_are_told_with_their_reasons(now):
    walk = procedure(State.DRAFT, now=now)
    attributions.withdraw(attribution=walk.attribution, reason="认错了人。", by=walk.team.inspector, now=now)
    attributions.resume(attribution=walk.attribution, by=walk.team.inspector, now=now)
    assert [item.action for item in course(walk)] == ["attribution.resumed", "attribution.withdrawn"]
    assert course(walk)[1].reason == "认错了人。"


def test_other_cases_are_not_told(now):
    walk = procedure(State.PROPOSED, now=now)
    procedure(State.PROPOSED, now=now)
    assert {item.subject for item in course(walk)} == {str(walk.attribution.pk)}
