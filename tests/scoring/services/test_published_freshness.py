"""Never stale: readers hammer files and pages across commits and a change of date; publishers are killed at each step.

A reader looks as a web server in front does: the file of the date, else the application. Whoever begins to read after a
commit must not see what was so before it, whichever of the two answers.
"""

import itertools
import json
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client

from institutions import clock, published_files
from institutions.models import Practitioner
from scoring.models import PointsEntry
from scoring.publication import rendering
from scoring.services import card_files, ledger, scorecards
from tests.factories.award import at_noon, post_award
from tests.scoring.public_people import TODAY, People, people_today, set_today
from tests.scoring.published import file_of

pytestmark = pytest.mark.django_db(transaction=True)
NEXT = TODAY + timedelta(days=1)
STATUS_ON = {"2025-06-10": "normal", "2025-06-11": "suspended", "2025-06-12": "suspended"}
READERS, CHANGES = 3, 12
PAUSE = 0.002  # seconds between two reads, so that the writer gets its turn


@pytest.fixture
def who(tmp_path: Path, settings) -> People:
    settings.PUBLISHED_DIR = str(tmp_path / "published")
    made = people_today()
    publish()
    return made


def publish() -> None:
    now = clock.now()
    scorecards.publish_dirty(now=now)
    card_files.publish_files(now=now)


def read(person: Practitioner) -> tuple[str, dict[str, object]]:
    """As nginx: the file of its own date if it is there, else what the application answers."""
    found = file_of(person, "json", day=clock.today())
    if found is not None:
        return "file", json.loads(found)
    return "application", Client().get(f"/api/v1/scorecards/{person.slug}/").json()


class Truth:
    """The latest value that was committed, and when one began to change it."""

    def __init__(self, value: object) -> None:
        self.values = [value]
        self.guard = threading.Lock()

    def before(self) -> int:
        with self.guard:
            return len(self.values) - 1

    def commit(self, value: object) -> None:
        with self.guard:
            self.values.append(value)


def in_thread(work: Callable[[], object]) -> object:
    try:
        return work()
    finally:
        connection.close()


def hammer(person: Practitioner, truth: Truth, key: str, over: threading.Event) -> dict[str, int]:
    """Read until it is over; whatever is read must be the value committed when the reading began, or a later one."""
    seen: dict[str, int] = {"file": 0, "application": 0}
    while not over.is_set():
        since = truth.before()
        source, facts = read(person)
        allowed = truth.values[since:]
        # the change that is being committed while we read may be seen before the writer has noted it
        if facts[key] not in allowed:
            time.sleep(0.2)
            assert facts[key] in truth.values[since:], (source, facts[key], allowed)
        seen[source] += 1
        time.sleep(PAUSE)
    return seen


def test_a_reader_who_starts_after_a_commit_never_sees_what_was_before_it(who: People) -> None:
    person, over = who.scored, threading.Event()
    truth = Truth(4)

    def change() -> None:
        for number in range(CHANGES):
            entry = post_award(person, 1, TODAY, source_key=f"hammer:{number}", now=clock.now())
            truth.commit(5)
            time.sleep(0.01 * (number % 3))
            ledger.reverse_award(entry=entry, reason="撤销", by=None, now=clock.now())
            truth.commit(4)
            time.sleep(0.01 * (number % 4))

    def keep_publishing() -> None:
        while not over.is_set():
            publish()

    with ThreadPoolExecutor(READERS + 2) as pool:
        publisher = pool.submit(in_thread, keep_publishing)
        readers = [pool.submit(in_thread, lambda: hammer(person, truth, "points", over)) for _ in range(READERS)]
        try:
            pool.submit(in_thread, change).result()
        finally:
            over.set()
        publisher.result()
        counts = [reader.result() for reader in readers]
    assert all(sum(count[source] for count in counts) > 3 for source in ("file", "application"))  # type: ignore[index]


def read_across_midnight(person: Practitioner, over: threading.Event) -> dict[str, int]:
    """Whatever is read says what is so on the date it claims, and a file claims the date it was asked for."""
    seen = {"file": 0, "application": 0}
    while not over.is_set():
        day = clock.today()
        found = file_of(person, "json", day=day)
        source = "application" if found is None else "file"
        facts = json.loads(found or Client().get(f"/api/v1/scorecards/{person.slug}/").content)
        assert facts["status"] == STATUS_ON[facts["as_of"]], source
        assert source == "application" or facts["as_of"] == day.isoformat()
        seen[source] += 1
        time.sleep(PAUSE)
    return seen


def test_no_reader_of_a_new_date_sees_the_old_one_when_midnight_passes(who: People) -> None:
    """Back and forth over the midnight on which a suspension begins."""
    over = threading.Event()

    def pass_midnights() -> None:
        for day in itertools.islice(itertools.cycle(STATUS_ON), 6):
            set_today(date.fromisoformat(day))
            time.sleep(0.05)
            publish()
            time.sleep(0.1)

    with ThreadPoolExecutor(READERS + 1) as pool:
        readers = [pool.submit(in_thread, lambda: read_across_midnight(who.suspended, over)) for _ in range(READERS)]
        try:
            pool.submit(in_thread, pass_midnights).result()
        finally:
            over.set()
        counts = [reader.result() for reader in readers]
    assert all(sum(count[source] for count in counts) > 3 for source in ("file", "application"))  # type: ignore[index]


# Where a publisher is killed: while it renders, between two files, after the last file and before its commit.
STEPS = {
    "rendering": (rendering, "undated_pages", 1),
    "before the first file": (published_files, "_replace", 1),
    "between two files": (published_files, "_replace", 2),
    "before the commit": (card_files, "write_files", 0),
}


def killed_while_publishing(step: str) -> None:
    """Publish in a process of its own that is killed at a step, as by the kernel: nothing is tidied up."""
    module, name, call = STEPS[step]
    child = os.fork()
    if child == 0:
        connection.connection = None  # the parent's; a child opens its own
        real, calls = getattr(module, name), itertools.count(1)

        def deadly(*args: object, **kwargs: object) -> object:
            if call == 0:
                real(*args, **kwargs)
            if call == 0 or next(calls) == call:
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*args, **kwargs)

        setattr(module, name, deadly)
        try:
            publish()
        finally:
            os._exit(1)
    _pid, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status)
    assert os.WTERMSIG(status) == signal.SIGKILL


@pytest.fixture
def quiet_fork() -> Iterator[None]:
    connection.close()
    yield
    connection.close()


@pytest.mark.parametrize("step", STEPS)
def test_no_file_outlives_its_truth_wherever_the_publisher_is_killed(who: People, step: str, quiet_fork: None) -> None:
    person = who.scored
    post_award(person, 1, TODAY)
    connection.close()
    killed_while_publishing(step)
    source, facts = read(person)
    assert facts["points"] == 5, source
    entry = PointsEntry.objects.get(practitioner=person, points=1)
    ledger.reverse_award(entry=entry, reason="撤销", by=None, now=clock.now())
    source, facts = read(person)
    assert (source, facts["points"]) == ("application", 4)
    publish()
    assert read(person)[0] == "file"
    assert read(person)[1]["points"] == 4


def test_a_change_killed_before_its_commit_leaves_the_old_truth_and_no_file(who: People, quiet_fork: None) -> None:
    child = os.fork()
    if child == 0:
        connection.connection = None
        real = published_files.withdraw

        def deadly(slugs: object) -> None:
            real(slugs)  # type: ignore[arg-type]
            os.kill(os.getpid(), signal.SIGKILL)

        published_files.withdraw = deadly
        try:
            post_award(who.scored, 1, TODAY)
        finally:
            os._exit(1)
    _pid, status = os.waitpid(child, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL
    assert read(who.scored) == ("application", {**read(who.scored)[1], "points": 4})


def test_at_noon_of_the_next_day_without_a_night_every_reader_is_sent_to_the_application(who: People) -> None:
    clock.move_to(at_noon(NEXT))
    source, facts = read(who.suspended)
    assert (source, facts["as_of"]) == ("application", TODAY.isoformat())
