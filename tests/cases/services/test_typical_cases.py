"""Typical cases: drafted from what is in effect, masked, approved by another officer, published, withdrawn."""

from datetime import timedelta

import pytest

from cases.models import TypicalCase
from cases.selectors.typical_cases import published_cases
from cases.services import typical_cases
from cases.services.typical_cases import CaseText
from cases.states import State
from institutions.clock import local_date
from institutions.errors import Forbidden, RuleRefused, WrongState
from institutions.models import AuditEvent
from tests.factories.attribution import procedure
from tests.factories.practitioner import PractitionerFactory
from tests.factories.user import officer

pytestmark = pytest.mark.django_db


@pytest.fixture
def walk(now):
    return procedure(State.EFFECTIVE, now=now)


@pytest.fixture
def drafted(walk):
    return typical_cases.draft_from_case(case=walk.attribution.case, by=walk.team.inspector, now=walk.now)


def text_of(typical: TypicalCase, **changes: str) -> CaseText:
    words = {name: getattr(typical, name) for name in ("title", "body", "title_en", "body_en")}
    return CaseText(**(words | changes))


def test_one_act_drafts_both_languages_with_masked_names(walk, drafted):
    person, case = walk.attribution.practitioner, walk.attribution.case
    assert case.institution.name in drafted.body
    assert case.findings.first().title in drafted.body
    assert f"{walk.entry.points}分" in drafted.body
    assert f"{walk.entry.points} points" in drafted.body_en
    assert "Administrative penalty" in drafted.body_en
    assert "行政处罚" in drafted.body
    assert person.name not in drafted.body + drafted.body_en or "某" in person.name
    assert drafted.clause_codes == ["D1"]
    assert AuditEvent.objects.filter(action="typical_case.drafted").count() == 1


def test_the_draft_that_waits_is_returned(walk, drafted):
    again = typical_cases.draft_from_case(case=walk.attribution.case, by=walk.team.inspector, now=walk.now)
    assert again.pk == drafted.pk
    assert TypicalCase.objects.count() == 1


def test_a_case_without_a_decision_in_effect_tells_nothing(now):
    walk = procedure(State.DECIDED, now=now)
    with pytest.raises(WrongState):
        typical_cases.draft_from_case(case=walk.attribution.case, by=walk.team.inspector, now=walk.now)


def test_a_full_name_is_refused(now):
    walk = procedure(State.EFFECTIVE, now=now)
    person = walk.attribution.practitioner
    type(person).objects.filter(pk=person.pk).update(name="欧阳晓敏")
    typical = typical_cases.draft_from_case(case=walk.attribution.case, by=walk.team.inspector, now=walk.now)
    assert "欧阳某敏" in typical.body
    with pytest.raises(RuleRefused, match="欧阳晓敏"):
        typical_cases.edit_draft(
            typical=typical, text=text_of(typical, body="欧阳晓敏伪造病历。"), by=walk.team.inspector, now=walk.now
        )
    assert PractitionerFactory._meta.model.objects.filter(name="欧阳晓敏").exists()


def test_whoever_wrote_the_words_last_does_not_approve_them(walk, drafted):
    with pytest.raises(Forbidden):
        typical_cases.approve(typical=drafted, by=walk.team.inspector, now=walk.now)
    approved = typical_cases.approve(typical=drafted, by=walk.team.approver, now=walk.now)
    assert approved.approved_by == walk.team.approver
    with pytest.raises(WrongState):
        typical_cases.edit_draft(
            typical=drafted, text=text_of(drafted, title="改"), by=walk.team.inspector, now=walk.now
        )


def test_english_is_given_wholly_or_not(walk, drafted):
    with pytest.raises(RuleRefused):
        typical_cases.edit_draft(
            typical=drafted, text=text_of(drafted, body_en=""), by=walk.team.inspector, now=walk.now
        )


def test_it_is_published_after_approval_and_withdrawn_with_a_reason(walk, drafted):
    publisher, today = officer("publisher"), local_date(walk.now)
    until = today + timedelta(days=30)
    with pytest.raises(WrongState):
        typical_cases.publish(typical=drafted, display_until=until, by=publisher, now=walk.now)
    typical_cases.approve(typical=drafted, by=walk.team.approver, now=walk.now)
    with pytest.raises(RuleRefused):
        typical_cases.publish(typical=drafted, display_until=today, by=publisher, now=walk.now)
    with pytest.raises(Forbidden):
        typical_cases.publish(typical=drafted, display_until=until, by=walk.team.approver, now=walk.now)
    typical_cases.publish(typical=drafted, display_until=until, by=publisher, now=walk.now)
    assert published_cases(today).count() == 1
    with pytest.raises(RuleRefused):
        typical_cases.withdraw(typical=drafted, reason=" ", by=publisher, now=walk.now)
    typical_cases.withdraw(typical=drafted, reason="机构申请复议", by=publisher, now=walk.now)
    assert published_cases(today).count() == 0


def test_an_officer_of_another_region_drafts_nothing(walk):
    with pytest.raises(Forbidden):
        typical_cases.draft_from_case(case=walk.attribution.case, by=officer("inspector", region="65"), now=walk.now)
