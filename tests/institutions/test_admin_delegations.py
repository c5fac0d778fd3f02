"""The pages of delegations: named, read and withdrawn; what a deputy's home page, queues and log-in page show."""

from datetime import timedelta

import pytest
from django.test import Client

from institutions import clock
from institutions.clock import local_date
from institutions.models import AuditEvent, Delegation, WorkClaim
from tests.factories.case_file import CaseFileFactory
from tests.factories.delegation import stand_in
from tests.factories.second_factor import enrolled
from tests.factories.user import UserFactory, hr_of, officer

pytestmark = pytest.mark.django_db

HERE, THERE = "150422", "431122"
LIST, ADD = "/admin/institutions/delegation/", "/admin/institutions/delegation/add/"


def client_of(user) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(user)
    return client


def page(delegation) -> str:
    return f"{LIST}{delegation.pk}/change/"


@pytest.fixture(autouse=True)
def today(now):
    clock.move_to(now)
    return local_date(now)


@pytest.fixture
def away():
    return officer("inspector", region=HERE)


@pytest.fixture
def deputy():
    made = officer("approver", region=HERE)
    enrolled(made)
    return made


def sent(delegator, deputy, today, **given):
    span = {"starts_on": today, "ends_on": today + timedelta(days=6)}
    return {"delegator": delegator.pk, "deputy": deputy.pk, "reason": "年休假"} | span | given


class TestNaming:
    def test_an_officer_names_a_deputy_of_their_region(self, away, deputy, today):
        elsewhere, gone = officer("approver", region=THERE), officer("approver", region=HERE)
        gone.is_active = False
        gone.save()
        client = client_of(away)
        form = client.get(ADD).context["adminform"].form
        assert set(form.fields["deputy"].queryset) == {away, deputy}
        assert list(form.fields["delegator"].queryset) == [away]
        for other in (elsewhere, gone):
            assert client.post(ADD, sent(away, other, today)).status_code == 200
        assert not Delegation.objects.exists()
        assert client.post(ADD, sent(away, deputy, today)).status_code == 302
        made = Delegation.objects.get()
        assert (made.delegator, made.deputy, made.created_by, made.reason) == (away, deputy, away, "年休假")

    def test_what_the_service_refuses_stands_beside_the_form(self, away, deputy, today):
        late = {"starts_on": today - timedelta(days=1)}
        answer = client_of(away).post(ADD, sent(away, deputy, today, **late))
        assert "begins today or later" in answer.content.decode()
        stand_in(deputy, away, now=clock.now())
        answer = client_of(away).post(ADD, sent(away, officer("approver", region=HERE), today))
        assert f"{deputy.username} is the deputy" in answer.content.decode()

    def test_an_administrator_does_it_for_those_whom_they_manage(self, away, deputy, today):
        administrator = officer("administrator", region=HERE)
        client = client_of(administrator)
        assert client.post(ADD, sent(officer("inspector", region=THERE), deputy, today)).status_code == 200
        assert not Delegation.objects.exists()
        assert client.post(ADD, sent(away, administrator, today)).status_code == 403
        assert client.post(ADD, sent(away, deputy, today)).status_code == 302
        assert Delegation.objects.get().created_by == administrator

    def test_hospital_staff_have_no_such_page(self, away):
        from tests.factories.institution import InstitutionFactory

        assert client_of(hr_of(InstitutionFactory())).get(LIST).status_code == 302


class TestReading:
    def test_the_two_and_those_who_manage_or_oversee_see_it(self, away, deputy, now):
        made = stand_in(deputy, away, now=now)
        readers = [away, deputy, officer("administrator", region="15"), officer("auditor", region="15")]
        for reader in readers:
            client = client_of(reader)
            assert away.get_full_name() in client.get(LIST).content.decode()
            assert "年休假" in client.get(page(made)).content.decode()
        for other in (officer("inspector", region=HERE), officer("auditor", region=THERE)):
            assert made not in client_of(other).get(LIST).context["cl"].queryset
            assert client_of(other).get(page(made)).status_code == 404

    def test_nothing_is_edited_or_deleted_there(self, away, deputy, now):
        made = stand_in(deputy, away, now=now)
        for reader in (away, officer("administrator", region="15")):
            assert client_of(reader).post(page(made), sent(away, deputy, local_date(now))).status_code == 403
            assert client_of(reader).post(f"{LIST}{made.pk}/delete/", {"post": "yes"}).status_code == 403


class TestWithdrawing:
    def test_with_a_reason_by_the_two_or_their_administrator(self, away, deputy, now):
        made = stand_in(deputy, away, now=now)
        own = f"{LIST}{made.pk}/withdraw/"
        client = client_of(deputy)
        assert client.post(own, {"reason": ""}).status_code == 422
        assert client.post(own, {"reason": "提前返岗"}).status_code == 302
        assert AuditEvent.objects.get(action="delegation.withdrawn").reason == "提前返岗"
        again = client_of(away).post(own, {"reason": "另一原因"})
        assert again.status_code == 409
        assert "This delegation has ended." in again.content.decode()
        assert " disabled" in again.content.decode()

    def test_an_auditor_reads_why_they_cannot(self, away, deputy, now):
        made = stand_in(deputy, away, now=now)
        client = client_of(officer("auditor", region="15"))
        html = client.get(f"{LIST}{made.pk}/withdraw/").content.decode()
        assert "Only the two officers" in html
        assert " disabled" in html
        assert client.post(f"{LIST}{made.pk}/withdraw/", {"reason": "x"}).status_code == 403


class TestWhatADeputySees:
    def test_home_queue_and_log_in_page_say_for_whom_and_until_when(self, away, deputy, now):
        case = CaseFileFactory(institution__region__code=HERE)
        stand_in(deputy, away, now=now)
        client = client_of(deputy)
        for address in ("/admin/", "/admin/queues/cases/"):
            html = client.get(address).content.decode()
            assert f"For {away.get_full_name()} until" in html
        answer = client.get("/admin/next/")
        assert case.number in [one.line.reference for one in answer.context["next"]]
        assert "You stand in for" in client.get("/account/").content.decode()
        assert "stands in for you" in client_of(away).get("/account/").content.decode()
        assert away.get_full_name() not in client_of(officer("approver", region=HERE)).get("/admin/").content.decode()

    def test_rows_that_the_officer_away_holds_are_taken_over(self, away, deputy, now):
        case = CaseFileFactory(institution__region__code=HERE)
        act = f"/admin/queues/cases/{case.pk}/act/"
        client_of(away).post(act, {"move": "claim"})
        colleague = officer("inspector", region=HERE)
        assert client_of(colleague).post(act, {"move": "take-over", "reason": "x"}).status_code == 403
        stand_in(deputy, away, now=now)
        line = client_of(deputy).get("/admin/queues/cases/").context["lines"][0]
        assert line.may_take_over
        client_of(deputy).post(act, {"move": "take-over", "reason": "代班"})
        standing = WorkClaim.objects.get(ended_at=None)
        assert standing.holder == deputy
        assert (
            AuditEvent.objects.filter(action="work.taken_over").get().actor == f"{deputy.username} for {away.username}"
        )

    def test_the_record_of_acts_says_x_for_y(self, away, deputy, now):
        case = CaseFileFactory(institution__region__code=HERE)
        stand_in(deputy, away, now=now)
        client_of(deputy).post(f"/admin/queues/cases/{case.pk}/act/", {"move": "claim"})
        html = client_of(officer("auditor", region="15")).get("/admin/institutions/auditevent/").content.decode()
        assert f"{deputy.username} for {away.username}" in html

    def test_an_officer_without_a_role_holds_what_is_handed_on(self, away, now):
        deputy = UserFactory.create(is_staff=True)
        assert client_of(deputy).get("/admin/queues/cases/").status_code == 403
        stand_in(deputy, away, now=now)
        assert client_of(deputy).get("/admin/queues/cases/").status_code == 200
