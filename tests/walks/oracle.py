"""What the rules say about one person on any day, worked out a second time and in another way.

Written from the text of the rules alone (design §4 and §5, ADR 0004–0014) to check the engine against. It shares
nothing with it: it reads the rulebook files itself, walks through the calendar day by day, and keeps measures as
plain sets of days. Slow and simple on purpose.

A *world* is what follows from the first k postings. Whatever was settled when something was posted (whether a
re-registration was accepted, which row a term was chosen for, how grave each day was before a correction) is read
off the smaller worlds before it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

PACKS = Path(__file__).resolve().parents[2] / "scoring" / "rulebooks"
ONE_DAY = timedelta(days=1)
Law = dict[str, Any]
Row = tuple[str, int]  # a table and the points in it


# --- the rulebooks


def merge(base: Law, own: Law) -> Law:
    """`own` laid over `base`: mappings key by key, lists replaced, a mapping with a `kind` replaced whole."""
    merged = dict(base)
    for key, value in own.items():
        old = merged.get(key)
        goes_in = isinstance(value, dict) and isinstance(old, dict) and "kind" not in value
        merged[key] = merge(dict(old or {}), value) if goes_in else value
    return merged


class Library:
    """Every pack in the folder; answers which law governs a place on a day."""

    def __init__(self, folder: Path = PACKS) -> None:
        written = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.yaml"))]
        national = next(pack for pack in written if pack["id"] == "national" and "extends" not in pack)
        self.laws = [merge(national, pack) if pack.get("extends") == "national" else pack for pack in written]

    def law(self, region: str, on: date) -> Law:
        """The longest prefix whose latest version begun by `on` is not a repeal."""
        for length in range(len(region), -1, -1):
            begun = [law for law in self.laws if law["jurisdiction"] == region[:length] and law["effective_from"] <= on]
            latest = max(begun, key=lambda law: law["effective_from"], default=None)
            if latest is not None and not latest.get("repeal"):
                return latest
        raise LookupError(f"no law in {region} on {on}")


# --- the calendar


def day_number_later(anchor: date, months: int) -> date:
    """The day of the anchor's number `months` months later, or that month's last day where there is none."""
    year, month = divmod(anchor.year * 12 + anchor.month - 1 + months, 12)
    number = anchor.day
    while True:
        try:
            return date(year, month + 1, number)
        except ValueError:
            number -= 1


def first_of_next_month(day: date) -> date:
    """The first day of the month after that of `day`."""
    day += ONE_DAY
    while day.day != 1:
        day += ONE_DAY
    return day


def normal_start(effective_on: date, law: Law) -> date:
    """The first day of a measure that does not wait for another."""
    if law["effect_starts"] == "next_month":
        return first_of_next_month(effective_on)
    return effective_on if law["effect_starts"] == "decision_day" else effective_on + ONE_DAY


def last_day(start: date, months: int, law: Law, *, is_normal: bool) -> date:
    """The last day of a measure of so many months."""
    if law["effect_starts"] == "next_month" and start.day == 1:
        return day_number_later(start, months) - ONE_DAY
    anchor = start if law["effect_starts"] == "decision_day" and is_normal else start - ONE_DAY
    return day_number_later(anchor, months)


def days_between(first: date, last: date) -> set[date]:
    """Every day from the first to the last, both counted."""
    return {first + ONE_DAY * n for n in range((last - first).days + 1)}


# --- what is told to the oracle, and what it answers


@dataclass(frozen=True)
class Line:
    """One line of a decision: the conduct, its points, and the last day of the act."""

    conduct: str
    points: int
    to_on: date


@dataclass(frozen=True)
class Fact:
    """Something posted about the person. `kind`: award, reverse, vary, repair or reregister."""

    kind: str
    on: date
    region: str = ""
    ref: str = ""  # the award posted, or the award reversed or varied
    lines: tuple[Line, ...] = ()
    scored_on: date | None = None
    months: int | None = None
    articles: frozenset[int] = frozenset()
    points: int = 0  # of a variation or a repair


@dataclass(frozen=True)
class Answer:
    """What holds on one day."""

    points: int
    status: str
    until: date | None
    may_reapply: bool
    reminders: tuple[int, ...]


@dataclass
class Sanction:
    """A suspension or a bar, as the set of its days."""

    kind: str  # suspend | terminate
    table: str  # cumulative | single | full
    year: int
    age: int  # how many re-registrations had been accepted when its award was posted
    posting: int  # the number of its award among the postings
    start: date
    end: date
    months: int  # as imposed
    months_left: int  # after repairs
    law: Law = field(repr=False)
    is_normal: bool = True
    is_void: bool = False

    def days(self) -> set[date]:
        return set() if self.is_void else days_between(self.start, self.end)


@dataclass(frozen=True)
class Stretch:
    """Days without a gap on which one sanction applies."""

    first: date
    last: date


def stretches(days: set[date]) -> list[Stretch]:
    """The days, as runs without a gap."""
    found = []
    for first in sorted(day for day in days if day - ONE_DAY not in days):
        last = first
        while last + ONE_DAY in days:
            last += ONE_DAY
        found.append(Stretch(first, last))
    return found


# --- the worlds


class Oracle:
    """One person. `world(k)` is what follows from the first k postings."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.facts: list[Fact] = []
        self.worlds: dict[int, World] = {}
        self.chosen_rows: dict[int, Row | None] = {}
        self.accepted: dict[int, bool] = {}
        self.before_correction: dict[int, tuple[set[date], set[date]]] = {}

    def post(self, fact: Fact) -> "World":
        """Add a posting; settle what is settled at posting; return the world after it."""
        number = len(self.facts)
        before = self.world(number)
        if fact.kind == "reregister":
            self.accepted[number] = before.answer(fact.on).may_reapply
        if fact.kind in ("reverse", "vary"):
            self.before_correction[number] = before.grave_days()
        self.facts.append(fact)
        after = self.world(number + 1)
        if fact.kind == "award" and fact.months is not None:
            self.chosen_rows[number] = after.rows.get(number)
        return after

    def world(self, known: int) -> "World":
        if known not in self.worlds:
            self.worlds[known] = World(self, known)
        return self.worlds[known]

    def refuses(self, fact: Fact) -> bool:
        """Whether the rules refuse this as things stand; what is refused is not posted at all."""
        if fact.kind == "award":
            return not scored(fact, self.library.law(fact.region, fact.on))[0]
        if fact.kind in ("reverse", "vary"):
            award = next((award for award in self.now.live.values() if award.fact.ref == fact.ref), None)
            return award is None or (fact.kind == "vary" and not 1 <= fact.points < award.points)
        if fact.kind == "reregister":
            return not self.now.answer(fact.on).may_reapply
        trial = self.post(fact)
        self.take_back()
        return all(credit.posting != len(self.facts) for credit in trial.credits)

    def take_back(self) -> None:
        """Forget the last posting, as though it had never been made."""
        last = len(self.facts) - 1
        self.worlds.pop(last + 1, None)
        for settled in (self.chosen_rows, self.accepted, self.before_correction):
            settled.pop(last, None)
        self.facts.pop()

    @property
    def now(self) -> "World":
        return self.world(len(self.facts))


@dataclass(frozen=True)
class LiveAward:
    """An award that stands, as it stands."""

    posting: int
    points: int
    single: int
    fact: Fact
    law: Law
    age: int

    @property
    def year(self) -> int:
        assert self.fact.scored_on is not None
        return self.fact.scored_on.year


@dataclass(frozen=True)
class Credit:
    """Points earned back, as the rules accepted them."""

    posting: int
    on: date
    year: int
    points: int
    age: int


def scored(fact: Fact, law: Law) -> tuple[int, int]:
    """The points of a decision, and those that count as given in one go."""
    by_conduct: dict[str, list[int]] = {}
    for line in fact.lines:
        if line.to_on >= law["conduct_cutoff"]:
            by_conduct.setdefault(line.conduct, []).append(line.points)
    pick = max if law["same_conduct"] == "highest" else sum
    conducts = [pick(points) for points in by_conduct.values()]
    return sum(conducts), sum(conducts) if law["single_scope"] == "decision" else max(conducts)


class World:
    """Everything that follows from the first `known` postings of one person."""

    def __init__(self, oracle: Oracle, known: int) -> None:
        self.oracle = oracle
        self.facts: Sequence[Fact] = oracle.facts[:known]
        self.returns = [
            fact.on for n, fact in enumerate(self.facts) if fact.kind == "reregister" and oracle.accepted[n]
        ]
        self.effective: list[LiveAward] = []  # as the calendar goes by
        self.credits: list[Credit] = []
        self.sanctions: list[Sanction] = []
        self.fired: list[tuple[date, int, int, int, str]] = []  # on, age, year, tier, kind
        self.rows: dict[int, Row] = {}  # award → the row by which it suspended
        self.live = {award.posting: award for award in self.standing()}
        self.walk()

    def age(self, posting: int) -> int:
        """How many re-registrations had been accepted before this was posted."""
        return sum(
            1 for n, fact in enumerate(self.facts[:posting]) if fact.kind == "reregister" and self.oracle.accepted[n]
        )

    def standing(self) -> list[LiveAward]:
        """The awards not reversed, with the points they were varied to."""
        awards: dict[str, LiveAward] = {}
        for number, fact in enumerate(self.facts):
            if fact.kind == "award":
                law = self.oracle.library.law(fact.region, fact.on)
                points, single = scored(fact, law)
                awards[fact.ref] = LiveAward(number, points, single, fact, law, self.age(number))
            elif fact.kind == "reverse":
                awards.pop(fact.ref)
            elif fact.kind == "vary":
                old = awards[fact.ref]
                assert 1 <= fact.points < old.points
                awards[fact.ref] = LiveAward(
                    old.posting, fact.points, min(old.single, fact.points), old.fact, old.law, old.age
                )
        return list(awards.values())

    # --- the walk through the calendar

    def walk(self) -> None:
        """Let the days go by; what happens on one day happens in the order of posting."""
        happenings = [fact.on for fact in self.facts]
        if not happenings:
            return
        for day in sorted(days_between(min(happenings), max(happenings))):
            for number, fact in enumerate(self.facts):
                if fact.on != day:
                    continue
                if fact.kind == "award" and number in self.live:
                    self.effective.append(self.live[number])
                    self.judge(self.live[number])
                elif fact.kind == "repair":
                    self.repair(number, fact)

    def total(self, year: int, on: date, age: int | None = None) -> int:
        """The points of a year by a day; for measures only those posted in one age of the account."""
        awarded = [
            award.points
            for award in self.effective
            if award.year == year and award.fact.on <= on and age in (None, award.age)
        ]
        credited = [
            credit.points
            for credit in self.credits
            if credit.year == year and credit.on <= on and age in (None, credit.age)
        ]
        return max(0, sum(awarded) - sum(credited))

    def judge(self, award: LiveAward) -> None:
        """What an award causes: reminders, then the first tier that applies."""
        law, on = award.law, award.fact.on
        total = self.total(award.year, on, award.age)
        suspend, full = law["measures"]["suspend"], law["measures"]["full"]
        for tier in law["measures"]["reminders"]:
            told = {(age, year, at, kind) for _, age, year, at, kind in self.fired}
            if total >= tier["at"] and (award.age, award.year, tier["at"], tier["kind"]) not in told:
                self.fired.append((on, award.age, award.year, tier["at"], tier["kind"]))
        same_year = [s for s in self.sanctions if (s.year, s.age) == (award.year, award.age)]
        if award.single >= full["at"]:
            self.impose_full(award, full["single"])
        elif total >= full["at"]:
            if not any(sanction.table == "full" for sanction in same_year):
                self.impose_full(award, full["cumulative"])
        elif total >= suspend["at"]:
            self.suspend(award, total, [s for s in same_year if s.table != "full"])

    def impose_full(self, award: LiveAward, tier: Law) -> None:
        months = tier["months"] if "months" in tier else 12 * tier["years"]
        self.impose(award, tier["kind"], "full", months, normal_start(award.fact.on, award.law))

    def suspend(self, award: LiveAward, total: int, earlier: list[Sanction]) -> None:
        """A suspension by the tables or the officer's choice, less what was imposed, after what still runs."""
        suspension = award.law["measures"]["suspend"]
        row, default = self.row(award, total)
        self.rows[award.posting] = row
        months = self.term(award, row, default)
        start = normal_start(award.fact.on, award.law)
        if suspension["further_points"] == "top_up":
            months -= sum(sanction.months for sanction in earlier)
            ends = [last.last for last in map(self.last_stretch, earlier) if last is not None]
            start = max([start, *(end + ONE_DAY for end in ends)])
        if months > 0:
            self.impose(award, "suspend", row[0], months, start)

    def row(self, award: LiveAward, total: int) -> tuple[Row, int]:
        """The table row that counts, and its default: the longer of cumulative and single, else the cumulative."""
        suspension = award.law["measures"]["suspend"]
        cumulative, single = suspension["months"]["cumulative"], suspension["months"]["single"]
        name, table = ("cumulative", cumulative) if single == "same" else ("single", single)
        rows = [(cumulative[total]["default"], ("cumulative", total))]
        if award.single >= suspension["at"]:
            rows.append((table[award.single]["default"], (name, award.single)))
        default, row = max(rows, key=lambda pair: pair[0])
        return row, default

    def term(self, award: LiveAward, row: Row, default: int) -> int:
        """The officer's choice, as long as the row it was made for applies; never shortened by a late award."""
        chosen = award.fact.months
        if chosen is None:
            return default
        chosen_for = self.oracle.chosen_rows.get(award.posting, row)
        if chosen_for == row:
            return chosen
        return max(chosen, default) if chosen_for is not None and row[1] > chosen_for[1] else default

    def impose(self, award: LiveAward, kind: str, table: str, months: int, start: date) -> None:
        is_normal = start == normal_start(award.fact.on, award.law)
        end = last_day(start, months, award.law, is_normal=is_normal)
        self.sanctions.append(
            Sanction(
                kind, table, award.year, award.age, award.posting, start, end, months, months, award.law, is_normal
            )
        )

    # --- points earned back

    def repair(self, posting: int, fact: Fact) -> None:
        """Credit it or refuse it; shorten what the lower total no longer carries."""
        law, on, age = self.oracle.library.law(fact.region, fact.on), fact.on, self.age(posting)
        ladder = [s for s in self.sanctions if s.table == "cumulative" and not s.is_void]
        lasts = [(sanction, self.last_stretch(sanction)) for sanction in ladder]
        open_ones = [sanction for sanction, last in lasts if last is not None and last.last >= on]
        year = open_ones[-1].year if open_ones else on.year
        if not self.may_repair(law, fact, year):
            return
        self.credits.append(Credit(posting, on, year, fact.points, age))
        total, suspension = self.total(year, on, age), law["measures"]["suspend"]
        of_year = [s for s in self.sanctions if (s.year, s.age) == (year, age) and s.table != "full"]
        if total < suspension["at"]:
            for sanction in of_year:
                if sanction.table == "single":
                    continue
                if sanction.start > on:
                    sanction.is_void, sanction.months_left = True, 0
                elif sanction.end > on:
                    sanction.end = on
        elif total < law["measures"]["full"]["at"]:
            self.shorten(of_year, suspension["months"]["cumulative"][total]["default"], on)

    def may_repair(self, law: Law, fact: Fact, year: int) -> bool:
        rule = law["repair"]
        if rule is None:
            return False
        credited = sum(credit.points for credit in self.credits if credit.year == year)
        excluded = [
            award
            for award in self.effective
            if award.year == year
            and (
                (rule["excluded"]["single_full"] and award.single >= law["measures"]["full"]["at"])
                or award.fact.articles & set(rule["excluded"]["articles"])
            )
        ]
        enough = fact.points <= self.total(year, fact.on)
        return enough and not excluded and credited + fact.points <= rule["cap_per_year"]

    def shorten(self, suspensions: list[Sanction], months_allowed: int, on: date) -> None:
        """Take what is over off the latest first, never back before the day of the repair.

        Those of a single table of its own count, but nothing is taken off them.
        """
        over = sum(sanction.months_left for sanction in suspensions) - months_allowed
        for sanction in reversed([s for s in suspensions if s.table != "single"]):
            taken = min(over, sanction.months_left)
            if taken <= 0:
                break
            over -= taken
            sanction.months_left -= taken
            if sanction.end <= on:
                continue
            if sanction.start > on and sanction.months_left == 0:
                sanction.is_void = True
                continue
            end = (
                last_day(sanction.start, sanction.months_left, sanction.law, is_normal=sanction.is_normal)
                if sanction.months_left
                else on
            )
            sanction.end = min(sanction.end, max(end, on))

    # --- the answers

    def days_left(self, sanction: Sanction) -> set[date]:
        """The days of a sanction, none graver than it was before a correction posted after its award."""
        days = sanction.days()
        for number in range(sanction.posting + 1, len(self.facts)):
            if self.facts[number].kind in ("reverse", "vary"):
                barred, held = self.oracle.before_correction[number]
                days &= barred if sanction.kind == "terminate" else barred | held
        return days

    def last_stretch(self, sanction: Sanction) -> Stretch | None:
        """The last run of days on which it applies; none if it is void or cut away."""
        return stretches(self.days_left(sanction))[-1] if self.days_left(sanction) else None

    @cached_property
    def applied(self) -> list[tuple[str, Stretch]]:
        """Every sanction as it applies in the end."""
        return [
            (sanction.kind, stretch) for sanction in self.sanctions for stretch in stretches(self.days_left(sanction))
        ]

    def grave_days(self) -> tuple[set[date], set[date]]:
        """The days under a bar (up to its last day), and the days under a suspension."""
        barred: set[date] = set()
        held: set[date] = set()
        for kind, stretch in self.applied:
            (barred if kind == "terminate" else held).update(days_between(stretch.first, stretch.last))
        return barred, held

    def answer(self, day: date) -> Answer:
        """Everything about one day."""
        status, until, may_reapply = self.status(day)
        reminders = {at for on, _, year, at, _ in self.fired if year == day.year and on <= day}
        return Answer(self.total(day.year, day), status, until, may_reapply, tuple(sorted(reminders)))

    def status(self, day: date) -> tuple[str, date | None, bool]:
        """The gravest that holds, the last day of it, and whether a new registration may be applied for."""
        bars = [stretch for kind, stretch in self.applied if kind == "terminate" and not self.is_closed(stretch, day)]
        begun = [stretch for stretch in bars if stretch.first <= day]
        if begun:
            until = self.reach(max(stretch.last for stretch in begun), bars)
            return "terminated", until, day > until
        held = [stretch for kind, stretch in self.applied if kind == "suspend"]
        running = [stretch for stretch in held if stretch.first <= day <= stretch.last]
        if running:
            return "suspended", self.reach(max(stretch.last for stretch in running), held), False
        return "normal", None, False

    def is_closed(self, bar: Stretch, day: date) -> bool:
        """Whether a re-registration accepted after the bar's last day had followed by this day."""
        return any(bar.last < returned <= day for returned in self.returns)

    @staticmethod
    def reach(last: date, others: list[Stretch]) -> date:
        """The last day, carried on by whatever adjoins it without a gap."""
        while further := [stretch for stretch in others if stretch.first <= last + ONE_DAY and stretch.last > last]:
            last = max(stretch.last for stretch in further)
        return last
