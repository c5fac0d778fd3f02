"""Walks a town through the calendar: post what happens on a day, run the night's work, compare with the oracle."""

import random
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from config.jobs import run_jobs
from institutions import clock
from institutions.models import JobOutcome, JobRun, Notice, NoticeKind
from scoring.models import Measure
from scoring.policy.account import Account
from scoring.selectors.accounts import load_account
from scoring.selectors.public_facts import PublicScorecard
from scoring.selectors.scorecards import served_scorecard
from scoring.selectors.status import points_on, status_on
from tests.walks.oracle import ONE_DAY, Answer, World
from tests.walks.story import FIRST_DAY, LAST_DAY, Person, Posting
from tests.walks.town import Town, at

MINUTELY = ("scoring.publish_scorecards", "institutions.deliver_notices")


def days(first: date = FIRST_DAY, last: date = LAST_DAY) -> Iterator[date]:
    """Every day of the walk."""
    while first <= last:
        yield first
        first += ONE_DAY


def last_instant(day: date) -> datetime:
    """The end of a Shanghai day, by which everything of it is known."""
    return at(day, 23, 59)


@dataclass
class Walk:
    """One walk through a story.

    `every_night`: the night's work on every day, and everything read anew on every day. Else the night's work is done
    where something is due and on the first of a month, an account is read when something was posted, and a page is
    asked for where something turns and on every third day. What disagrees is gathered, with its story.
    """

    town: Town
    every_night: bool
    counts: Counter[str] = field(default_factory=Counter)
    disagreements: list[str] = field(default_factory=list)
    seen: dict[tuple[int, date], Answer] = field(default_factory=dict)
    known_on: dict[tuple[int, date], int] = field(default_factory=dict)  # how many facts were known at the end of a day
    accounts: dict[int, tuple[int, Account]] = field(default_factory=dict)  # as read when so many facts were known

    def __post_init__(self) -> None:
        self.known = {person.number: 0 for person in self.town.people}
        self.by_day: dict[date, list[tuple[Person, Posting]]] = {}
        self.opened: dict[date, list[tuple[Person, Posting]]] = {}
        self.decided: dict[date, list[tuple[Person, Posting]]] = {}
        for person in self.town.people:
            for posting in person.postings:
                self.by_day.setdefault(posting.day, []).append((person, posting))
                if posting.opened_on is not None and posting.by in ("case", "night"):
                    self.opened.setdefault(posting.opened_on, []).append((person, posting))
                    self.decided.setdefault(posting.fact.on, []).append((person, posting))

    # --- the days

    def go(self, *, compare: bool = True) -> "Walk":
        """Everything from before the walk, then day by day, comparing everybody on each."""
        began = time.monotonic()
        for day in sorted(day for day in self.by_day if day < FIRST_DAY):
            self._post_all(day)
        for day in days():
            self.day(day)
            if compare:
                self.compare_all(day)
        self.counts["seconds"] = int(time.monotonic() - began)
        return self

    def day(self, day: date) -> None:
        """One day: the night's work, what is posted, and what is published."""
        if self.every_night or day.day == 1 or day - ONE_DAY in self.decided or self._anybody_turns(day):
            self._night(day)
        self._post_all(day)
        clock.move_to(at(day, 12))
        if day in self.by_day:
            list(run_jobs(day, MINUTELY))
        self.counts["days"] += 1

    def _night(self, day: date) -> None:
        clock.move_to(at(day, 0, 30))
        list(run_jobs(day))
        self.counts["nights"] += 1
        for person, posting in self.by_day.get(day, []):
            if posting.by == "night":
                self.known[person.number] = posting.known_after

    def _post_all(self, day: date) -> None:
        clock.move_to(at(day, 11))
        for person, posting in self.opened.get(day, []):
            self.town.open_case(person, posting)
        for _person, posting in self.decided.get(day, []):
            if posting.by == "case":
                self.town.decide_case(posting)
        for minute, (person, posting) in enumerate(self.by_day.get(day, [])):
            if posting.by == "case":
                self.town.put_into_effect(posting)
            elif posting.by != "night":
                self.town.post(person, posting, minute=minute % 60)
            self.known[person.number] = posting.known_after
            self.counts["postings"] += 1
        for _person, posting in self.decided.get(day, []):
            if posting.by == "night":  # the worker does not get to it before the night
                self.town.decide_case(posting)

    def _anybody_turns(self, day: date) -> bool:
        return any(self._turns(person, day) for person in self.town.people)

    def _turns(self, person: Person, day: date) -> bool:
        """Whether the person's status changes by itself on this day."""
        world = self.world(person)
        return world.status(day) != world.status(day - ONE_DAY)

    # --- what is compared

    def world(self, person: Person) -> World:
        """What the oracle says follows from what is known by now."""
        return person.oracle.world(self.known[person.number])

    def compare_all(self, day: date) -> None:
        """Everybody on one day."""
        for person in self.town.people:
            self.compare(person, day)

    def compare(self, person: Person, day: date) -> None:
        """One person on one day: the account, and the page that a stranger is served."""
        expected = self.world(person).answer(day)
        practitioner = self.town.practitioners[person.number]
        account = self._account(person)
        status = account.status_on(day)
        reminders = tuple(account.reminders_of(day.year, day))
        told = Answer(account.points_on(day), str(status.status), status.until, status.may_reapply, reminders)
        self._expect(person, day, "account", told, expected)
        is_third = (day.toordinal() + person.number) % 3 == 0
        if self.every_night or is_third or self._turns(person, day) or self._was_posted(person, day):
            card = served_scorecard(practitioner.slug, on=day, now=at(day, 12)).card
            self._expect(person, day, "scorecard", shown(card), published(expected))
        self.seen[person.number, day] = told
        self.known_on[person.number, day] = self.known[person.number]

    def _account(self, person: Person) -> Account:
        known = self.known[person.number]
        if self.every_night or self.accounts.get(person.number, (-1, None))[0] != known:
            read = load_account(self.town.practitioners[person.number]).account
            self.accounts[person.number] = (known, read)
        return self.accounts[person.number][1]

    def _was_posted(self, person: Person, day: date) -> bool:
        return self.known[person.number] != self.known_on.get((person.number, day - ONE_DAY), 0)

    def look_back(self, *, samples: int) -> None:
        """Every past day as now known; sampled days as known on sampled days; two clocks in the table of measures."""
        dice = random.Random(f"look back {len(self.town.people)}")
        every = list(days())
        for person in self.town.people:
            world, practitioner = self.world(person), self.town.practitioners[person.number]
            account = load_account(practitioner).account
            for day in every:
                status = account.status_on(day)
                told = (account.points_on(day), str(status.status), status.until, status.may_reapply)
                expected = world.answer(day)
                wanted = (expected.points, expected.status, expected.until, expected.may_reapply)
                self._expect(person, day, "past day as now known", told, wanted)
            for day in dice.sample(every, samples):
                card = served_scorecard(practitioner.slug, on=day, now=clock.now()).card
                self._expect(person, day, "past scorecard", shown(card), published(world.answer(day)))
            for _ in range(samples):
                known_day = dice.choice(every)
                self._as_known(person, known_day, known_day)
                self._as_known(person, FIRST_DAY + timedelta(days=dice.randrange(-150, len(every))), known_day)

    def _as_known(self, person: Person, day: date, known_day: date) -> None:
        practitioner, known_at = self.town.practitioners[person.number], last_instant(known_day)
        status = status_on(practitioner, day, known_at=known_at)
        told = (
            points_on(practitioner, day, known_at=known_at),
            str(status.status),
            status.until,
            status.may_reapply,
        )
        world = person.oracle.world(self.known_on[person.number, known_day])
        expected = world.answer(day)
        wanted = (expected.points, expected.status, expected.until, expected.may_reapply)
        self._expect(person, day, f"as known on {known_day}", told, wanted)
        if day == known_day:
            seen = self.seen[person.number, day]
            self._expect(person, day, "as seen then", told, (seen.points, seen.status, seen.until, seen.may_reapply))
        rows = Measure.objects.filter(
            practitioner=practitioner, valid__contains=day, recorded__contains=known_at
        ).values_list("kind", flat=True)
        in_table = "terminated" if "terminate" in rows else "suspended" if rows else "normal"
        if not expected.may_reapply:
            self._expect(person, day, f"measures known on {known_day}", in_table, expected.status)

    def _expect(self, person: Person, day: date, what: str, told: object, expected: object) -> None:
        self.counts["comparisons"] += 1
        if told != expected:
            self.counts["disagreements"] += 1
            if len(self.disagreements) < 10:
                self.disagreements.append(f"{what} of {person.code} on {day}: {told}, the oracle says {expected}")

    def ensure_agreement(self) -> None:
        """Fail with the stories of those who are judged differently."""
        wrong = {line.split()[line.split().index("of") + 1] for line in self.disagreements}
        tales = [
            f"{person.code}: " + "\n    ".join(str(posting) for posting in person.postings)
            for person in self.town.people
            if person.code in wrong
        ]
        assert not self.disagreements, "\n".join([*self.disagreements, *tales[:3]])

    # --- notices

    def ensure_every_restoration_told_once(self) -> None:
        """Whoever came back, or may apply again, was told so: once, each recipient, with the last day."""
        told: Counter[tuple[str, str]] = Counter()
        for notice in Notice.objects.filter(kind=NoticeKind.RESTORED):
            told[notice.recipient_key, f"{notice.payload['practitioner_code']} {notice.payload['ended_on']}"] += 1
        wrong = [f"told {times} times: {key}" for key, times in told.items() if times > 1]
        for person in self.town.people:
            key = f"practitioner:{self.town.practitioners[person.number].pk}"
            for day in days(FIRST_DAY + ONE_DAY):
                if self._comes_back(person, day):
                    self.counts["restorations"] += 1
                    last = f"{person.code} {day - ONE_DAY}"
                    if told[key, last] == 0:
                        wrong.append(f"not told: {last}")
        assert not wrong, "\n".join(wrong)

    def _comes_back(self, person: Person, day: date) -> bool:
        """Whether, as known in the night, the last day of whatever held the person was the day before."""
        world = person.oracle.world(self.known_on[person.number, day - ONE_DAY])
        before, after = world.answer(day - ONE_DAY), world.answer(day)
        held = before.status != "normal" and not before.may_reapply
        return held and (after.status == "normal" or after.may_reapply)


def ensure_no_job_failed() -> None:
    """Every run in the book is done."""
    failed = JobRun.objects.exclude(outcome=JobOutcome.DONE).values_list("name", "for_date", "error")
    assert not failed, list(failed)


def shown(card: PublicScorecard) -> tuple[int | None, str, str | None, bool]:
    """What a page says of the account."""
    return card.points, card.status, card.until, card.may_reapply


def published(answer: Answer) -> tuple[int | None, str, str | None, bool]:
    """What a page ought to say."""
    return answer.points, answer.status, answer.until.isoformat() if answer.until else None, answer.may_reapply
