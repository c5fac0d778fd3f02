"""`/n/{number}/own-statement`: handing in, seeing what became of it, taking it back."""

import pytest

from cases.states import State
from scoring.models import OwnStatement
from scoring.services import own_statements
from tests.cases.views.opening import letter_of, opened, text_of
from tests.factories.attribution import procedure
from tests.factories.registration import RegistrationFactory
from tests.factories.user import officer

pytestmark = pytest.mark.django_db

WORDS = "本人已退回全部费用，并完成培训。"


def test_from_the_letter_to_the_public_page_and_back(now):
    walk = procedure(State.EFFECTIVE, now=now)
    RegistrationFactory(practitioner=walk.attribution.practitioner, institution=walk.attribution.case.institution)
    notice = letter_of(walk.attribution, "decision")
    browser = opened(notice, walk.now, "en")
    path = f"/n/{notice.number}/own-statement"
    assert path in text_of(browser.get(f"/n/{notice.number}"))

    refused = browser.post(path, {"text": "请致电13912345678。"})
    assert refused.status_code == 422
    assert "Leave out contact data: “13912345678”." in text_of(refused)
    assert browser.post(path, {"text": " "}).status_code == 422

    assert browser.post(path, {"text": WORDS}).status_code == 302
    waiting = text_of(browser.get(path))
    assert "An officer reads it first" in waiting
    assert "<textarea" not in waiting
    own_statements.refuse(
        statement=OwnStatement.objects.get(), reasons="提到了患者。", by=officer("approver"), now=walk.now
    )
    assert "提到了患者。" in text_of(browser.get(path))

    browser.post(path, {"text": "另一段话。"})
    second = OwnStatement.objects.get(outcome="")
    own_statements.publish(statement=second, by=officer("approver"), now=walk.now)
    assert "Shown beside the record" in text_of(browser.get(path))
    assert browser.post(f"{path}/withdraw").status_code == 302
    second.refresh_from_db()
    assert second.withdrawn_at is not None
    assert "Withdrawn" in text_of(browser.get(path))


def test_before_a_decision_took_effect_there_is_nothing_to_add_to(now):
    walk = procedure(State.INTENT_SERVED, now=now)
    notice = letter_of(walk.attribution)
    browser = opened(notice, walk.now)
    assert browser.get(f"/n/{notice.number}/own-statement").status_code == 404
    assert "own-statement" not in text_of(browser.get(f"/n/{notice.number}"))


def test_the_person_takes_a_certificate_home(now):
    walk = procedure(State.EFFECTIVE, now=now)
    RegistrationFactory(practitioner=walk.attribution.practitioner, institution=walk.attribution.case.institution)
    notice = letter_of(walk.attribution, "decision")
    browser = opened(notice, walk.now)
    answer = browser.get(f"/n/{notice.number}/certificate.pdf")
    assert answer.status_code == 200
    assert answer.content.startswith(b"%PDF")
    assert "no-store" in answer["Cache-Control"]
