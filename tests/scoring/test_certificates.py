"""F75 and M9: a status certificate is valid, superseded, expired or forged, and says which."""

import json
from datetime import date, timedelta

import pytest

from institutions import signatures
from institutions.errors import Forbidden, NotThere, WrongState
from institutions.models import AuditEvent, Notice, Practitioner
from scoring.api.throttling import LookupThrottle
from scoring.policy import certificate
from scoring.policy.certificate import Token
from scoring.selectors.certificates import verify
from scoring.services import certificates, ledger
from scoring.views.certificate_sheet import sheet_facts
from tests.factories.award import at_noon, post_award
from tests.factories.notice import NoticeFactory
from tests.factories.user import UserFactory, hr_of
from tests.scoring.public_people import TODAY, People, people_today, publish_as, set_today

pytestmark = pytest.mark.django_db


@pytest.fixture
def who() -> People:
    return people_today()


def letter_to(person: Practitioner) -> Notice:
    return NoticeFactory.create(institution=None, practitioner=person, recipient_key=f"practitioner:{person.pk}")


def issued(person: Practitioner) -> certificates.Certificate:
    return certificates.issue_to_person(notice=letter_to(person), now=at_noon(TODAY))


def state(text: str, on: date = TODAY) -> str:
    return verify(text, on=on, now=at_noon(on)).state.value


def test_it_says_what_is_public_and_no_more(who):
    made = issued(who.suspended)
    assert made.facts == {
        "name": "李晓梅",
        "category": "physician",
        "institutions": [who.hospital.name, who.clinic.name],
        "status": "suspended",
        "status_from": "2025-06-11",
        "until": "2025-10-10",
        "points": 10,
    }
    sheet = json.dumps(sheet_facts(made), ensure_ascii=False)
    assert "D150422000007" not in sheet
    assert "巴医保案" not in sheet
    assert AuditEvent.objects.get(action="certificate.issued").detail["valid_until"] == "2025-09-09"


def test_zero_points_and_qualified_can_be_shown(who):
    made = issued(who.clean)
    assert (made.facts["status"], made.facts["points"]) == ("normal", 0)
    assert state(made.token.text) == "valid"


def test_a_later_decision_supersedes_it_and_its_fall_makes_it_valid_again(who):
    made = issued(who.clean)
    entry = post_award(who.clean, 4, TODAY, institution=who.clinic)
    assert state(made.token.text) == "superseded"
    ledger.reverse_award(entry=entry, reason="撤销", by=None, now=at_noon(TODAY) + timedelta(hours=1))
    assert state(made.token.text) == "valid"


def test_a_change_of_institution_or_name_supersedes_it(who):
    made = issued(who.clean)
    Practitioner.objects.filter(pk=who.clean.pk).update(name="王建军")
    assert state(made.token.text) == "superseded"


def test_where_points_are_hidden_it_tells_none(who):
    publish_as("status_only")
    assert issued(who.scored).facts["points"] is None


def test_where_nothing_is_published_there_is_none(who):
    made = issued(who.clean)
    publish_as("closed")
    with pytest.raises(WrongState):
        issued(who.clean)
    assert state(made.token.text) == "superseded"
    assert verify(made.token.text, on=TODAY, now=at_noon(TODAY)).card is None


@pytest.mark.parametrize(
    ("status_until", "next_change_on", "expected"),
    [
        (None, None, date(2025, 8, 29)),
        (date(2025, 7, 1), None, date(2025, 7, 1)),
        (date(2025, 5, 1), None, date(2025, 8, 29)),  # a bar that is over: the status stays
        (None, date(2025, 6, 5), date(2025, 6, 4)),
    ],
)
def test_it_ends_when_what_it_says_is_known_to_change(status_until, next_change_on, expected):
    found = certificate.last_day(date(2025, 6, 1), status_until=status_until, next_change_on=next_change_on)
    assert found == expected


def test_it_never_outlives_its_year():
    assert certificate.last_day(date(2025, 12, 20), status_until=None, next_change_on=None) == date(2025, 12, 31)


def test_after_its_last_day_nothing_is_told_of_the_person(who, client):
    made = issued(who.terminated)
    last = made.token.valid_until
    assert state(made.token.text, last) == "valid"
    set_today(last + timedelta(days=1))
    response = client.get(f"/verify/{made.token.text}", headers={"accept-language": "en"})
    page = response.content.decode()
    assert response.status_code == 410
    assert "Expired" in page
    assert "耿晓敏" not in page
    assert who.terminated.slug not in page.replace(f"/verify/{made.token.text}", "")


def test_any_changed_letter_makes_it_forged(who):
    text = issued(who.clean).token.text
    for place in range(len(text)):
        other = "b" if text[place] != "b" else "c"
        changed = text[:place] + other + text[place + 1 :]
        assert state(changed) == "forged", place
    for broken in ("", "J1", text[:-1], text + "A", text.upper(), "../" + text, "J1." + "é" * 160):
        assert state(broken) == "forged"


def test_a_signature_of_somebody_else_is_forged_and_one_of_a_retired_key_is_ours(who, settings):
    text = issued(who.clean).token.text
    (old,) = signatures.public_keys()
    settings.CERTIFICATE_KEY = signatures.encode(bytes(range(40, 72)))
    assert state(text) == "forged"
    settings.CERTIFICATE_RETIRED_KEYS = [old.value]
    assert state(text) == "valid"
    assert [key.is_current for key in signatures.public_keys()] == [True, False]


def test_a_signature_for_another_purpose_does_not_count(who):
    token = Token(who.clean.slug, TODAY, TODAY, "a" * 26)
    signature = signatures.sign(token.message.removeprefix(b"jifen-certificate:"))
    assert state(token.signed(signature.key_id, signature.value).text) == "forged"


def test_a_key_is_made_once_where_none_is_given(settings, tmp_path):
    settings.CERTIFICATE_KEY, settings.VAR_DIR = "", tmp_path
    first = signatures.sign(b"x")
    assert signatures.sign(b"x") == first
    kept = tmp_path / "keys" / "certificate.key"
    assert (kept.stat().st_mode & 0o777, len(kept.read_bytes())) == (0o600, 32)


def test_the_page_shows_the_facts_to_compare_in_both_languages(who, client):
    text = issued(who.suspended).token.text
    chinese = client.get(f"/verify/{text}", headers={"accept-language": "zh-CN"})
    assert chinese.status_code == 200
    assert "李晓梅" in chinese.content.decode()
    assert chinese["X-Robots-Tag"] == "noindex, nofollow, noarchive"
    english = client.get(f"/verify/{text}", headers={"accept-language": "en"}).content.decode()
    assert "Valid" in english
    assert f"/s/{who.suspended.slug}" in english
    forged = client.get("/verify/J1.nothing")
    assert forged.status_code == 422


def test_the_form_takes_the_text_or_the_whole_address(client):
    for pasted in ("J1.abc", " https://example.org/verify/J1.abc/ "):
        response = client.get("/verify/", {"certificate": pasted})
        assert (response.status_code, response["Location"]) == (302, "/verify/J1.abc")
    assert client.get("/verify/", {"certificate": " "}).status_code == 422
    assert client.get("/verify/").status_code == 200


def test_checks_are_counted_with_the_look_ups(who, client, monkeypatch):
    monkeypatch.setattr(LookupThrottle, "rate", "1/min", raising=False)
    monkeypatch.setattr(LookupThrottle, "scope", "lookup-certificates")
    text = issued(who.clean).token.text
    assert client.get(f"/verify/{text}").status_code == 200
    response = client.get(f"/verify/{text}")
    assert response.status_code == 429
    assert int(response["Retry-After"]) > 0


def test_the_keys_are_public(client):
    (key,) = client.get("/verify/keys.json").json()["keys"]
    assert (key["algorithm"], key["is_current"], len(key["public_key"])) == ("Ed25519", True, 43)


def test_a_staff_office_issues_it_for_its_own_staff_only(who, client):
    client.force_login(hr_of(who.clinic))
    answer = client.get(f"/portal/roster/{who.clean.slug}/certificate.pdf")
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
    assert answer["Cache-Control"].startswith("no-store")
    assert client.get(f"/portal/roster/{who.terminated.slug}/certificate.pdf").status_code == 404
    assert client.get("/portal/roster/nobody/certificate.pdf").status_code == 404
    client.logout()
    assert client.get(f"/portal/roster/{who.clean.slug}/certificate.pdf").status_code == 302


def test_others_are_refused(who):
    with pytest.raises(Forbidden):
        certificates.issue_to_staff(practitioner=who.clean, by=UserFactory.create(), now=at_noon(TODAY))
    with pytest.raises(NotThere):
        certificates.issue_to_staff(practitioner=who.terminated, by=hr_of(who.clinic), now=at_noon(TODAY))
