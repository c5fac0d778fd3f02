"""The page on which an administrator helps a colleague to log in."""

import pytest
from django.test import Client

from institutions import clock
from institutions.models import AuditEvent, LoginSession, SecondFactor
from institutions.services import attempts, sign_in
from tests.factories.second_factor import enrolled
from tests.factories.user import officer

pytestmark = pytest.mark.django_db

WHY = "Came to the office with the service card."


def client_of(user) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(user)
    return client


def page(user) -> str:
    return f"/admin/institutions/user/{user.pk}/log-in/"


def test_a_lost_phone_is_removed_with_a_reason_and_its_sessions_end():
    colleague, administrator = officer("inspector", region="1504"), officer("administrator", region="15")
    enrolled(colleague)
    theirs, client = client_of(colleague), client_of(administrator)
    assert "Remove the second factor" in client.get(page(colleague)).content.decode()
    assert client.post(page(colleague), {"move": "reset", "reason": "lost"}).status_code == 422
    assert SecondFactor.objects.filter(user=colleague).exists()
    assert client.post(page(colleague), {"move": "reset", "reason": WHY}).status_code == 302
    assert not SecondFactor.objects.filter(user=colleague).exists()
    assert not LoginSession.objects.filter(user=colleague).exists()
    assert theirs.get("/admin/").status_code == 302
    assert AuditEvent.objects.get(action="second_factor.reset").reason == WHY


def test_a_lock_out_is_lifted():
    colleague, client = officer("inspector", region="15"), client_of(officer("administrator", region="15"))
    assert "not locked" in client.get(page(colleague)).content.decode()
    for _ in range(5):
        attempts.note_failure(limit=sign_in.BY_USER, source=colleague.username, now=clock.real_now())
    assert "Let them try again" in client.get(page(colleague)).content.decode()
    assert client.post(page(colleague), {"move": "lift"}).status_code == 302
    assert not sign_in.is_locked(colleague, clock.real_now())


def test_nobody_helps_themselves():
    administrator = officer("administrator", region="15")
    enrolled(administrator)
    client = client_of(administrator)
    assert "your own log-in" in client.get(page(administrator)).content.decode()
    assert client.post(page(administrator), {"move": "reset", "reason": WHY}).status_code == 403
    assert SecondFactor.objects.filter(user=administrator).exists()
