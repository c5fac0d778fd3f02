"""Linking cases of one institution."""

import pytest

from cases.models import CaseLink, ScoredConduct
from cases.services import case_links
from cases.states import State
from institutions.errors import Forbidden, RuleRefused
from tests.cases.last_write import LastWriteError, fail_on
from tests.factories.attribution import officers, procedure
from tests.factories.case_file import BasisFactory, CaseFileFactory
from tests.factories.practitioner import PractitionerFactory
from tests.factories.user import officer

pytestmark = pytest.mark.django_db


@pytest.fixture
def inspector():
    return officer("inspector")


@pytest.fixture
def pair():
    first = CaseFileFactory()
    return first, sibling(first)


def sibling(case):
    return CaseFileFactory(basis=BasisFactory(institution=case.institution), institution=case.institution)


def link(pair, by, now, reason="同一行为"):
    made = case_links.link_cases(first=pair[0], second=pair[1], reason=reason, by=by, now=now)
    for case in pair:
        case.refresh_from_db()
    return made


def test_linked_cases_share_their_acts(pair, inspector, now):
    link(pair, inspector, now)
    assert pair[0].conduct_scope == pair[1].conduct_scope


def test_whatever_either_is_linked_to_comes_along(pair, inspector, now):
    third = sibling(pair[0])
    link(pair, inspector, now)
    link((third, pair[0]), inspector, now)
    pair[1].refresh_from_db()
    assert third.conduct_scope == pair[1].conduct_scope


def test_the_same_link_a_second_time_changes_nothing(pair, inspector, now):
    assert link(pair, inspector, now) == link((pair[1], pair[0]), inspector, now)
    assert CaseLink.objects.count() == 1


def test_cases_of_two_institutions_or_a_case_with_itself_are_refused(pair, inspector, now):
    for other in (CaseFileFactory(), pair[0]):
        with pytest.raises(RuleRefused):
            link((pair[0], other), inspector, now)


def test_needs_a_reason(pair, inspector, now):
    with pytest.raises(RuleRefused):
        link(pair, inspector, now, reason=" ")


def test_refused_where_both_score_the_same_act_already(pair, inspector, now):
    """F07: the unique constraint has the last word."""
    person, team = PractitionerFactory(), officers()
    for case in pair:
        procedure(State.DECIDED, now=now, case=case, practitioner=person, team=team)
    with pytest.raises(RuleRefused):
        link(pair, inspector, now)
    assert not CaseLink.objects.exists()
    assert len(set(ScoredConduct.objects.values_list("scope", flat=True))) == 2


def test_an_approver_does_not_link(pair, now):
    with pytest.raises(Forbidden):
        link(pair, officer("approver"), now)


def test_nothing_remains_when_the_last_write_fails(pair, inspector, now, monkeypatch):
    fail_on(monkeypatch, "cases.services.case_links.audit.record_event")
    with pytest.raises(LastWriteError):
        link(pair, inspector, now)
    assert not CaseLink.objects.exists()
