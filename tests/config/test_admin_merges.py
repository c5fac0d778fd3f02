"""The admin pages of merges: what it would cause stands on the page, and a second officer decides on just that."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from institutions import clock
from institutions.models import Practitioner, PractitionerMerge
from scoring.models import Measure
from tests.factories.award import at_noon, post_award, registered
from tests.factories.practitioner import PractitionerFactory
from tests.factories.user import officer
from tests.scoring.services.test_merging import merge_records

pytestmark = pytest.mark.django_db

MERGES = "/admin/institutions/practitionermerge/"
REASON = "同一执业证书,两次登记"
NOON = at_noon(date(2025, 9, 1))


@pytest.fixture(autouse=True)
def today() -> None:
    clock.move_to(NOON)


def client_of(user: Any, language: str = "en") -> Client:
    client = Client(headers={"Accept-Language": language})
    client.force_login(user)
    return client


def plain(response: Any) -> str:
    return " ".join(response.content.decode().split())


@pytest.fixture
def two() -> tuple[Practitioner, Practitioner]:
    kept, gone = registered(name="耿晓敏"), registered(name="耿小敏")
    post_award(kept, 6, date(2025, 5, 1))
    post_award(gone, 6, date(2025, 6, 1))
    return kept, gone


def seen_on(page: str) -> str:
    return page.split('name="seen" value="')[1].split('"')[0]


def test_proposed_seen_approved_and_parted_again(two: tuple[Practitioner, Practitioner]) -> None:
    kept, gone = two
    inspector, approver = client_of(officer("inspector")), client_of(officer("approver"))
    form = {"kept": kept.codes.get().code, "gone": gone.slug}
    shown = plain(inspector.post(f"{MERGES}propose/", form))
    assert "Measures that would begin" in shown
    assert "termination: Sept. 2, 2025" in shown or "2 September 2025" in shown
    assert not PractitionerMerge.objects.exists()
    short = inspector.post(f"{MERGES}propose/", {**form, "reason": "像", "propose": "1"})
    assert short.status_code == 422
    assert "像</textarea>" in plain(short)
    sent = inspector.post(f"{MERGES}propose/", {**form, "reason": REASON, "propose": "1"})
    page = sent["Location"]
    assert sent.status_code == 302
    mine = plain(inspector.get(page))
    assert "You proposed this; a second officer decides." in mine
    assert 'name="seen"' not in mine
    theirs = plain(approver.get(page))
    assert "Measures that would begin" in theirs
    base = page.removesuffix("change/")
    assert approver.post(f"{base}approve/", {"seen": seen_on(theirs)}).status_code == 302
    gone.refresh_from_db()
    assert gone.merged_into == kept
    assert Measure.objects.filter(recorded__endswith__isnull=True).count() == 1
    assert "one person" in plain(approver.get(MERGES))
    inspector.post(f"{base}propose_undo/", {"reason": "两人同名同院,并非一人"})
    parting = plain(approver.get(page))
    assert "What parting them would cause" in parting
    assert "Measures that would end" in parting
    approver.post(f"{base}approve_undo/", {"seen": seen_on(parting)})
    assert Practitioner.objects.get(pk=gone.pk).merged_into is None
    assert "parted again" in plain(approver.get(MERGES))


def test_an_approval_of_what_is_no_longer_so_is_refused(two: tuple[Practitioner, Practitioner]) -> None:
    kept, gone = two
    page = client_of(officer("inspector")).post(
        f"{MERGES}propose/", {"kept": kept.slug, "gone": gone.slug, "reason": REASON, "propose": "1"}
    )["Location"]
    approver = client_of(officer("approver"))
    seen = seen_on(plain(approver.get(page)))
    post_award(gone, 2, date(2025, 8, 1))
    answer = approver.post(f"{page.removesuffix('change/')}approve/", {"seen": seen}, follow=True)
    assert "what would follow has changed" in plain(answer)
    gone.refresh_from_db()
    assert gone.merged_into is None


def test_a_refusal_needs_a_reason_and_leaves_two_people(two: tuple[Practitioner, Practitioner]) -> None:
    kept, gone = two
    page = client_of(officer("inspector")).post(
        f"{MERGES}propose/", {"kept": kept.slug, "gone": gone.slug, "reason": REASON, "propose": "1"}
    )["Location"]
    approver, base = client_of(officer("approver")), page.removesuffix("change/")
    assert "at least 10 characters" in plain(approver.post(f"{base}refuse/", {"reason": ""}, follow=True))
    approver.post(f"{base}refuse/", {"reason": "执业证书号不同,是两人"})
    assert PractitionerMerge.objects.get().decision == "refused"
    assert approver.get(f"{base}refuse/").status_code == 405


def test_provisional_people_are_listed_with_who_they_may_be() -> None:
    person = registered(name="耿晓敏")
    site = person.registrations.get().institution
    named = PractitionerFactory.create(
        name="耿某敏", code__skip=True, is_provisional=True, provisional_institution=site
    )
    alone = PractitionerFactory.create(name="钱某", code__skip=True, is_provisional=True, provisional_institution=site)
    client = client_of(officer("inspector"))
    page = plain(client.get(f"{MERGES}reconcile/"))
    assert f"?kept={person.slug}&amp;gone={named.slug}" in page
    assert "nobody yet" in page
    assert alone.name in page
    narrowed = plain(client.get(f"{MERGES}reconcile/?person={named.slug}"))
    assert f"gone={named.slug}" in narrowed
    assert alone.name not in narrowed
    shown = plain(client.get(f"{MERGES}propose/?kept={person.slug}&gone={named.slug}"))
    assert "No measure would begin or end." in shown
    client.post(f"{MERGES}propose/", {"kept": person.slug, "gone": named.slug, "reason": REASON, "propose": "1"})
    assert "A merge is proposed." in plain(client.get(f"{MERGES}reconcile/"))
    assert "待核对的临时人员" in plain(client_of(officer("inspector"), "zh-CN").get(f"{MERGES}reconcile/"))


def test_who_may_come_here(two: tuple[Practitioner, Practitioner]) -> None:
    kept, gone = two
    merge = merge_records(kept, gone, officer("inspector"), officer("approver"), NOON)
    page = f"{MERGES}{merge.pk}/change/"
    assert client_of(officer("auditor")).get(page).status_code == 200
    assert client_of(officer("inspector", region="43")).get(page).status_code == 404
    assert client_of(officer("administrator")).get(MERGES).status_code == 403
    assert client_of(officer("auditor")).get(f"{MERGES}propose/").status_code == 200
    sent = {"kept": kept.slug, "gone": gone.slug, "reason": REASON, "propose": "1"}
    assert client_of(officer("auditor")).post(f"{MERGES}propose/", sent).status_code == 403
    foreign = client_of(officer("inspector", region="43"))
    answer = foreign.get(f"{MERGES}propose/?kept={kept.slug}&gone={registered().slug}")
    assert answer.status_code == 403
    assert "No measure would begin or end." not in answer.content.decode()
    unknown = client_of(officer("inspector")).post(f"{MERGES}propose/", {"kept": "D000", "gone": "x"})
    assert "Nobody on record has this code or public id." in plain(unknown)
