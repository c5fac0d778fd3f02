"""Keys of programs: shown once, known by their hash, replaced with grace, revoked at once."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.db import DatabaseError, transaction

from institutions.errors import Forbidden, Invalid, KeyRefused, WrongState
from institutions.models import ApiClient, ApiKey, AuditEvent, KeyScope
from institutions.services import api_keys
from tests.factories.api_client import api_client, api_key
from tests.factories.user import officer

pytestmark = pytest.mark.django_db


def test_a_client_gets_a_key_that_is_kept_as_a_hash_only(now):
    key, token = api_keys.issue_key(client=api_client(now), days=30, by=officer("administrator"), now=now)
    assert token.startswith(f"jf_{key.prefix}_")
    assert len(token) == api_keys.KEY_LENGTH
    stored = {str(value) for row in ApiKey.objects.values() for value in row.values()}
    secret = token.rsplit("_", 1)[1]
    assert not any(secret in value for value in stored)
    told = [str(value) for event in AuditEvent.objects.values() for value in event.values()]
    assert not any(secret in value for value in told)
    assert api_keys.key_shown(token, now=now) == key
    assert AuditEvent.objects.filter(action="api_key.issued", subject_id=str(key.pk)).exists()


@pytest.mark.parametrize("role", ["inspector", "approver", "auditor", "publisher"])
def test_only_who_manages_users_of_the_whole_country_keeps_keys(now, role):
    client, (key, _token) = api_client(now), api_key(now)
    for by in (officer(role), officer("administrator", region="15")):
        with pytest.raises(Forbidden):
            api_keys.register_client(
                organisation="某媒体",
                contact_email="data@example.org",
                purpose="核对",
                scopes=[KeyScope.LOOKUP],
                rate_per_minute=60,
                by=by,
                now=now,
            )
        with pytest.raises(Forbidden):
            api_keys.issue_key(client=client, days=30, by=by, now=now)
        with pytest.raises(Forbidden):
            api_keys.change_client(
                client=client, scopes=[KeyScope.LOOKUP], rate_per_minute=1, reason="调整", by=by, now=now
            )
        with pytest.raises(Forbidden):
            api_keys.revoke_key(key=key, reason="泄露", by=by, now=now)


def test_an_organisation_is_registered_once_and_with_known_scopes(now):
    client = api_client(now)
    given = {
        "contact_email": "data@example.org",
        "purpose": "核对",
        "rate_per_minute": 60,
        "by": officer("administrator"),
        "now": now,
    }
    with pytest.raises(WrongState):
        api_keys.register_client(organisation=client.organisation, scopes=[KeyScope.LOOKUP], **given)
    for scopes in ([], ["everything"]):
        with pytest.raises(Invalid):
            api_keys.register_client(organisation="另一机构", scopes=scopes, **given)
    assert ApiClient.objects.count() == 1


@pytest.mark.parametrize("days", [0, api_keys.DAYS_MAX + 1])
def test_a_key_is_given_for_a_term(now, days):
    with pytest.raises(Invalid):
        api_keys.issue_key(client=api_client(now), days=days, by=officer("administrator"), now=now)
    assert not ApiKey.objects.exists()


def test_a_new_key_leaves_the_old_one_its_days_of_grace(now):
    client = api_client(now)
    old, old_token = api_key(now, client)
    _new, new_token = api_key(now, client)
    old.refresh_from_db()
    assert old.expires_at == now + timedelta(days=api_keys.GRACE_DAYS)
    assert api_keys.key_shown(old_token, now=now + timedelta(days=13)) == old
    later = now + timedelta(days=14)
    with pytest.raises(KeyRefused):
        api_keys.key_shown(old_token, now=later)
    assert api_keys.key_shown(new_token, now=later)


def test_a_revoked_key_ends_at_once_and_stays_so(now):
    key, token = api_key(now)
    by = officer("administrator")
    revoked = api_keys.revoke_key(key=key, reason="误发到公开仓库", by=by, now=now)
    assert api_keys.revoke_key(key=key, reason="再次", by=by, now=now + timedelta(days=1)).revoked_at == now
    with pytest.raises(KeyRefused):
        api_keys.key_shown(token, now=now)
    with pytest.raises(DatabaseError), transaction.atomic():
        ApiKey.objects.filter(pk=revoked.pk).update(revoked_at=None, revoked_by=None)
    assert AuditEvent.objects.filter(action="api_key.revoked").count() == 1


@pytest.mark.parametrize(
    "change", [{"digest": "0" * 64}, {"prefix": "another"}, {"expires_at": "later"}, {"created_at": "later"}]
)
def test_the_database_keeps_a_key_as_it_was_given(now, change):
    key, _token = api_key(now)
    moment = now + timedelta(days=4000)
    with pytest.raises(DatabaseError), transaction.atomic():
        ApiKey.objects.filter(pk=key.pk).update(**{k: moment if v == "later" else v for k, v in change.items()})
    with pytest.raises(DatabaseError), transaction.atomic():
        ApiKey.objects.filter(pk=key.pk).delete()


def test_a_failed_audit_leaves_no_key(now, monkeypatch):
    client = api_client(now)
    monkeypatch.setattr(api_keys.audit, "record_event", lambda **kwargs: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        api_keys.issue_key(client=client, days=30, by=officer("administrator"), now=now)
    assert not ApiKey.objects.exists()


@pytest.mark.parametrize("token", ["", "jf_", "jf_aaaaaaaa_" + "a" * 32, "x" * 5000, "键"])
def test_an_unknown_key_is_refused_in_the_same_words(now, token):
    with pytest.raises(KeyRefused) as refused:
        api_keys.key_shown(token, now=now)
    assert refused.value.status == 401


def test_the_day_of_the_last_use_is_written_once_a_day(now):
    key, token = api_key(now)
    for _time in range(3):
        api_keys.key_shown(token, now=now)
    key.refresh_from_db()
    assert str(key.last_used_on) == "2025-06-10"
    changes = apps.get_model("institutions", "ApiKeyEvent").objects.filter(pgh_obj_id=key.pk, pgh_label="update")
    assert changes.count() == 1


def test_a_scope_opens_what_it_names(now):
    key, _token = api_key(now, scopes=[KeyScope.LOOKUP])
    assert api_keys.ensure_scope(key, KeyScope.LOOKUP) == key
    for shown in (key, None):
        with pytest.raises(Forbidden):
            api_keys.ensure_scope(shown, KeyScope.CHANGES)
