"""What an administrator does to a log-in is written down, told to its owner, and ends sessions where it has to."""

import pytest
from django.test import Client

from institutions import clock
from institutions.models import AuditEvent, LoginSession, User
from institutions.services import user_records
from tests.factories.user import PASSWORD, UserFactory, assign, officer

pytestmark = pytest.mark.django_db

USERS = "/admin/institutions/user/"
NEW = "another-password-2026"


@pytest.fixture
def administrator(now):
    clock.move_to(now)
    return officer("administrator", region="15")


@pytest.fixture
def colleague():
    return assign(UserFactory.create(username="colleague", is_staff=True), "inspector", region="1504")


def client_of(user) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(user)
    return client


def acts(subject: User) -> list[tuple[str, dict]]:
    rows = AuditEvent.objects.filter(subject_type="institutions.user", subject_id=str(subject.pk))
    return list(rows.order_by("id").values_list("action", "detail"))


def test_who_makes_a_log_in_is_written_down(administrator):
    sent = {"username": "newcomer", "usable_password": "true", "password1": NEW, "password2": NEW}
    answer = client_of(administrator).post(f"{USERS}add/", sent)
    assert answer.status_code == 302, answer.content.decode()
    made = User.objects.get(username="newcomer")
    assert made.check_password(NEW)
    assert acts(made) == [("user.created", {"username": "newcomer", "is_staff": False})]
    assert AuditEvent.objects.get(action="user.created").by == administrator


def test_what_changes_is_named_and_a_closed_log_in_has_no_session_left(administrator, colleague):
    client_of(colleague).get("/admin/")
    assert LoginSession.objects.filter(user=colleague).exists()
    sent = {"username": "colleague", "display_name": "新名", "email": colleague.email, "is_staff": "on"}
    assert client_of(administrator).post(f"{USERS}{colleague.pk}/change/", sent).status_code == 302
    assert acts(colleague) == [("user.changed", {"fields": ["display_name", "is_active"]})]
    assert not LoginSession.objects.filter(user=colleague).exists()


def test_saving_without_a_change_records_nothing(administrator, colleague, now):
    user_records.save_changed(user=colleague, changed=[], by=administrator, now=now)
    assert acts(colleague) == []


def test_a_password_given_to_a_colleague_is_written_down_and_ends_their_sessions(administrator, colleague):
    client_of(colleague).get("/admin/")
    sent = {"usable_password": "true", "password1": NEW, "password2": NEW, "set-password": "1"}
    answer = client_of(administrator).post(f"{USERS}{colleague.pk}/password/", sent)
    assert answer.status_code == 302, answer.content.decode()
    colleague.refresh_from_db()
    assert colleague.check_password(NEW)
    assert [action for action, _detail in acts(colleague)] == ["password.set"]
    assert not LoginSession.objects.filter(user=colleague).exists()


def test_a_weak_password_changes_and_records_nothing(administrator, colleague):
    sent = {"usable_password": "true", "password1": "short", "password2": "short", "set-password": "1"}
    assert client_of(administrator).post(f"{USERS}{colleague.pk}/password/", sent).status_code == 200
    colleague.refresh_from_db()
    assert colleague.check_password(PASSWORD)
    assert acts(colleague) == []


def test_ones_own_password_is_changed_on_the_page_of_ones_log_in(administrator):
    answer = client_of(administrator).get(f"{USERS}{administrator.pk}/password/")
    assert (answer.status_code, answer["Location"]) == (302, "/account/")


def test_a_colleague_elsewhere_is_not_there(administrator):
    elsewhere = assign(UserFactory.create(is_staff=True), "inspector", region="43")
    sent = {"usable_password": "true", "password1": NEW, "password2": NEW, "set-password": "1"}
    assert client_of(administrator).post(f"{USERS}{elsewhere.pk}/password/", sent).status_code in (403, 404)
    elsewhere.refresh_from_db()
    assert elsewhere.check_password(PASSWORD)
