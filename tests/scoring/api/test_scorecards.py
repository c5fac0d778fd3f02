"""`/api/v1/scorecards`: published facts, finding whose they are, and what only officers may ask."""

import json
from datetime import date

import pytest
from django.test import Client
from rest_framework.test import APIClient

from institutions.models import Practitioner
from scoring.api.throttling import LookupThrottle
from scoring.models import Scorecard
from scoring.services import ledger, scorecards
from tests.factories.award import at_noon
from tests.factories.practitioner import PractitionerFactory
from tests.factories.user import hr_of, officer
from tests.scoring.public_people import HOSPITAL, People, people_today, publish_as, set_today

pytestmark = pytest.mark.django_db

LIST = "/api/v1/scorecards/"
PUBLIC_FIELDS = {
    "slug", "name", "category", "institutions", "status", "status_from", "until", "may_reapply", "points",
    "points_by_year", "entries", "statements", "next_change", "under_appeal", "next_reset_on", "rulebook", "mode",
    "as_of", "evaluated_at",
}  # fmt: skip


@pytest.fixture
def who() -> People:
    return people_today()


def address(person: Practitioner) -> str:
    return f"/api/v1/scorecards/{person.slug}"


def test_a_terminated_person_field_by_field(who: People) -> None:
    body = Client().get(address(who.terminated)).json()
    assert set(body) == PUBLIC_FIELDS
    assert (body["name"], body["category"]) == ("耿晓敏", "physician")
    assert (body["status"], body["status_from"], body["until"]) == ("terminated", "2025-06-11", "2028-06-10")
    assert (body["points"], body["points_by_year"]) == (12, [{"year": 2025, "points": 12}])
    assert (body["may_reapply"], body["under_appeal"]) == (False, False)
    assert (body["as_of"], body["next_reset_on"]) == ("2025-06-12", "2026-01-01")
    assert body["institutions"] == [{"code": "H15042200001", "name": HOSPITAL, "region": "150422"}]
    assert [entry["points"] for entry in body["entries"]] == [12]
    assert body["rulebook"]["id"] == "inner-mongolia"
    assert body["rulebook"]["assumptions"]


def test_suspended_and_clean(who: People) -> None:
    suspended = Client().get(address(who.suspended)).json()
    assert (suspended["status"], suspended["until"], suspended["points"]) == ("suspended", "2025-10-10", 10)
    assert len(suspended["institutions"]) == 2
    clean = Client().get(address(who.clean)).json()
    assert (clean["status"], clean["points"], clean["entries"]) == ("normal", 0, [])


def test_the_answer_is_the_same_with_and_without_the_last_slash(who: People) -> None:
    assert Client().get(address(who.clean) + "/").json()["slug"] == Client().get(address(who.clean)).json()["slug"]


def test_what_never_leaves(who: People) -> None:
    bytes_sent = Client().get(address(who.terminated)).content.decode()
    assert who.terminated.codes.get().code not in bytes_sent
    assert str(who.terminated.pk) not in bytes_sent
    for hidden in ("巴医保案", "批量伪造", "source_key", "recorded_by", "amount"):
        assert hidden not in bytes_sent


def test_a_known_etag_is_answered_with_304_and_a_change_with_new_bytes(who: People) -> None:
    first = Client().get(address(who.terminated))
    assert (first["Cache-Control"], first["X-Robots-Tag"]) == ("no-cache", "noindex, nofollow, noarchive")
    again = Client().get(address(who.terminated), headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    entry = who.terminated.points_entries.get()
    ledger.reverse_award(entry=entry, reason="处罚决定被撤销", by=None, now=at_noon(date(2025, 6, 12)))
    changed = Client().get(address(who.terminated), headers={"If-None-Match": first["ETag"]})
    assert changed.status_code == 200
    assert (changed.json()["status"], changed.json()["points"], changed.json()["entries"]) == ("normal", 0, [])


def test_the_next_day_has_another_etag_since_the_day_is_part_of_the_answer(who: People) -> None:
    today = Client().get(address(who.clean))["ETag"]
    set_today(date(2025, 6, 13))
    assert Client().get(address(who.clean))["ETag"] != today


def test_published_bytes_are_served_and_equal_the_computed_ones(who: People) -> None:
    computed = Client().get(address(who.terminated)).json()
    scorecards.publish_dirty(now=at_noon(date(2025, 6, 12)))
    assert Scorecard.objects.get(practitioner=who.terminated).dirty_at is None
    published = Client().get(address(who.terminated)).json()
    assert {**published, "evaluated_at": None} == {**computed, "evaluated_at": None}


def test_unknown_provisional_and_merged_are_not_there(who: People) -> None:
    provisional = PractitionerFactory.create(is_provisional=True, provisional_institution=who.hospital, code=None)
    merged = PractitionerFactory.create(merged_into=who.clean)
    for slug in (provisional.slug, merged.slug, "a" * 16):
        answer = Client().get(f"/api/v1/scorecards/{slug}")
        assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")
        assert answer.json()["code"] == "not-found"


def test_where_rules_close_the_door_the_institution_has_to_be_asked() -> None:
    publish_as("closed")
    answer = Client().get(address(people_today().terminated))
    assert answer.status_code == 404
    assert "耿晓敏" not in answer.content.decode()
    assert answer.json()["next_step"]


def test_strangers_and_hr_may_not_ask_for_another_day(who: People) -> None:
    hr = APIClient()
    hr.force_authenticate(hr_of(who.hospital))
    for client in (APIClient(), hr):
        for query in ("?as_of=2025-06-10", "?known_at=2025-06-10"):
            answer = client.get(address(who.terminated) + query)
            assert (answer.status_code, answer["Content-Type"]) == (403, "application/problem+json")
            assert answer.json()["rule"] == "ledger.view"


def test_an_officer_of_the_region_sees_any_day_as_known_on_any_day(who: People) -> None:
    client = APIClient()
    client.force_authenticate(officer("inspector", region="15"))
    before = client.get(address(who.terminated) + "?as_of=2025-06-10").json()
    assert (before["status"], before["points"], before["as_of"]) == ("normal", 12, "2025-06-10")
    unknown = client.get(address(who.terminated) + "?as_of=2025-06-12&known_at=2025-06-09").json()
    assert (unknown["status"], unknown["points"]) == ("normal", 0)
    known = client.get(address(who.terminated) + "?as_of=2025-06-12&known_at=2025-06-10").json()
    assert (known["status"], known["points"]) == ("terminated", 12)
    later = client.get(address(who.terminated) + "?as_of=2028-06-11").json()
    assert (later["status"], later["may_reapply"]) == ("terminated", True)


def test_an_officer_of_another_region_may_not(who: People) -> None:
    client = APIClient()
    client.force_authenticate(officer("inspector", region="43"))
    assert client.get(address(who.terminated) + "?as_of=2025-06-10").status_code == 403


@pytest.mark.parametrize("query", ["?as_of=June", "?known_at=2025-06-10T10:00", "?known_at=x"])
def test_dates_that_are_none_are_refused_at_the_field(who: People, query: str) -> None:
    client = APIClient()
    client.force_authenticate(officer("inspector", region="15"))
    answer = client.get(address(who.terminated) + query)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == query[1:].split("=")[0]


def find(client: Client | None = None, **query: str) -> dict:
    answer = (client or Client(headers={"Accept-Language": "en"})).get(LIST, query)
    assert answer.status_code == 200, answer.content
    return json.loads(answer.content)


def test_a_code_resolves_to_the_slug(who: People) -> None:
    found = find(code="D150422000001")
    assert [(r["slug"], r["name"], r["is_confirmed"]) for r in found["results"]] == [
        (who.terminated.slug, "耿晓敏", True)
    ]
    assert find(code="D150422999999") == {"results": [], "has_more": False, "ask_institution": False}


def test_name_and_institution_resolve_and_candidates_are_masked(who: People) -> None:
    assert find(name="耿晓敏", institution=HOSPITAL)["results"][0]["slug"] == who.terminated.slug
    masked = find(name="gxm", institution="济仁")["results"]
    assert [(r["slug"], r["name"], r["is_confirmed"]) for r in masked] == [(None, "耿某敏", False)]
    assert masked[0]["sites"] == [{"institution": HOSPITAL, "place": "内蒙古自治区赤峰市巴林左旗"}]
    assert find(name="gxm", institution="济仁", last_four="0001")["results"][0]["slug"] == who.terminated.slug


@pytest.mark.parametrize(
    ("query", "field"),
    [({}, "name"), ({"institution": HOSPITAL}, "name"), ({"name": "耿晓敏"}, "institution"), ({"code": "D1"}, "code")],
)
def test_questions_that_would_list_people_are_refused(query: dict[str, str], field: str) -> None:
    answer = Client().get(LIST, query)
    assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")
    assert answer.json()["errors"][0]["field"] == field


def test_too_many_questions_get_a_429_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(LookupThrottle, "rate", "2/min", raising=False)
    monkeypatch.setattr(LookupThrottle, "scope", "lookup-api-test")
    answers = [Client().get(LIST, {"code": f"D15042299999{n}"}) for n in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[-1]["Content-Type"] == "application/problem+json"
    assert answers[-1].json()["status"] == 429
    assert int(answers[-1]["Retry-After"]) > 0


def test_pages_and_endpoint_share_one_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(LookupThrottle, "rate", "2/min", raising=False)
    monkeypatch.setattr(LookupThrottle, "scope", "lookup-shared-test")
    assert Client().get("/", {"code": "D150422999991"}).status_code == 200
    assert Client().get(LIST, {"code": "D150422999992"}).status_code == 200
    assert Client().get("/", {"code": "D150422999993"}).status_code == 429


def test_no_method_but_get(who: People) -> None:
    client = APIClient()
    client.force_authenticate(officer("inspector", region="15"))
    assert client.post(LIST, {}).status_code == 405
    assert client.delete(address(who.clean)).status_code == 405


def test_the_description_names_the_endpoints_with_their_examples(who: People) -> None:
    schema = Client().get("/api/schema/?format=json").json()
    one, many = schema["paths"]["/api/v1/scorecards/{slug}/"], schema["paths"][LIST]
    assert one["get"]["responses"]["200"]["content"]["application/json"]["examples"]["Terminated"]
    assert {p["name"] for p in many["get"]["parameters"]} == {"code", "name", "institution", "region", "last_four"}
    assert "/api/v1/scorecards/{slug}" not in schema["paths"]
