"""Measures as known at an instant: their rows and a replay say the same, before and after every posting."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from institutions.models import Practitioner
from scoring.models import AccountEvent, PointsEntry
from scoring.selectors.accounts import load_account
from scoring.selectors.measures import known_measures, replayed_measures
from scoring.services import ledger
from tests.factories.award import at_noon, post_award, registered

pytestmark = pytest.mark.django_db

MICROSECOND = timedelta(microseconds=1)


def assert_both_agree_at_every_instant(person: Practitioner) -> None:
    entries = PointsEntry.objects.filter(practitioner=person).values_list("recorded_at", flat=True)
    events = AccountEvent.objects.filter(practitioner=person).values_list("recorded_at", flat=True)
    instants = sorted({*entries, *events})
    assert instants
    for instant in [at for known in instants for at in (known - MICROSECOND, known, known + timedelta(hours=1))]:
        replayed = replayed_measures(load_account(person, known_at=instant))
        assert known_measures(person, known_at=instant) == replayed, instant
    assert known_measures(person) == replayed_measures(load_account(person))


def test_a_reversed_award_was_known_until_its_reversal():
    person = registered()
    entry = post_award(person, 10, date(2025, 3, 3))
    varied = post_award(person, 6, date(2025, 4, 7))
    ledger.vary_award(entry=varied, points=3, reason="appeal", by=None, now=at_noon(date(2025, 5, 6)))
    ledger.reverse_award(entry=entry, reason="annulled", by=None, now=at_noon(date(2025, 6, 3)))
    assert_both_agree_at_every_instant(person)
    assert known_measures(person) == ()
    assert len(known_measures(person, known_at=at_noon(date(2025, 3, 4)))) == 1
    assert [m.kind for m in known_measures(person, known_at=at_noon(date(2025, 5, 1)))] != ["suspend"]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    postings=st.lists(
        st.tuples(st.integers(1, 12), st.integers(0, 400), st.sampled_from(["keep", "reverse", "vary"])),
        min_size=1,
        max_size=5,
    )
)
def test_they_agree_whatever_is_posted_reversed_and_varied(postings):
    person = registered()
    clock = date(2025, 2, 1)
    for number, (points, gap, fate) in enumerate(postings):
        clock += timedelta(days=gap + 1)
        entry = post_award(person, points, clock, source_key=f"test:{person.pk}:{number}")
        if fate == "reverse":
            ledger.reverse_award(entry=entry, reason="annulled", by=None, now=at_noon(clock + timedelta(days=1)))
        elif fate == "vary" and points > 1:
            later = at_noon(clock + timedelta(days=1))
            ledger.vary_award(entry=entry, points=points - 1, reason="appeal", by=None, now=later)
    assert_both_agree_at_every_instant(person)
