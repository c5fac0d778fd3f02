"""The repeat-rate table is counted by hand here, and can be made again at any time."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from cases.selectors.repeat_rates import RepeatRate, repeat_rates
from cases.states.repair import State
from institutions.models import Practitioner
from scoring.models import PointsEntry
from scoring.services import ledger
from tests.factories.award import at_noon, line, post_award
from tests.factories.repair import repairing, scored_in_tianjin

pytestmark = pytest.mark.django_db

FIRST = date(2025, 3, 3)
LEARNED = date(2025, 3, 20)
ON = date(2026, 6, 1)


def again(person: Practitioner, on: date, clause: str = "B3") -> PointsEntry:
    lines = [replace(line(4, clause=clause, conduct=f"c{on}"), articles=())]
    return post_award(person, 4, on, source_key=f"{person.pk}:{on}", lines=lines)


def learned(person: Practitioner) -> Practitioner:
    repairing(State.APPROVED, now=at_noon(LEARNED), person=person)
    return person


def test_the_table_counted_by_hand() -> None:
    people = [scored_in_tianjin(on=FIRST) for _person in range(7)]
    for person in people[:3]:  # three learned, one of them did it again, one did something else
        learned(person)
    again(people[0], date(2025, 9, 1))
    again(people[1], date(2025, 9, 1), clause="A3")
    again(people[3], date(2025, 9, 1))  # of four others two did it again, one of them too late to count
    again(people[4], FIRST + timedelta(days=380))
    fell = again(people[5], date(2025, 9, 1))
    ledger.reverse_award(entry=fell, reason="申诉成立。", by=None, now=at_noon(date(2025, 10, 1)))
    scored_in_tianjin(on=date(2025, 8, 1))  # not followed for twelve months yet

    found = {rate.clause: rate for rate in repeat_rates(on=ON)}

    assert found["B3"] == RepeatRate("B3", learned=3, learned_again=1, others=4, others_again=1)
    assert (found["B3"].learned_share, found["B3"].others_share) == (1 / 3, 1 / 4)
    assert found["A3"] == RepeatRate("A3", 0, 0, 0, 0)
    assert found["A3"].learned_share is None


def test_it_is_the_same_when_made_again_and_earlier_says_less() -> None:
    learned(scored_in_tianjin(on=FIRST))

    assert repeat_rates(on=ON) == repeat_rates(on=ON)
    assert repeat_rates(on=date(2025, 12, 31)) == [RepeatRate("B3", 0, 0, 0, 0)]


def test_it_is_narrowed_to_the_officers_regions() -> None:
    learned(scored_in_tianjin(on=FIRST))

    assert repeat_rates(on=ON, prefixes=["12"])[0].learned == 1
    assert repeat_rates(on=ON, prefixes=["15"]) == []
