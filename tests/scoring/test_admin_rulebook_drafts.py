"""The pages on which a rulebook is uploaded, compared, looked at with its effect, and activated."""

from datetime import date, datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from cases.services import rulebook_previews
from institutions import clock
from institutions.models import RecordAccess
from scoring.models import DraftState, RulebookDraft
from tests.factories.award import post_award, registered
from tests.factories.user import officer
from tests.scoring.drafts import LOWER

pytestmark = pytest.mark.django_db
DRAFTS = "/admin/scoring/rulebookdraft/"


@pytest.fixture(autouse=True)
def at_now(now: datetime) -> None:
    clock.move_to(now)


def client_of(user: Any, language: str = "en") -> Client:
    client = Client(headers={"Accept-Language": language})
    client.force_login(user)
    return client


def plain(response: Any) -> str:
    return " ".join(response.content.decode().split())


def send(client: Client, text: str = LOWER) -> Any:
    return client.post(f"{DRAFTS}add/", {"file": SimpleUploadedFile("x.yaml", text.encode()), "note": "请复核"})


def test_from_the_upload_over_difference_and_effect_to_the_permanent_page(now: datetime) -> None:
    person = registered(name="温小青")
    post_award(person, 8, date(2025, 6, 5))
    mine, second = client_of(officer("inspector")), client_of(officer("approver"))
    page = send(mine)["Location"]
    waiting = plain(mine.get(page))
    assert '<meta http-equiv="refresh" content="2;url=?renewed">' in waiting
    assert "The effect on live data is being computed" in waiting
    rulebook_previews.process_due(now=now)
    shown = plain(mine.get(page))
    for text in (
        "What differs from inner-mongolia@1",
        "measures.suspend.at",
        "试验修订稿",
        "Normal → Suspended: 1",
        "请复核",
    ):
        assert text in shown
    assert "a second officer activates it" in shown
    effect = page.replace("change/", "effect/")
    assert "Activate this version" not in plain(mine.get(effect))

    assert "Nobody" in plain(second.get(effect))
    listed = plain(second.get(f"{effect}?mode=history"))
    for text in ("温小青", "Suspended", "suspension", "Activate this version"):
        assert text in listed
    assert RecordAccess.objects.filter(practitioner=person).exists()
    draft = RulebookDraft.objects.get()
    answer = second.post(page.replace("change/", "activate/"), {"seen": draft.effect_digest}, follow=True)
    assert "The rulebook is active." in plain(answer)
    assert f"/rules/{draft.rulebook}/{draft.version}" in plain(answer)
    assert client_of(officer("auditor")).get(f"/rules/{draft.rulebook}/{draft.version}").status_code == 200


def test_faults_are_shown_with_line_place_value_and_reason_in_the_officers_language(now: datetime) -> None:
    text = LOWER.replace("default: 1}", "default: 9}", 1)
    answer = send(client_of(officer("approver"), "zh-hans"), text)
    assert answer.status_code == 422
    assert "<code>measures.suspend.months.cumulative.6.default</code>" in plain(answer)
    assert "超出幅度 1–6：9" in plain(answer)
    assert not RulebookDraft.objects.exists()


def test_who_may_not_upload_or_see_it(now: datetime) -> None:
    page = send(client_of(officer("approver")))["Location"]
    assert send(client_of(officer("auditor"))).status_code in (403, 404)
    assert client_of(officer("auditor")).get(page).status_code == 200
    for act in ("activate", "withdraw", "renew", "publish"):
        sent = client_of(officer("auditor")).post(page.replace("change/", f"{act}/"), {"reason": "x"})
        assert sent.status_code == 403
        assert client_of(officer("approver", region="43")).post(page.replace("change/", f"{act}/")).status_code == 404
    assert RulebookDraft.objects.get().state == DraftState.PREVIEWING
    assert client_of(officer("approver", region="43")).get(page).status_code == 404


def test_withdrawn_with_a_reason(now: datetime) -> None:
    client = client_of(officer("approver"))
    page = send(client)["Location"]
    rulebook_previews.process_due(now=now)
    client.post(page.replace("change/", "withdraw/"), {"reason": ""})
    assert RulebookDraft.objects.get().state == DraftState.WAITING
    answer = client.post(page.replace("change/", "withdraw/"), {"reason": "换稿"}, follow=True)
    assert "换稿" in plain(answer)
    assert RulebookDraft.objects.get().state == DraftState.WITHDRAWN


def test_the_public_page_shows_counts_that_name_nobody(now: datetime) -> None:
    people = [registered(name=f"温小{n}") for n in range(12)]
    for person in people:
        post_award(person, 8, date(2025, 6, 5))
    client = client_of(officer("approver"))
    page = send(client_of(officer("inspector")))["Location"]
    rulebook_previews.process_due(now=now)
    draft = RulebookDraft.objects.get()
    public = f"/rules/drafts/{draft.pk}"
    assert Client().get(public).status_code == 404
    client.post(page.replace("change/", "publish/"))
    shown = plain(Client(headers={"Accept-Language": "en"}).get(public))
    assert "10 to 19 persons" in shown
    assert "This is a draft" in shown
    assert "温小" not in shown
    assert "12 " not in shown.split("What the draft would have changed")[1].split("</section>")[0]
    assert public in plain(Client().get("/rules/"))
