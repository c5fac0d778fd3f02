"""The admin: who sees which page, within which region, and what they may change there."""

import pytest
from django.contrib.admin.sites import site
from django.test import Client

from institutions.models import AuditEvent, Institution, Notice, Role, RoleAssignment, User
from institutions.services import audit, job_runs
from tests.factories.institution import InstitutionFactory
from tests.factories.notice import DeliveryFactory, NoticeFactory
from tests.factories.practitioner import PractitionerFactory
from tests.factories.registration import RegistrationFactory
from tests.factories.user import UserFactory, assign, builtin_role, hr_of, officer

pytestmark = pytest.mark.django_db

PAGES = {
    "region": {"inspector", "approver", "appeal_officer", "auditor"},
    "institution": {"inspector", "approver", "appeal_officer", "auditor"},
    "practitioner": {"inspector", "approver", "appeal_officer", "auditor"},
    "notice": {"inspector", "approver", "appeal_officer", "auditor"},
    "rosterimport": {"inspector", "auditor"},
    "rosterupload": {"inspector", "auditor"},
    "practitionermerge": {"inspector", "approver", "appeal_officer", "publisher", "auditor"},
    "servicedesk": {"inspector", "approver", "appeal_officer", "auditor", "administrator"},
    "delivery": {"inspector", "approver", "appeal_officer", "auditor"},
    "pilotregion": {"inspector", "approver", "appeal_officer", "publisher", "auditor"},
    "calendarday": {"inspector", "approver", "appeal_officer", "auditor"},
    "auditevent": {"auditor", "administrator"},
    "recordaccess": {"auditor", "administrator"},
    "jobrun": {"inspector", "approver", "appeal_officer", "publisher", "auditor", "administrator"},
    "user": {"auditor", "administrator"},
    "role": {"auditor", "administrator"},
    "roleassignment": {"auditor", "administrator"},
    "workclaim": {"auditor", "administrator"},
    "delegation": {"inspector", "approver", "appeal_officer", "publisher", "auditor", "administrator"},  # one's own
    "apiclient": set(),  # administrators of the whole country
    "apikey": set(),
}
ROLES = ["inspector", "approver", "appeal_officer", "publisher", "auditor", "administrator"]


def client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def url(model: str, tail: str = "") -> str:
    return f"/admin/institutions/{model}/{tail}"


@pytest.mark.parametrize("role", ROLES)
def test_each_role_opens_the_pages_of_its_table_and_no_other(role, now):
    client = client_of(officer(role, region="15"))
    for model, roles in PAGES.items():
        assert client.get(url(model)).status_code == (200 if role in roles else 403), (role, model)


def test_hr_and_strangers_do_not_enter_the_admin():
    for client in (client_of(hr_of(InstitutionFactory())), Client()):
        assert client.get("/admin/").status_code == 302
        assert client.get(url("notice")).status_code == 302


def test_a_role_without_the_staff_mark_opens_nothing():
    user = assign(UserFactory(), "inspector")
    assert client_of(user).get(url("notice")).status_code == 302


def test_every_model_of_the_admin_is_in_the_table():
    registered = {model._meta.model_name for model in site._registry if model._meta.app_label == "institutions"}
    assert registered == set(PAGES)


@pytest.mark.parametrize("model", [Notice, AuditEvent])
def test_records_are_read_only_even_for_a_superuser(model, now):
    NoticeFactory()
    audit.record_event(action="test.done", subject="test:1", by=None, now=now)
    row = model.objects.latest("pk")
    client = client_of(UserFactory(is_staff=True, is_superuser=True))
    name = model._meta.model_name
    assert client.get(url(name, f"{row.pk}/change/")).status_code == 200
    assert client.post(url(name, f"{row.pk}/change/"), {"reason": "x"}).status_code == 403
    assert client.post(url(name, f"{row.pk}/delete/"), {"post": "yes"}).status_code == 403
    assert client.get(url(name, "add/")).status_code == 403


def test_officers_see_the_rows_of_their_region_only(now):
    here, there = InstitutionFactory(), InstitutionFactory(region__code="431122")
    for institution in (here, there):
        RegistrationFactory(institution=institution)
        DeliveryFactory(notice=NoticeFactory(institution=institution))
        audit.record_event(action="test.done", subject=institution, by=None, now=now, region=institution.region_id)
    client = client_of(assign(officer("inspector", region="15"), "auditor", region="15"))
    for model in ("institution", "practitioner", "notice", "delivery"):
        assert client.get(url(model)).context["cl"].result_count == 1, model
    assert {event.subject_id for event in client.get(url("auditevent")).context["cl"].result_list} == {str(here.pk)}
    assert client.get(url("institution", f"{there.pk}/change/")).status_code == 404


def test_a_provisional_person_is_seen_where_they_were_named():
    person = PractitionerFactory(is_provisional=True, provisional_institution=InstitutionFactory())
    assert (
        client_of(officer("inspector", region="15")).get(url("practitioner", f"{person.pk}/change/")).status_code == 200
    )
    response = client_of(officer("inspector", region="43")).get(url("practitioner", f"{person.pk}/change/"))
    assert response.status_code == 404


def test_only_contact_and_closing_day_of_an_institution_are_kept_by_hand():
    hospital = InstitutionFactory()
    client = client_of(officer("inspector", region="15"))
    form = {"contact": "医保办 0476-1234567", "closed_on": "2025-12-31", "name": "别的", "code": "H1"}
    assert client.post(url("institution", f"{hospital.pk}/change/"), form).status_code == 302
    kept = Institution.objects.get(pk=hospital.pk)
    assert (kept.contact, str(kept.closed_on), kept.name) == ("医保办 0476-1234567", "2025-12-31", hospital.name)
    assert (
        client_of(officer("auditor", region="15")).post(url("institution", f"{hospital.pk}/change/"), form).status_code
        == 403
    )


def test_notices_are_narrowed_by_what_the_recipient_did(now):
    unread = NoticeFactory(escalated_at=now)
    read = NoticeFactory(read_at=now, read_by=UserFactory())
    client = client_of(officer("inspector"))
    for state, expected in (
        ("unread", {unread.number}),
        ("escalated", {unread.number}),
        ("unacknowledged", {unread.number, read.number}),
        ("", {unread.number, read.number}),
    ):
        found = client.get(url("notice"), {"state": state} if state else {}).context["cl"].result_list
        assert {notice.number for notice in found} == expected, state
    assert client.get(url("notice", f"{unread.pk}/change/")).status_code == 200


def test_the_run_book_is_shown(now):
    with job_runs.job_run("test.job", now.date(), now) as counts:
        counts["things"] = 1
    assert "test.job" in client_of(officer("publisher")).get(url("jobrun")).content.decode()


class TestUsers:
    FORM = {
        "username": "zhang",
        "display_name": "张经办",
        "email": "z@example.org",
        "is_active": "on",
        "is_staff": "on",
    }

    def test_an_administrator_makes_a_user_who_cannot_do_everything(self):
        client = client_of(officer("administrator", region="15"))
        passwords = {"usable_password": "true", "password1": "quite-long-pass-9", "password2": "quite-long-pass-9"}
        response = client.post(url("user", "add/"), self.FORM | passwords | {"is_superuser": "on"})
        assert response.status_code == 302, response.context["adminform"].form.errors
        user = User.objects.get(username="zhang")
        assert user.check_password("quite-long-pass-9")
        assert not user.is_superuser

    def test_an_administrator_manages_those_whose_roles_lie_within_their_region(self):
        client = client_of(officer("administrator", region="15"))
        within, new = officer("inspector", region="1504"), UserFactory()
        beyond, national = officer("inspector", region="43"), officer("auditor")
        both = assign(officer("inspector", region="15"), "auditor", region="43")
        chief = UserFactory(is_superuser=True)
        listed = set(client.get(url("user")).context["cl"].result_list)
        assert {within, new} <= listed
        assert listed.isdisjoint({beyond, national, both, chief})
        for user in (beyond, national, chief):
            assert client.post(url("user", f"{user.pk}/change/"), self.FORM).status_code == 404
            assert client.get(url("user", f"{user.pk}/password/")).status_code in {302, 404}
        assert not User.objects.filter(username="zhang").exists()

    def test_a_superuser_manages_everybody(self):
        chief = UserFactory(is_superuser=True, is_staff=True)
        assert set(client_of(chief).get(url("user")).context["cl"].result_list) == set(User.objects.all())

    def test_a_role_is_given_and_withdrawn_through_the_service(self):
        administrator, user = officer("administrator", region="15"), UserFactory()
        client = client_of(administrator)
        form = {"user": user.pk, "role": builtin_role("inspector").pk, "region_prefix": "1504", "institution": ""}
        response = client.post(url("roleassignment", "add/"), form)
        assert response.status_code == 302, response.context["adminform"].form.errors
        assignment = RoleAssignment.objects.get(user=user)
        assert AuditEvent.objects.filter(action="role.assigned", by=administrator).count() == 1
        response = client.post(url("roleassignment", f"{assignment.pk}/delete/"), {"post": "yes"})
        assert response.status_code == 302
        assert not RoleAssignment.objects.filter(user=user).exists()
        assert AuditEvent.objects.filter(action="role.withdrawn", by=administrator).count() == 1

    def test_a_refusal_stands_beside_the_form(self):
        client = client_of(officer("administrator", region="15"))
        form = {
            "user": UserFactory().pk,
            "role": builtin_role("inspector").pk,
            "region_prefix": "43",
            "institution": "",
        }
        response = client.post(url("roleassignment", "add/"), form)
        assert response.status_code == 200
        assert response.context["adminform"].form.non_field_errors()
        assert not RoleAssignment.objects.filter(region_prefix="43").exists()

    def test_roles_that_come_with_the_product_are_not_changed(self):
        client = client_of(officer("administrator"))
        form = {"code": "auditor", "name": "别的", "scope": "region", "permissions": "case.import"}
        assert client.post(url("role", "auditor/change/"), form).status_code == 403
        regional = client_of(officer("administrator", region="15"))
        assert regional.post(url("role", "add/"), form | {"code": "own"}).status_code == 403
        response = client.post(url("role", "add/"), form | {"code": "own"})
        assert response.status_code == 302
        assert Role.objects.get(code="own").permissions == ["case.import"]
        assert regional.post(url("role", "own/change/"), form | {"code": "own"}).status_code == 403
