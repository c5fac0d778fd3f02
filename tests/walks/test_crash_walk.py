"""Worker, timetable, clerk and database killed in the middle of their work: nothing is lost and nothing doubled.

The same story is lived twice: here, in one process and without accident; and in a town of its own, where a bomb kills
whoever comes to its n-th statement. In the end both say the same of every row.
"""

import json
import random
import time
from collections import Counter
from datetime import date, timedelta
from itertools import cycle
from pathlib import Path

import pytest

from config.jobs import run_jobs
from institutions import clock
from tests.infrastructure.databases import TestDatabase
from tests.walks import bombs, end_state, script, story
from tests.walks.private_services import PrivateTown, dump_database, private_town
from tests.walks.script import Act
from tests.walks.town import Town

pytestmark = pytest.mark.django_db(transaction=True)

# Who is at work when the bomb goes off, and who is killed by it.
ACCIDENTS = (
    ("poster", "self"),
    ("worker", "self"),
    ("poster", "database"),
    ("worker", "database"),
    ("worker", "timetable"),
)


def live_undisturbed(count: int, last: date) -> str:
    """The story in this process: each act, then the work that is due."""
    people = story.people(count)
    town, acts = Town(people).settle(), script.acts(people, last)
    for act in acts:
        clock.move_to(act.at)
        script.perform(act, town)
        list(run_jobs(clock.local_date(act.at)))
    return end_state.as_json(acts[-1].at)


def live_dangerously(town: PrivateTown, acts: list[Act], *, kills: int, seed: int) -> str:
    """The story in a town of its own, with so many bombs laid at acts and statements drawn by lot."""
    dice = random.Random(seed)
    planned = iter(sorted(dice.sample(range(len(acts)), kills)))
    accidents = cycle(ACCIDENTS)
    town.order("settle")
    due = next(planned, None)
    for number, act in enumerate(acts):
        if due is not None and number >= due and bombs.laid(town.paths.var) is None:
            waits_for, killed = next(accidents)
            bombs.lay(
                town.paths.var, waits_for=waits_for, after=dice.randint(1, 40), kills=killed, name=f"bomb{number}"
            )
            due = next(planned, None)
        town.order(str(number))
        town.is_staffed = True  # what is history was posted before anybody could work on it
        town.wait_until_nothing_is_due(act.at)
        town.wait_for_worker_bomb()
        town.wait_until_nothing_is_due(act.at)
    return town.order("end")


def walk_and_crash(count: int, last: date, dump: Path, *, kills: int) -> Counter[str]:
    began = time.monotonic()
    undisturbed = live_undisturbed(count, last)
    lived = time.monotonic()
    acts = script.acts(story.people(count), last)
    with private_town(dump, str(count), last.isoformat()) as town:
        told = live_dangerously(town, acts, kills=kills, seed=20250601)
        exploded = len(list(town.paths.var.glob("*.exploded")))
        figures = town.restarts - Counter(["worker", "timetable", "clerk"])
    expected, found = json.loads(undisturbed), json.loads(told)
    differences = [
        f"{part}: {sign} {row}"
        for part in expected
        for sign, one, other in (("lost", expected[part], found[part]), ("too many", found[part], expected[part]))
        for row in one
        if row not in other
    ]
    assert not differences, "\n".join(differences[:20])
    assert found == expected
    return figures + Counter(
        kills=exploded,
        acts=len(acts),
        rows=sum(map(len, expected.values())),
        seconds_undisturbed=int(lived - began),
        seconds=int(time.monotonic() - began),
    )


@pytest.fixture
def dump(django_db_setup: TestDatabase, tmp_path: Path) -> Path:
    """The tables and the reference data, before anybody lives."""
    return dump_database(django_db_setup.name, tmp_path / "before.sql")


def test_three_crashes_leave_no_trace(dump: Path) -> None:
    figures = walk_and_crash(4, story.FIRST_DAY + timedelta(days=90), dump, kills=3)

    assert figures["kills"] == 3


@pytest.mark.endurance
def test_forty_crashes_leave_no_trace(dump: Path) -> None:
    figures = walk_and_crash(24, story.FIRST_DAY + timedelta(days=300), dump, kills=40)

    assert figures["kills"] >= 30
    print(f"crash walk: {dict(figures)}")  # noqa: T201 - figures for the record
