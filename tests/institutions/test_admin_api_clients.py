"""The administrator's page for organisations that read by program: a key is shown once."""

import pytest
from django.test import Client

from institutions.models import ApiClient, ApiKey, AuditEvent
from institutions.services import api_keys
from tests.factories.api_client import api_client, api_key
from tests.factories.user import officer

pytestmark = pytest.mark.django_db

CLIENTS, KEYS = "/admin/institutions/apiclient/", "/admin/institutions/apikey/"


@pytest.fixture
def keeper() -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(officer("administrator"))
    return client


@pytest.mark.parametrize(("role", "region"), [("administrator", "15"), ("auditor", ""), ("inspector", "")])
def test_nobody_else_sees_that_there_are_keys(now, role, region):
    key, _token = api_key(now)
    client = Client()
    client.force_login(officer(role, region=region))
    for address in (CLIENTS, KEYS, f"{CLIENTS}{key.client_id}/issue/", f"{KEYS}{key.pk}/revoke/"):
        assert client.get(address).status_code == 403
    assert "apikey" not in client.get("/admin/").content.decode()


def test_an_organisation_is_registered_and_gets_a_key_that_is_shown_once(now, keeper):
    given = {
        "organisation": "健康数据研究所",
        "contact_email": "data@example.org",
        "purpose": "核对公布信息",
        "scopes": ["lookup"],
        "rate_per_minute": "120",
    }
    assert keeper.post(CLIENTS + "add/", given).status_code == 302
    made = ApiClient.objects.get()
    assert (made.organisation, made.scopes, made.rate_per_minute) == ("健康数据研究所", ["lookup"], 120)
    assert "120" in keeper.get(CLIENTS).content.decode()
    issue = f"{CLIENTS}{made.pk}/issue/"
    assert "jf_" not in keeper.get(issue).content.decode().replace("name=", "")
    answer = keeper.post(issue, {"days": "30"})
    assert "no-store" in answer["Cache-Control"]
    key = ApiKey.objects.get()
    token = answer.content.decode().split('translate="no">jf_')[1].split("<")[0]
    assert api_keys.key_shown(f"jf_{token}", now=key.created_at) == key
    for address in (f"{CLIENTS}{made.pk}/change/", KEYS, f"{KEYS}{key.pk}/change/"):
        html = keeper.get(address).content.decode()
        assert key.prefix in html
        assert token.rsplit("_", 1)[1] not in html
    assert set(AuditEvent.objects.values_list("action", flat=True)) >= {"api_client.registered", "api_key.issued"}


def test_refusals_stand_beside_the_form(now, keeper):
    known = api_client(now)
    given = {
        "organisation": known.organisation,
        "contact_email": "data@example.org",
        "purpose": "核对",
        "rate_per_minute": "0",
    }
    assert "errorlist" in keeper.post(CLIENTS + "add/", given).content.decode()
    assert ApiClient.objects.count() == 1
    assert keeper.post(f"{CLIENTS}{known.pk}/issue/", {"days": "4000"}).status_code == 422
    assert not ApiKey.objects.exists()


def test_what_a_client_may_read_is_changed_with_a_reason(now, keeper):
    known = api_client(now)
    address = f"{CLIENTS}{known.pk}/change/"
    keeper.post(address, {"scopes": ["changes"], "rate_per_minute": "30"})
    known.refresh_from_db()
    assert known.rate_per_minute == 300
    assert keeper.post(address, {"scopes": ["changes"], "rate_per_minute": "30", "why": "用量调整"}).status_code == 302
    known.refresh_from_db()
    assert (known.scopes, known.rate_per_minute) == (["changes"], 30)
    assert AuditEvent.objects.filter(action="api_client.changed", reason="用量调整").exists()


def test_a_key_is_revoked_with_a_reason(now, keeper):
    key, token = api_key(now)
    address = f"{KEYS}{key.pk}/revoke/"
    assert keeper.post(address, {"reason": ""}).status_code == 422
    assert keeper.post(address, {"reason": "误发到公开仓库"}).status_code == 302
    with pytest.raises(api_keys.KeyRefused):
        api_keys.key_shown(token, now=now)
    assert "revoked" in keeper.get(f"{KEYS}{key.pk}/change/").content.decode()
