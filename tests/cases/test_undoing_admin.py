"""The officers' pages of annulment, reinstatement and the restoration manifest, in both languages and to print."""

import pytest
from django.conf import settings
from django.urls import reverse

from cases.models import Annulment, Attribution
from cases.services import undoing
from cases.states import State
from institutions import clock
from institutions.clock import local_date
from tests.cases.services.test_finding_annulments import walk_with
from tests.factories.attribution import officers, procedure
from tests.factories.case_file import CaseFileFactory, FindingFactory
from tests.factories.registration import RegistrationFactory
from tests.factories.user import officer

pytestmark = pytest.mark.django_db

REASON = "行政复议撤销该项违规事实。"


@pytest.fixture
def fallen(now):
    team = officers()
    walk = procedure(State.EFFECTIVE, now=now, team=team, line__points=12)
    later = walk.now.replace(month=walk.now.month + 1)
    undoing.set_aside_attribution(attribution=walk.attribution, reason=REASON, by=team.approver, now=later)
    clock.move_to(later)
    return walk


def manifest_page(attribution):
    return reverse("admin:cases_attribution_manifest", args=[attribution.pk])


@pytest.mark.parametrize(("language", "words"), [("zh-hans", "未了结的为 0"), ("en", "0 open lines")])
@pytest.mark.parametrize("query", ["", "?print=1"])
def test_the_manifest_shows_every_effect_ticked_and_no_officer(client, fallen, language, words, query):
    client.force_login(officer("auditor"))
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    answer = client.get(manifest_page(fallen.attribution) + query)
    content = answer.content.decode()
    assert answer.status_code == 200
    assert words in content
    assert "<strong>open" not in content
    assert fallen.attribution.case.number in content
    for name in (fallen.team.approver.username, fallen.team.inspector.username):
        assert name not in content
    assert content.count("✓") >= 5


def test_the_printed_manifest_lists_the_days_to_claim_again(client, fallen):
    client.force_login(officer("auditor"))
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    walk = procedure(State.EFFECTIVE, now=fallen.now, line__points=12)
    site = RegistrationFactory(practitioner=walk.attribution.practitioner).institution
    later = walk.now.replace(month=walk.now.month + 2)
    undoing.set_aside_attribution(attribution=walk.attribution, reason=REASON, by=walk.team.approver, now=later)
    content = client.get(manifest_page(walk.attribution) + "?print=1").content.decode()
    assert "Claims to resubmit" in content
    assert site.code in content


def test_a_decision_that_stands_has_no_open_lines_and_one_without_effect_answers_409(client, now):
    client.force_login(officer("auditor"))
    stands = procedure(State.EFFECTIVE, now=now)
    assert client.get(manifest_page(stands.attribution)).status_code == 200
    served = procedure(State.SERVED, now=now)
    assert client.get(manifest_page(served.attribution)).status_code == 409


def test_foreign_regions_are_not_there(client, fallen):
    client.force_login(officer("inspector", region="43"))
    assert client.get(manifest_page(fallen.attribution)).status_code in (302, 404)


class TestAnnulmentPage:
    @pytest.fixture
    def walk(self, now):
        case = CaseFileFactory()
        findings = [FindingFactory(case=case, key=key, conduct=key, title=f"事实{key}") for key in "ab"]
        walk = walk_with(State.EFFECTIVE, case, officers(), now, [(findings[0], 5), (findings[1], 8)])
        clock.move_to(walk.now)
        return walk

    def page(self, walk):
        return reverse("admin:cases_casefile_annulment", args=[walk.attribution.case_id])

    def annul(self, client, walk, finding=None, **changes):
        sent = {"move": "annul", "annul-finding": finding.pk if finding else "", "annul-reason": REASON}
        sent["annul-annulled_on"] = local_date(walk.now).isoformat()
        return client.post(self.page(walk), sent | changes)

    def test_an_annulment_by_finding_and_its_reinstatement(self, client, walk):
        client.force_login(walk.team.approver)
        finding = walk.attribution.case.findings.get(key="b")
        assert self.annul(client, walk, finding).status_code == 302
        annulment = Annulment.objects.get(finding=finding)
        assert "事实b" in client.get(self.page(walk)).content.decode()
        sent = {"move": "reinstate", "reinstate-annulment": annulment.pk, "reinstate-reason": REASON}
        sent["reinstate-reinstated_on"] = local_date(walk.now).isoformat()
        assert client.post(self.page(walk), sent).status_code == 302
        annulment.refresh_from_db()
        assert not annulment.is_open

    def test_an_annulment_of_the_whole(self, client, walk):
        client.force_login(walk.team.approver)
        assert self.annul(client, walk).status_code == 302
        assert Attribution.objects.get().state == State.SET_ASIDE

    def test_what_the_service_refuses_stands_beside_the_form(self, client, walk):
        client.force_login(walk.team.approver)
        answer = self.annul(client, walk, **{"annul-annulled_on": "2031-01-01"})
        assert answer.status_code == 422
        assert not Annulment.objects.exists()

    def test_an_inspector_may_not(self, client, walk):
        client.force_login(walk.team.inspector)
        assert client.get(self.page(walk)).status_code in (302, 403)
        assert self.annul(client, walk).status_code in (302, 403)
        assert not Annulment.objects.exists()
