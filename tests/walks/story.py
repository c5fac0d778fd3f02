"""Fictional people and what happens to them over a year and a half, the same for the same seed.

Each person lives through the days one by one. On some of them something is posted: an award (at once or late,
sometimes scored in an earlier year, sometimes with months that an officer chose), a correction, a repair, an
application. The rules refuse some of it, which is part of the story. The oracle goes along, so that a story knows
what could be posted when, and what was known after it.
"""

import random
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from tests.walks.oracle import ONE_DAY, Fact, Library, Line, Oracle

FIRST_DAY = date(2025, 6, 1)
DAYS = 400
LAST_DAY = FIRST_DAY + timedelta(days=DAYS - 1)
LONG_PAST = date(2025, 1, 6)
PROCEDURE_DAYS = 25  # from the notice of intent to the decision: longer than every statement window
CLAUSES = {3: "A3", 6: "B3", 9: "C3", 12: "D3"}  # by the top of their bands; open to every kind of basis


@dataclass(frozen=True)
class Place:
    """A county and its two institutions."""

    region: str
    pack: str

    @property
    def sites(self) -> tuple[str, str]:
        return f"H{self.region}00001", f"H{self.region}00002"


PLACES = (
    Place("150422", "inner-mongolia"),
    Place("210102", "liaoning"),
    Place("120101", "tianjin"),
    Place("431122", "hunan"),
    Place("370602", "yantai"),
    Place("510104", "national"),
)


@dataclass(frozen=True)
class Spell:
    """A registration at one of the institutions."""

    site: str
    starts_on: date
    ends_on: date | None = None


@dataclass(frozen=True)
class Posting:
    """Something that reaches the ledger on a day.

    `by`: through which door. `service`: the scoring services; `case`: the whole procedure, whose notice of intent was
    served on `opened_on`, put into effect at once; `night`: the same, but put into effect by the next night's run;
    `annul`: the annulment of that case's basis.
    """

    day: date
    key: str
    fact: Fact
    site: str
    by: str = "service"
    opened_on: date | None = None
    is_refused: bool = False
    known_after: int = 0  # how many of the person's facts the oracle knows afterwards


@dataclass
class Person:
    """One life, and the oracle that has seen all of it."""

    number: int
    home: Place
    spells: tuple[Spell, ...]
    oracle: Oracle
    postings: list[Posting] = field(default_factory=list)

    @property
    def code(self) -> str:
        return f"D{self.home.region}{self.number:06d}"

    @property
    def regions(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(spell.site[1:7] for spell in self.spells))


def people(count: int, *, seed: int = 20250601) -> list[Person]:
    """So many people, the first of whom are the same whatever the count."""
    library = Library()
    return [Life(number, seed, library).person for number in range(count)]


class Life:
    """Makes one person's story, day by day, until the walk ends or another day."""

    def __init__(self, number: int, seed: int, library: Library, *, ends_on: date = LAST_DAY) -> None:
        self.dice = random.Random(f"{seed}:{number}")
        self.ends_on = ends_on
        home = PLACES[number % len(PLACES)]
        self.person = Person(number, home, self._spells(home), Oracle(library))
        self.awards: list[str] = []
        self.by_procedure: set[str] = set()
        self.refs = self.keys = 0
        self.begins_early = self.dice.random() < 0.4
        self.is_grave = self.dice.random() < 0.3
        self.procedure: Posting | None = None  # one at a time
        self._live()

    def _spells(self, home: Place) -> tuple[Spell, ...]:
        """One site, or two; the second sometimes in another region, begun or ended during the walk."""
        spells = [Spell(home.sites[self.dice.randrange(2)], date(2024, 1, 1))]
        if self.dice.random() < 0.45:
            place = self.dice.choice(PLACES) if self.dice.random() < 0.7 else home
            begins = self.dice.choice([date(2024, 3, 1), FIRST_DAY + timedelta(days=self.dice.randrange(DAYS))])
            ends = begins + timedelta(days=self.dice.randrange(30, 400)) if self.dice.random() < 0.3 else None
            site = next(site for site in reversed(place.sites) if site != spells[0].site)
            spells.append(Spell(site, begins, ends))
        return tuple(spells)

    # --- living

    def _live(self) -> None:
        day = LONG_PAST if self.begins_early or self.is_grave else FIRST_DAY
        if self.is_grave:
            day = self._be_barred_early(day)
        while day <= self.ends_on:
            self._end_procedure(day)
            for _ in range(self._how_many(day)):
                self._act(day)
            day += ONE_DAY

    def _how_many(self, day: date) -> int:
        """Mostly nothing; now and then something; rarely two things on one day."""
        chance = 0.018 if day >= FIRST_DAY else 0.012
        if self.person.oracle.now.answer(day).may_reapply:
            chance += 0.05
        if self.dice.random() >= chance:
            return 0
        return 2 if self.dice.random() < 0.15 else 1

    def _be_barred_early(self, day: date) -> date:
        """Awards that add up to a bar in early 2025, so that it ends within the walk."""
        for points in (self.dice.choice([5, 6, 7, 10]), self.dice.choice([7, 8]))[:: self.dice.choice([1, -1])]:
            day += timedelta(days=self.dice.randrange(1, 60))
            self._award(day, points=points)
        return day + ONE_DAY

    def _act(self, day: date) -> None:
        answer = self.person.oracle.now.answer(day)
        if answer.may_reapply and self.dice.random() < 0.7:
            self._reregister(day)
            return
        repairs = 30 if "120101" in self.person.regions else 3
        deeds = {
            self._award: 55,
            self._late_award: 14,
            self._case: 10,
            self._reverse: 11 if self.awards else 0,
            self._vary: 11 if self.awards else 0,
            self._repair: repairs if self.awards else 0,
            self._reregister: 2,
        }
        self.dice.choices(list(deeds), weights=list(deeds.values()))[0](day)

    # --- deeds

    def _award(self, day: date, *, points: int | None = None, on: date | None = None) -> None:
        site = self._site()
        on = on or day
        fact = Fact(
            "award",
            on,
            region=site[1:7],
            ref=self._next_ref(),
            lines=self._lines(on, points),
            scored_on=self._scored_on(on),
            articles=frozenset([40 if self.dice.random() < 0.08 else 38]),
        )
        self._post(day, self._with_months(fact), site)

    def _late_award(self, day: date) -> None:
        on = max(LONG_PAST, day - timedelta(days=self.dice.randrange(1, 90)))
        self._award(day, on=on)

    def _case(self, day: date) -> None:
        """A whole procedure; one at a time, decided inside the walk."""
        decided_on = day + timedelta(days=PROCEDURE_DAYS)
        if day < FIRST_DAY or self.procedure is not None or decided_on >= self.ends_on:
            return
        site = self._site()
        fact = Fact(
            "award",
            decided_on,
            region=site[1:7],
            ref=self._next_ref(),
            lines=(Line("forged-records", self._points(), date(2025, 3, 31)),),
            scored_on=day - timedelta(days=self.dice.randrange(1, 20)),
            articles=frozenset([self.dice.choice([38, 40])]),
        )
        by = self.dice.choice(["case", "night"])
        due_on = decided_on + ONE_DAY if by == "night" else decided_on
        self.procedure = Posting(due_on, self._key(fact), fact, site, by, day)

    def _end_procedure(self, day: date) -> None:
        """Put the procedure's award on the ledger on its day, before anything else of that day."""
        if self.procedure is not None and self.procedure.day == day:
            posting, self.procedure = self.procedure, None
            self.by_procedure.add(posting.fact.ref)
            self._append(posting)

    def _reverse(self, day: date) -> None:
        ref = self.dice.choice(self.awards)
        by = "annul" if ref in self.by_procedure else "service"
        self._post(day, Fact("reverse", day, ref=ref), self._site(), by)

    def _vary(self, day: date) -> None:
        ref = self.dice.choice(self.awards)
        live = next((award for award in self.person.oracle.now.live.values() if award.fact.ref == ref), None)
        points = self.dice.randint(1, max(1, live.points - 1)) if live else 1
        self._post(day, Fact("vary", day, ref=ref, points=points), self._site())

    def _repair(self, day: date) -> None:
        on = day - timedelta(days=self.dice.choice([0, 0, 0, 5, 20]))
        region = "120101" if "120101" in self.person.regions else self.person.home.region
        fact = Fact("repair", max(LONG_PAST, on), region=region, points=self.dice.choice([1, 1, 1, 2, 3]))
        self._post(day, fact, self._site())

    def _reregister(self, day: date) -> None:
        on = day - timedelta(days=self.dice.choice([0, 0, 0, 3]))
        self._post(day, Fact("reregister", on, region=self.person.home.region), self._site())

    # --- details

    def _site(self) -> str:
        return self.dice.choice(self.person.spells).site

    def _next_ref(self) -> str:
        self.refs += 1
        return f"walk:{self.person.number}:{self.refs}"

    def _key(self, fact: Fact) -> str:
        self.keys += 1
        return f"{fact.kind}:{self.person.number}:{self.keys}"

    def _lines(self, on: date, points: int | None) -> tuple[Line, ...]:
        """Mostly one line; sometimes several, with conduct in common, or of the year before the cut-off."""
        points = points or self._points()
        lines = [Line("c1", points, on)]
        if self.dice.random() < 0.2:
            lines.append(Line(self.dice.choice(["c1", "c2"]), self.dice.randint(1, 6), on - timedelta(days=30)))
        if self.dice.random() < 0.05:
            lines.append(Line("c3", self.dice.randint(1, 9), date(2024, 12, 31)))
        if self.dice.random() < 0.02:
            lines = [Line("c1", points, date(2024, 11, 30))]
        return tuple(lines)

    def _points(self) -> int:
        return self.dice.choices(range(1, 13), weights=[14, 14, 12, 8, 8, 6, 3, 3, 7, 4, 2, 2])[0]

    def _scored_on(self, on: date) -> date:
        back = self.dice.choice([0, 0, 0, 5, 15, 40]) if on.month > 2 else self.dice.choice([0, 0, 15, 40, 70])
        return max(date(2025, 1, 1), on - timedelta(days=back))

    def _with_months(self, fact: Fact) -> Fact:
        """Sometimes the officer chooses the months: mostly inside the range of the row, rarely without need."""
        if self.dice.random() >= 0.3 or self.person.oracle.refuses(fact):
            return fact
        number = len(self.person.oracle.facts)
        row = self.person.oracle.post(fact).rows.get(number)
        self.person.oracle.take_back()
        if row is None:
            return _choosing(fact, self.dice.randint(1, 6)) if self.dice.random() < 0.1 else fact
        tables = self.person.oracle.library.law(fact.region, fact.on)["measures"]["suspend"]["months"]
        least, most = tables[row[0]][row[1]]["range"]
        return _choosing(fact, self.dice.randint(least, most) if self.dice.random() < 0.9 else most + 2)

    def _post(self, day: date, fact: Fact, site: str, by: str = "service") -> None:
        self._append(Posting(day, self._key(fact), fact, site, by))

    def _append(self, posting: Posting) -> None:
        """Tell the oracle, and note what it made of it."""
        oracle, fact = self.person.oracle, posting.fact
        refused = oracle.refuses(fact)
        if not refused:
            oracle.post(fact)
            if fact.kind == "award":
                self.awards.append(fact.ref)
        self.person.postings.append(replace(posting, is_refused=refused, known_after=len(oracle.facts)))


def _choosing(fact: Fact, months: int) -> Fact:
    return replace(fact, months=months)
