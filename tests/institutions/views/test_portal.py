"""The portal: an institution's inbox, without JavaScript, and nobody else's."""

import pytest
from django.test import Client

from institutions.models import NoticeKind
from tests.factories.institution import InstitutionFactory
from tests.factories.notice import NoticeFactory
from tests.factories.user import PASSWORD, hr_of, officer

pytestmark = pytest.mark.django_db


def client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_strangers_are_sent_to_the_portals_own_door_and_come_back():
    notice = NoticeFactory()
    user = hr_of(notice.institution)
    client = Client()
    page = f"/portal/notices/{notice.number}/"
    response = client.get(page)
    assert response.status_code == 302
    assert response["Location"] == f"/portal/login/?next={page}"
    assert client.get(response["Location"]).status_code == 200
    response = client.post(response["Location"], {"username": user.username, "password": PASSWORD, "next": page})
    assert (response.status_code, response["Location"]) == (302, page)


def test_the_inbox_lists_the_institutions_notices_newest_first_and_counts_the_unread():
    hospital = InstitutionFactory()
    older = NoticeFactory(institution=hospital, created_at="2025-06-01T02:00Z")
    newer = NoticeFactory(institution=hospital, kind=NoticeKind.INTENT)
    foreign = NoticeFactory()
    response = client_of(hr_of(hospital)).get("/portal/")
    text = response.content.decode()
    assert response.status_code == 200
    assert text.index(newer.number) < text.index(older.number)
    assert foreign.number not in text
    assert response.context["desk"].unread == 2
    assert "no-cache" in response["Cache-Control"]


def test_the_inbox_is_narrowed_by_kind_and_to_the_unread():
    hospital = InstitutionFactory()
    change = NoticeFactory(institution=hospital)
    intent = NoticeFactory(institution=hospital, kind=NoticeKind.INTENT)
    client = client_of(hr_of(hospital))
    client.get(f"/portal/notices/{change.number}/")
    assert [view.number for view in client.get("/portal/?kind=intent").context["notices"]] == [intent.number]
    assert [view.number for view in client.get("/portal/?unread=on").context["notices"]] == [intent.number]
    assert client.get("/portal/?kind=gossip").status_code == 200


def test_a_long_inbox_has_pages():
    hospital = InstitutionFactory()
    NoticeFactory.create_batch(31, institution=hospital)
    client = client_of(hr_of(hospital))
    assert len(client.get("/portal/").context["notices"]) == 30
    assert len(client.get("/portal/?page=2&unread=on").context["notices"]) == 1
    assert "page=2" in client.get("/portal/?unread=on").content.decode()


def test_an_empty_inbox_says_so():
    response = client_of(hr_of(InstitutionFactory())).get("/portal/")
    assert response.status_code == 200
    assert list(response.context["notices"]) == []


def test_opening_a_notice_reads_it_and_confirming_acknowledges_it():
    notice = NoticeFactory(payload={"subject_name": "李某梅", "what": "医保支付资格终止", "officer": "王经办"})
    user = hr_of(notice.institution)
    client = client_of(user)
    page = f"/portal/notices/{notice.number}/"
    text = client.get(page).content.decode()
    assert "李某梅" in text
    assert "王经办" not in text
    notice.refresh_from_db()
    assert notice.read_by == user
    assert notice.acknowledged_at is None
    response = client.post(page + "acknowledge/")
    assert (response.status_code, response["Location"]) == (302, page)
    notice.refresh_from_db()
    assert notice.acknowledged_by == user
    assert "acknowledge/" not in client.get(page).content.decode()


def test_hr_of_another_institution_finds_nothing_there():
    notice = NoticeFactory()
    client = client_of(hr_of(InstitutionFactory()))
    assert client.get(f"/portal/notices/{notice.number}/").status_code == 404
    assert client.post(f"/portal/notices/{notice.number}/acknowledge/").status_code == 404
    assert client.get("/portal/notices/JF2025-999999/").status_code == 404
    notice.refresh_from_db()
    assert notice.read_at is None


def test_an_officer_has_an_empty_inbox_and_reads_nothing_in_an_institutions_name():
    notice = NoticeFactory()
    client = client_of(officer("inspector"))
    assert list(client.get("/portal/").context["notices"]) == []
    assert client.get(f"/portal/notices/{notice.number}/").status_code == 404


def test_confirming_by_a_link_does_not_work():
    notice = NoticeFactory()
    assert client_of(hr_of(notice.institution)).get(f"/portal/notices/{notice.number}/acknowledge/").status_code == 405


def test_logging_out_closes_the_portal():
    client = client_of(hr_of(InstitutionFactory()))
    assert client.post("/portal/logout/").status_code == 302
    assert client.get("/portal/").status_code == 302


def test_payloads_are_escaped():
    notice = NoticeFactory(payload={"what": "<script>alert(1)</script>"})
    text = client_of(hr_of(notice.institution)).get(f"/portal/notices/{notice.number}/").content.decode()
    assert "<script>alert" not in text
