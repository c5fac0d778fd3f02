"""`/api/v1/notices/{number}/letter.pdf`: for whoever may see the notice, and never with an access code."""

import pytest
from rest_framework.test import APIClient

from institutions.models import Notice, NoticeKind
from institutions.services import notice_tokens, notices
from tests.factories.institution import InstitutionFactory
from tests.factories.notice import NoticeFactory
from tests.factories.practitioner import PractitionerFactory
from tests.factories.user import UserFactory, hr_of, officer
from tests.institutions.letters.samples import INTENT

pytestmark = pytest.mark.django_db


def client_of(user) -> APIClient:
    client = APIClient()
    client.force_authenticate(user)
    return client


def address(notice: Notice) -> str:
    return f"/api/v1/notices/{notice.number}/letter.pdf"


@pytest.fixture
def personal(now) -> Notice:
    return notices.queue_notice(
        kind=NoticeKind.INTENT, recipient=PractitionerFactory(), cause="x", payload=INTENT, now=now, region="150422"
    )


def test_hr_takes_the_letters_of_their_own_institution_and_no_other():
    mine, other = NoticeFactory(), NoticeFactory()
    client = client_of(hr_of(mine.institution))
    answer = client.get(address(mine))
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer["Cache-Control"] == "private, no-store"
    assert answer.content.startswith(b"%PDF")
    assert client.get(address(other)).status_code == 404
    mine.refresh_from_db()
    assert mine.read_at is None


def test_the_two_languages_differ_and_others_are_refused():
    notice = NoticeFactory()
    client = client_of(hr_of(notice.institution))
    assert client.get(address(notice)).content != client.get(address(notice), {"language": "en"}).content
    assert client.get(address(notice), {"language": "fr"}).status_code == 422


@pytest.mark.parametrize("role", ["inspector", "approver", "appeal_officer", "auditor"])
def test_officers_of_the_region_take_a_persons_letter_for_the_file_without_its_code(personal, role, now):
    token = notice_tokens.issue(personal, now)
    answer = client_of(officer(role, region="15")).get(address(personal))
    assert answer.status_code == 200
    assert token.encode() not in answer.content


def test_officers_of_other_regions_hr_and_strangers_do_not_see_a_persons_letter(personal):
    site = InstitutionFactory()
    for user in (officer("inspector", region="37"), hr_of(site), UserFactory(), officer("administrator")):
        assert client_of(user).get(address(personal)).status_code == 404
    assert APIClient().get(address(personal)).status_code in (401, 403)


def test_a_persons_letter_is_in_no_institutions_inbox(personal):
    listed = client_of(officer("inspector", region="15")).get("/api/v1/notices/").json()["results"]
    assert [row["number"] for row in listed] == [personal.number]
    for act in ("read", "acknowledge"):
        answer = client_of(officer("inspector", region="15")).post(f"/api/v1/notices/{personal.number}/{act}/")
        assert answer.status_code == 404
