"""Rendering by the batch: the same pages as one by one, with as many queries for twenty people as for two."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from institutions.models import Practitioner
from scoring.models import Scorecard
from scoring.selectors.accounts import load_account
from scoring.selectors.many_accounts import load_accounts
from scoring.selectors.scorecards import facts_of, holds_until
from scoring.selectors.surroundings import surroundings_of
from scoring.services import ledger, scorecards
from tests.factories.award import at_noon, post_award, registered

pytestmark = pytest.mark.django_db
DAY, LATER = date(2025, 6, 10), date(2025, 6, 20)


def publish() -> int:
    return scorecards.publish_dirty(now=at_noon(LATER))


def test_a_batch_renders_what_each_page_would_be_by_itself() -> None:
    people = [registered() for _ in range(4)]
    for person, points in zip(people, (3, 9, 12, 4), strict=True):
        post_award(person, points, DAY)
    ledger.reverse_award(entry=post_award(people[0], 2, DAY), reason="异议成立", by=None, now=at_noon(DAY))
    assert publish() == 4
    for card in Scorecard.objects.select_related("practitioner"):
        facts, loaded = facts_of(card.practitioner, on=LATER)
        around = surroundings_of([card.practitioner_id], LATER)
        assert card.body == facts.as_json()
        assert (card.valid_from, card.valid_until) == (LATER, holds_until(card.practitioner, loaded, around))
    assert publish() == 0


def test_rendering_takes_as_many_queries_for_twenty_people_as_for_two() -> None:
    def queries(count: int) -> int:
        for _ in range(count):
            post_award(registered(), 9, DAY)
        with CaptureQueriesContext(connection) as seen:
            assert publish() == count
        return len(seen)

    queries(1)  # rulebooks are parsed once per process
    assert queries(20) == queries(2)


def test_accounts_read_together_are_those_read_alone_merged_ones_too() -> None:
    kept, gone, other = registered(), registered(), registered()
    post_award(kept, 3, DAY)
    post_award(gone, 9, DAY)
    post_award(other, 12, DAY)
    Practitioner.objects.filter(pk=gone.pk).update(merged_into=kept)
    read = load_accounts([kept.pk, gone.pk, other.pk])
    for person in (kept, gone, other):
        alone = load_account(Practitioner.objects.get(pk=person.pk))
        assert read[person.pk].account.measures == alone.account.measures
        assert read[person.pk].account.points_on(LATER) == alone.account.points_on(LATER)
    assert read[kept.pk] is read[gone.pk]


def test_no_pack_is_read_again_with_the_entries() -> None:
    person = registered()
    post_award(person, 3, DAY)
    load_account(person)
    with CaptureQueriesContext(connection) as seen:
        load_account(person)
    assert not any('"pack"' in query["sql"] for query in seen)
