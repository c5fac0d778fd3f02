"""Look-ups are gathered and stored together: reading costs a stranger's reader no write."""

from datetime import date

import pytest

from institutions.models import LookupCount
from institutions.services.lookup_counts import GATHERED_MAX, Gathered
from tests.factories.practitioner import PractitionerFactory

pytestmark = pytest.mark.django_db
DAY = date(2025, 6, 10)


@pytest.fixture
def gathered(settings):
    settings.LOOKUP_COUNTS_STORED_SECONDS = 3600
    return Gathered()


def counts():
    return sorted(LookupCount.objects.values_list("practitioner__slug", "on", "lookups"))


def test_a_look_up_writes_nothing_until_what_was_gathered_is_stored(gathered, django_assert_num_queries):
    person, other = PractitionerFactory(), PractitionerFactory()
    with django_assert_num_queries(0):
        for slug in (person.slug, person.slug, other.slug, "unknown"):
            gathered.add(slug, DAY)
    with django_assert_num_queries(1):
        gathered.store()
    assert counts() == sorted([(person.slug, DAY, 2), (other.slug, DAY, 1)])


def test_what_is_stored_later_is_added(gathered):
    person = PractitionerFactory()
    for _ in range(2):
        gathered.add(person.slug, DAY)
        gathered.store()
    gathered.store()
    assert counts() == [(person.slug, DAY, 2)]


def test_much_is_stored_at_once_however_little_time_has_passed(gathered):
    person = PractitionerFactory()
    gathered.add(person.slug, DAY)
    for number in range(GATHERED_MAX - 1):
        gathered.add(f"unknown-{number}", DAY)
    assert counts() == [(person.slug, DAY, 1)]


def test_some_is_stored_once_time_has_passed(gathered, settings):
    person = PractitionerFactory()
    settings.LOOKUP_COUNTS_STORED_SECONDS = 0
    gathered.add(person.slug, DAY)
    assert counts() == [(person.slug, DAY, 1)]
