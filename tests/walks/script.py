"""A story cut into acts, each at an instant of its own, so that the outcome does not hang on who is quicker.

After each act the background work is done until nothing is due. Whoever crashes in an act does it again.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from institutions.errors import JifenError
from scoring.models import PointsEntry
from tests.walks.oracle import ONE_DAY
from tests.walks.story import FIRST_DAY, Person, Posting
from tests.walks.town import Town, at
from tests.walks.walking import days

Deed = Literal["history", "night", "open", "decide", "post"]


@dataclass(frozen=True)
class Act:
    """Something done at an instant. A night is nothing but the work that has fallen due."""

    at: datetime
    deed: Deed
    person: Person | None = None
    posting: Posting | None = None


def acts(people: list[Person], last: date) -> list[Act]:
    """What happens until a day, in order; everything from before the walk is one act."""
    script = [Act(at(FIRST_DAY - ONE_DAY, 12), "history")]
    for day in days(FIRST_DAY, last):
        if day.day == 1 or any(turns(person, day) for person in people):
            script.append(Act(at(day, 0, 30), "night"))
        script += [Act(at(day, 10, minute), *rest) for minute, rest in enumerate(_of_day(people, day))]
    return script


def turns(person: Person, day: date) -> bool:
    """Whether the person's status changes on this day, by whatever was known last."""
    world = person.oracle.now
    return world.status(day) != world.status(day - ONE_DAY)


def _of_day(people: list[Person], day: date) -> Iterator[tuple[Deed, Person, Posting]]:
    for person in people:
        for posting in person.postings:
            if posting.by in ("case", "night"):
                if posting.opened_on == day:
                    yield "open", person, posting
                if posting.fact.on == day:
                    yield "decide", person, posting
            elif posting.day == day:
                yield "post", person, posting


def perform(act: Act, town: Town) -> None:
    """Do what an act says. A second time changes nothing."""
    if act.deed == "history":
        for person in town.people:
            for posting in person.postings:
                if posting.day < FIRST_DAY:
                    _carry_out(town, person, posting, at(posting.day, 11))
    elif act.person is not None and act.posting is not None:
        if act.deed == "open":
            town.open_case(act.person, act.posting)
        elif act.deed == "decide":
            town.decide_case(act.posting, hour=10)
        elif act.deed == "post":
            _carry_out(town, act.person, act.posting, act.at)


def _carry_out(town: Town, person: Person, posting: Posting, now: datetime) -> None:
    with suppress(JifenError, PointsEntry.DoesNotExist):  # refused, the first time and every other
        town.carry_out(person, posting, now)


# What is due and not yet done, as the background work finds it.
STILL_DUE = """
SELECT (SELECT count(*) FROM scoring_scorecard WHERE dirty_at IS NOT NULL OR valid_until < %(today)s)
     + (SELECT count(*) FROM scoring_measure m LEFT JOIN scoring_measureend e ON e.measure_id = m.id
        WHERE e.measure_id IS NULL AND upper_inf(m.recorded) AND upper(m.valid) <= %(today)s)
     + (SELECT count(*) FROM cases_attribution WHERE state = 'served' AND served_on <= %(today)s)
     + (SELECT count(*) FROM institutions_delivery WHERE next_attempt_at <= %(now)s)
"""
