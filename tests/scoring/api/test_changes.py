"""`/api/v1/changes/`: every change once and in order; what was undone says nothing any more; only with a key."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from institutions import clock
from institutions.models import KeyScope
from scoring.models import Scorecard, StatusChange
from scoring.services import ledger, scorecards
from tests.factories.api_client import api_key
from tests.factories.award import at_noon, post_award
from tests.scoring.public_people import DECIDED_ON, TODAY, people, publish_as, set_today

pytestmark = pytest.mark.django_db

FEED = "/api/v1/changes/"


@pytest.fixture
def token(now):
    clock.move_to(now)
    return api_key(now)[1]


def publish(day: date) -> None:
    set_today(day)
    scorecards.publish_dirty(now=at_noon(day))


def read(token, cursor="", **query):
    answer = Client().get(FEED, {"cursor": cursor, **query}, headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 200, answer.content
    return answer.json()


def told(lines):
    return [(line["slug"], line["kind"], line["on"], line["status"], line["until"]) for line in lines]


def test_each_change_of_status_is_told_once_and_in_order(token):
    made = people()
    publish(DECIDED_ON)
    assert read(token) == {"changes": [], "cursor": "c0", "has_more": False}  # measures begin the day after
    publish(TODAY)
    publish(TODAY)
    first = read(token)
    assert sorted(told(first["changes"])) == sorted(
        [
            (made.terminated.slug, "status", "2025-06-12", "terminated", "2028-06-10"),
            (made.suspended.slug, "status", "2025-06-12", "suspended", "2025-10-10"),
        ]
    )
    assert first["changes"][0]["code"] in ("D150422000001", "D150422000007")
    assert read(token, first["cursor"]) == {"changes": [], "cursor": first["cursor"], "has_more": False}
    publish(date(2025, 10, 11))
    second = read(token, first["cursor"])
    assert told(second["changes"]) == [(made.suspended.slug, "status", "2025-10-11", "normal", None)]


def test_lines_come_in_pages_that_miss_and_repeat_nothing(token):
    people()
    publish(TODAY)
    cursor, met = "", []
    for _page in range(4):
        page = read(token, cursor, limit=1)
        met += [line["cursor"] for line in page["changes"]]
        cursor = page["cursor"]
    assert met == [f"c{number}" for number in StatusChange.objects.values_list("pk", flat=True)]
    assert len(met) == 2


def test_a_correction_is_told_and_what_it_corrects_says_nothing_any_more(token):
    made = people()
    publish(TODAY)
    before = read(token)
    moment = at_noon(TODAY + timedelta(days=1))
    entry = made.suspended.points_entries.get()
    set_today(TODAY + timedelta(days=1))
    ledger.reverse_award(entry=entry, reason="复议撤销", by=None, now=moment)
    scorecards.publish_dirty(now=moment)
    after = read(token, before["cursor"])
    assert told(after["changes"]) == [(made.suspended.slug, "correction", "2025-06-13", "normal", None)]
    again = next(line for line in read(token)["changes"] if line["slug"] == made.suspended.slug)
    assert again["is_superseded"]
    assert (again["status"], again["status_from"], again["until"]) == (None, None, None)
    other = next(line for line in read(token)["changes"] if line["slug"] == made.terminated.slug)
    assert (other["status"], other["is_superseded"]) == ("terminated", False)


def test_a_worker_that_was_down_writes_the_days_it_missed(token):
    made = people()
    publish(TODAY)
    cursor = read(token)["cursor"]
    post_award(made.scored, 6, date(2025, 7, 1), institution=made.hospital, source_key="attribution:later")
    publish(date(2025, 7, 2))
    first = read(token, cursor)
    assert told(first["changes"]) == [(made.scored.slug, "status", "2025-07-02", "suspended", "2025-11-01")]
    publish(date(2026, 2, 1))  # nothing ran for seven months
    second = read(token, first["cursor"])
    assert sorted(told(second["changes"])) == sorted(
        [
            (made.suspended.slug, "status", "2025-10-11", "normal", None),
            (made.scored.slug, "status", "2025-11-02", "normal", None),
        ]
    )


def test_cards_rendered_anew_tell_nothing_twice(token):
    people()
    publish(TODAY)
    cursor = read(token)["cursor"]
    Scorecard.objects.update(body=None, published_at=None, valid_from=None, valid_until=None, dirty_at=at_noon(TODAY))
    publish(TODAY)
    assert read(token, cursor)["changes"] == []


def test_what_the_rules_do_not_publish_is_not_told(token):
    publish_as("closed")
    people()
    publish(TODAY)
    assert read(token)["changes"] == []


def test_who_is_published_no_more_is_told_so(token, monkeypatch):
    made = people()
    publish(TODAY)
    cursor = read(token)["cursor"]
    publish_as("closed")
    scorecards.mark_all_dirty(now=at_noon(TODAY))
    publish(TODAY)
    lines = read(token, cursor)["changes"]
    assert {(line["slug"], line["kind"], line["status"]) for line in lines} == {
        (made.terminated.slug, "unpublished", None),
        (made.suspended.slug, "unpublished", None),
    }
    assert all(line["status"] is None for line in read(token)["changes"])


def test_the_feed_needs_a_key_that_includes_it(now, token):
    other = api_key(now, scopes=[KeyScope.LOOKUP])[1]
    assert Client().get(FEED).status_code == 403
    assert Client().get(FEED, headers={"Authorization": f"Bearer {other}"}).status_code == 403
    assert Client().get(FEED, headers={"Authorization": "Bearer jf_wrong"}).status_code == 401


@pytest.mark.parametrize("query", [{"cursor": "7"}, {"cursor": "c"}, {"limit": "0"}, {"limit": "1001"}, {"limit": "x"}])
def test_a_place_or_a_number_that_is_none_is_refused_at_the_field(token, query):
    answer = Client().get(FEED, query, headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == next(iter(query))


def test_the_database_keeps_lines_as_they_were_told(token):
    people()
    publish(TODAY)
    for statement in (
        "UPDATE scoring_statuschange SET status = 'normal'",
        "DELETE FROM scoring_statuschange",
        'INSERT INTO scoring_statuschange (practitioner_id, kind, "on", status, may_reapply, recorded_at)'
        " SELECT practitioner_id, 'status', \"on\", '', false, now() FROM scoring_statuschange",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
