"""`/api/v1/notices/`: narrowed by role, region and institution."""

import pytest
from rest_framework.test import APIClient

from institutions.models import NoticeKind
from tests.factories.institution import InstitutionFactory
from tests.factories.notice import NoticeFactory
from tests.factories.practitioner import PractitionerFactory
from tests.factories.user import UserFactory, hr_of, officer

pytestmark = pytest.mark.django_db

URL = "/api/v1/notices/"


def client_of(user) -> APIClient:
    client = APIClient()
    client.force_authenticate(user)
    return client


def numbers(response) -> set[str]:
    assert response.status_code == 200, response.json()
    return {row["number"] for row in response.json()["results"]}


def test_hr_sees_the_notices_of_their_own_institution_and_no_other():
    mine, other = NoticeFactory(), NoticeFactory()
    client = client_of(hr_of(mine.institution))
    assert numbers(client.get(URL)) == {mine.number}
    assert client.get(f"{URL}{mine.number}/").status_code == 200
    for path in ("", "read/", "acknowledge/"):
        method = client.get if not path else client.post
        response = method(f"{URL}{other.number}/{path}")
        assert response.status_code == 404
        assert response["Content-Type"] == "application/problem+json"
    other.refresh_from_db()
    assert other.read_at is None


def test_an_officer_sees_the_notices_of_their_region_and_does_not_read_in_the_institutions_name():
    here = NoticeFactory()
    there = NoticeFactory(institution=InstitutionFactory(region__code="431122"))
    client = client_of(officer("inspector", region="15"))
    assert numbers(client.get(URL)) == {here.number}
    assert client.get(f"{URL}{there.number}/").status_code == 404
    response = client.post(f"{URL}{here.number}/acknowledge/")
    assert response.status_code == 403
    assert response.json()["rule"] == "notice.acknowledge"
    here.refresh_from_db()
    assert here.read_at is None


def test_who_may_read_no_notices_is_told_so_and_strangers_log_in_first():
    NoticeFactory()
    assert client_of(UserFactory()).get(URL).status_code == 403
    assert client_of(officer("publisher")).get(URL).status_code == 403
    assert APIClient().get(URL).status_code == 403


def test_looking_does_not_read_but_reading_and_acknowledging_do():
    notice = NoticeFactory()
    client = client_of(hr_of(notice.institution))
    assert client.get(f"{URL}{notice.number}/").json()["read_at"] is None
    read = client.post(f"{URL}{notice.number}/read/").json()
    assert read["read_at"] is not None
    done = client.post(f"{URL}{notice.number}/acknowledge/").json()
    assert done["acknowledged_at"] is not None
    assert client.post(f"{URL}{notice.number}/acknowledge/").json() == done


def test_the_list_is_filtered():
    hospital = InstitutionFactory()
    user = hr_of(hospital)
    change = NoticeFactory(institution=hospital)
    intent = NoticeFactory(institution=hospital, kind=NoticeKind.INTENT)
    client = client_of(user)
    client.post(f"{URL}{intent.number}/read/")
    assert numbers(client.get(URL, {"kind": "intent"})) == {intent.number}
    assert numbers(client.get(URL, {"unread": "true"})) == {change.number}
    assert numbers(client.get(URL, {"unread": "false"})) == {intent.number}
    assert numbers(client.get(URL, {"unacknowledged": "true"})) == {change.number, intent.number}
    assert numbers(client.get(URL, {"institution": hospital.code})) == {change.number, intent.number}
    assert numbers(client.get(URL, {"escalated": "true"})) == set()
    assert client.get(URL, {"kind": "gossip"}).status_code == 422


def test_only_what_may_be_shown_of_a_payload_is_shown():
    notice = NoticeFactory(
        payload={
            "subject_name": "李某梅",
            "what": "医保支付资格终止",
            "effect_until": "2028-06-10",
            "points": 12,
            "practitioner_slug": "abc",
            "officer": "王经办",
            "id_number": "110101",
        }
    )
    body = client_of(hr_of(notice.institution)).get(f"{URL}{notice.number}/").json()
    assert set(body["facts"]) == {"subject_name", "what", "effect_until", "points", "practitioner_slug"}
    assert [block["key"] for block in body["blocks"]] == ["subject_name", "what", "points", "effect_until"]
    assert {block["key"]: block["text"] for block in body["blocks"]}["effect_until"] == "2028年6月10日"
    assert "王经办" not in str(body)
    assert "110101" not in str(body)


def test_a_notice_to_a_person_is_in_nobodys_inbox():
    notice = NoticeFactory(institution=None, practitioner=PractitionerFactory(), recipient_key="practitioner:1")
    assert numbers(client_of(officer("inspector")).get(URL)) == set()
    assert client_of(officer("inspector")).get(f"{URL}{notice.number}/").status_code == 404


def test_the_list_takes_few_queries(django_assert_max_num_queries):
    hospital = InstitutionFactory()
    NoticeFactory.create_batch(20, institution=hospital)
    client = client_of(hr_of(hospital))
    with django_assert_max_num_queries(8):
        assert len(numbers(client.get(URL))) == 20
