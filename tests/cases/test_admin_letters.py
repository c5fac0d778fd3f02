"""Officers make letters out, print them and record their service on the page of an attribution."""

from datetime import date

import pytest
from django.urls import reverse

from cases.models import Attribution, IssuedLetter, Service
from cases.services import letters
from cases.services.letters import ReceiptFile
from cases.states import State
from institutions import clock
from institutions.models import AuditEvent, NoticeToken
from institutions.services import notice_tokens
from tests.cases.services.test_letters import PDF
from tests.factories.attribution import procedure
from tests.factories.user import hr_of, officer

pytestmark = pytest.mark.django_db


@pytest.fixture
def walk(now):
    clock.move_to(now)
    return procedure(State.PROPOSED, now=now)


@pytest.fixture
def page(walk):
    return reverse("admin:cases_attribution_letters", args=[walk.attribution.pk])


def inspector(client):
    client.force_login(officer("inspector", region="15"))
    return client


def test_a_letter_is_made_out_printed_and_served(client, walk, page):
    inspector(client)
    assert client.get(page).status_code == 200
    assert client.post(page, {"move": "issue"}).status_code == 302
    letter = IssuedLetter.objects.get().notice

    printed = client.post(page, {"move": "print", "number": letter.number, "language": "en"})
    assert (printed["Content-Type"], printed.content[:4]) == ("application/pdf", b"%PDF")
    assert AuditEvent.objects.get(action="letter.printed").detail == {"number": letter.number, "language": "en"}

    form = {"move": "serve", "method": "post", "served_on": "2025-06-10", "proof": "EMS 1"}
    assert client.post(page, form).status_code == 302
    assert (Service.objects.get().letter, Service.objects.get().method) == (letter.issued_letter, "post")
    assert Attribution.objects.get().state == State.INTENT_SERVED
    assert letter.number in client.get(page).content.decode()


def test_a_refusal_stands_beside_the_form(client, walk, page):
    inspector(client)
    for form in (
        {"method": "deemed", "served_on": "2025-06-10", "proof": "x"},
        {"method": "public_notice", "published_on": "2025-06-10", "proof": "x"},
        {"method": "post", "served_on": "2025-06-12", "proof": "x"},
        {"method": "post", "served_on": "", "proof": "x"},
        {"method": "post", "served_on": "2025-06-10", "proof": ""},
    ):
        answer = client.post(page, {"move": "serve"} | form)
        assert answer.status_code in (409, 422)
        assert "errorlist" in answer.content.decode()
    assert not Service.objects.exists()


def test_a_letter_that_went_astray_gets_a_new_code(client, walk, page, now):
    letter = letters.issue_intent(attribution=walk.attribution, by=walk.team.inspector, now=now)
    old = notice_tokens.issue(letter, now)
    inspector(client)
    assert client.post(page, {"move": "replace", "number": letter.number}).status_code == 302
    assert NoticeToken.objects.filter(notice=letter).count() == 2
    assert notice_tokens.issue(letter, now) != old


def test_the_receipt_of_a_hand_over_can_be_opened(client, walk, page, now):
    letter = letters.issue_intent(attribution=walk.attribution, by=walk.team.inspector, now=now)
    letters.record_handover(
        letter=letter,
        on=date(2025, 6, 10),
        receipt="签收回执",
        file=ReceiptFile("签收.pdf", PDF),
        by=hr_of(walk.attribution.case.institution),
        now=now,
    )
    inspector(client)
    answer = client.post(page, {"move": "receipt", "number": letter.number})
    assert answer.content == PDF
    assert answer["Content-Disposition"].startswith("attachment")


def test_the_letter_of_another_attribution_is_not_there(client, walk, page, now):
    other = procedure(State.PROPOSED, now=now)
    letter = letters.issue_intent(attribution=other.attribution, by=other.team.inspector, now=now)
    inspector(client)
    for move in ("print", "replace", "receipt"):
        assert client.post(page, {"move": move, "number": letter.number}).status_code == 404


@pytest.mark.parametrize(("role", "region"), [("approver", "15"), ("auditor", "15")])
def test_whoever_serves_no_letters_moves_nothing_and_only_auditors_look(client, walk, page, role, region):
    client.force_login(officer(role, region=region))
    assert client.get(page).status_code == (200 if role == "auditor" else 403)
    assert client.post(page, {"move": "issue"}).status_code == 403
    assert not IssuedLetter.objects.exists()


def test_attributions_of_other_regions_are_not_there(client, walk, page):
    client.force_login(officer("inspector", region="37"))
    assert client.get(page).status_code == 404
    assert client.post(page, {"move": "issue"}).status_code == 404
    assert not IssuedLetter.objects.exists()
