#!/usr/bin/env python3
"""核对记分决定告知书：依据告知书所附事实重新计算记分与日期，不联网，不需安装任何软件。
Recomputes the points and dates of a decision letter from the facts it carries. Offline; nothing to install.

    python3 verify_letter.py LETTER.pdf        or the facts file (JSON) from your page

退出码 exit status: 0 一致 agrees, 1 不一致 disagrees, 2 无法读取 unreadable. Python 3.9+.

由下列源文件自动生成，请勿修改。Made from the product's own sources below by `manage.py build_letter_check`; not edited.
"""

import dataclasses
import enum
import importlib.abc
import importlib.util
import sys
import typing

if sys.version_info < (3, 9):
    sys.exit("Python 3.9+")
if sys.version_info < (3, 11):

    class _StrEnum(str, enum.Enum):
        __str__ = str.__str__

    enum.StrEnum = _StrEnum
if sys.version_info < (3, 10):
    import builtins

    _dataclass, _zip = dataclasses.dataclass, zip
    dataclasses.dataclass = lambda *args, slots=False, **rest: _dataclass(*args, **rest)
    builtins.zip = lambda *rows, strict=False: _zip(*rows)
    typing.TypeGuard = typing.Optional

SOURCES = {}

# ============================== scoring.letter_check.alone
SOURCES['scoring.letter_check.alone'] = r'''"""The program `verify_letter.py`: reads a letter or its facts and prints the check. Python 3.9, nothing installed."""

from __future__ import annotations

import argparse
import json
import re
import sys
import zlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

from scoring.policy.letter_check import Unreadable, check
from scoring.policy.letter_facts import FORMAT

AGREES, DISAGREES, UNREADABLE = 0, 1, 2
STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)


def main(arguments: Sequence[str] | None = None) -> int:
    """Check each file named on the command line and print every line of it; return the gravest result of them.

    0 agrees, 1 disagrees, 2 unreadable.
    """
    parser = argparse.ArgumentParser(
        prog="verify_letter.py",
        description="核对记分决定告知书 / recompute the points and dates of a decision letter, offline.",
    )
    parser.add_argument("files", nargs="+", help="告知书（PDF）或事实文件（JSON） the letter (PDF) or its facts (JSON)")
    parser.add_argument("--served-on", type=date.fromisoformat, help="假定的送达日 suppose it was served on this day")
    parser.add_argument("--digest", default="", help="告知书上印的事实摘要 the facts digest printed in the letter")
    options = parser.parse_args(arguments)
    return max(_check(name, options.served_on, options.digest) for name in options.files)


def _check(name: str, served_on: date | None, digest: str) -> int:
    try:
        lines = check(document_in(Path(name).read_bytes()), served_on, digest)
    except (OSError, Unreadable) as wrong:
        sys.stderr.write(f"无法读取 cannot read {name}: {wrong}\n")
        return UNREADABLE
    agrees = all(line.agrees for line in lines)
    result = "PASS 一致" if agrees else "FAIL 不一致"
    sys.stdout.write("".join(f"{line}\n" for line in lines) + f"结论 result: {result} ({name})\n")
    return AGREES if agrees else DISAGREES


def document_in(content: bytes) -> Mapping[str, object]:
    """The document in a file: the JSON itself, or the one attached to a letter in PDF. Refuses (Unreadable) others."""
    for text in _attached(content) if content.startswith(b"%PDF") else [content]:
        try:
            document = json.loads(text.decode("utf-8"))
        except ValueError:
            continue
        if isinstance(document, dict) and document.get("format") == FORMAT:
            return document
    raise Unreadable("no decision facts in this file")


def _attached(content: bytes) -> Iterator[bytes]:
    """Every stream of a PDF that could be the attachment."""
    for found in STREAM.finditer(content):
        try:
            yield zlib.decompressobj().decompress(found.group(1))
        except zlib.error:
            yield found.group(1)
'''

# ============================== scoring.policy.account
SOURCES['scoring.policy.account'] = r'''"""What follows from a person's events: totals, measures, statuses, reminders, and the reasons."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from scoring.policy.events import Award, LicenceLoss, Reregistration
from scoring.policy.rulebook_parts import MeasureKind


class Tier(StrEnum):
    """What part of the rulebook a measure came from."""

    LADDER = "ladder"  # the cumulative table (or a single table that is the same)
    SINGLE = "single"  # a single table of its own
    FULL = "full"  # the 12-point tier


class Status(StrEnum):
    """支付资格状态: what a settlement system needs to know on a day."""

    NORMAL = "normal"
    SUSPENDED = "suspended"
    TERMINATED = "terminated"


GRAVITY = {Status.NORMAL: 0, Status.SUSPENDED: 1, Status.TERMINATED: 2}
KIND_GRAVITY = {MeasureKind.SUSPEND: 1, MeasureKind.TERMINATE: 2}


@dataclass(frozen=True, slots=True)
class PolicyMeasure:
    """One unbroken run of days under a measure; ``ends_on`` is the last day on which it applies."""

    award: str
    kind: MeasureKind
    tier: Tier
    year: int
    starts_on: date
    ends_on: date
    months_imposed: int
    termination_end: str = "application"
    is_last: bool = True  # False where a stay interrupted the measure and the rest runs, or waits, later

    def covers(self, day: date) -> bool:
        """Whether the measure applies on ``day``."""
        return self.starts_on <= day <= self.ends_on


@dataclass(frozen=True, slots=True)
class Credit:
    """A repair that was accepted: ``points`` off the total of ``year`` from ``on``."""

    ref: str
    on: date
    year: int
    points: int


@dataclass(frozen=True, slots=True)
class Refusal:
    """An event without effect, with the rule that refused it and the reason in words; ``values`` are its numbers."""

    ref: str
    on: date
    rule: str
    reason: str
    values: dict[str, object] = field(default_factory=dict, compare=False)


@dataclass(frozen=True, slots=True)
class ReminderFired:
    """A reminder tier that was passed: fires once per person, tier and year."""

    award: str
    on: date
    year: int
    at: int
    kind: str


@dataclass(frozen=True, slots=True)
class TraceLine:
    """Why one thing is so: the facts, the rule, the parameter values and the arithmetic."""

    on: date
    ref: str
    event: str
    rule: str
    rulebook: str
    parameters: dict[str, object]
    arithmetic: str
    outcome: str


@dataclass(frozen=True, slots=True)
class StatusOn:
    """The status on one day. ``until`` is the last day of the run of measures of that kind."""

    status: Status
    since: date | None = None
    until: date | None = None
    may_reapply: bool = False
    awards: tuple[str, ...] = ()


@dataclass(frozen=True)
class Account:
    """The whole of one person's account, as known from the events it was computed from."""

    awards: tuple[Award, ...] = ()
    credits: tuple[Credit, ...] = ()
    measures: tuple[PolicyMeasure, ...] = ()
    reregistrations: tuple[Reregistration, ...] = ()
    licence_losses: tuple[LicenceLoss, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    reminders: tuple[ReminderFired, ...] = ()
    trace: tuple[TraceLine, ...] = field(default=(), compare=False)

    def total(self, year: int, on: date) -> int:
        """T(Y, d): awards of year Y effective by d and standing, minus repair credits of Y by d."""
        awarded = sum(a.points for a in self.awards if a.year == year and a.on <= on)
        return awarded - sum(c.points for c in self.credits if c.year == year and c.on <= on)

    def points_on(self, day: date) -> int:
        """The points shown on ``day``: the total of that day's own calendar year."""
        return self.total(day.year, day)

    def status_on(self, day: date) -> StatusOn:
        """The status on ``day``; the gravest measure wins (§ status)."""
        bars = self._unserved_bars(day)
        lost = self._licence_lost(day)
        if lost is not None:
            return self._without_licence(lost, [m for m in bars if m.covers(day)], day)
        if bars:
            return self._barred(bars, day)
        running = [m for m in self.measures if m.kind is MeasureKind.SUSPEND and m.covers(day)]
        if running:
            chain = _chain([m for m in self.measures if m.kind is MeasureKind.SUSPEND], running)
            return StatusOn(
                Status.SUSPENDED,
                min(m.starts_on for m in chain),
                max(m.ends_on for m in chain),
                False,
                _causes(chain),
            )
        return StatusOn(Status.NORMAL)

    def reminders_of(self, year: int, on: date) -> list[int]:
        """The distinct reminder tiers (in points) fired in ``year`` up to ``on``."""
        return sorted({r.at for r in self.reminders if r.year == year and r.on <= on})

    def boundaries(self) -> list[date]:
        """Every day on which the status may differ from the day before, in order."""
        days: set[date] = set()
        for measure in self.measures:
            days |= {measure.starts_on, measure.ends_on + timedelta(days=1)}
        days |= {r.on for r in self.reregistrations}
        for loss in self.licence_losses:
            days |= {loss.on} | ({loss.restored_on} if loss.restored_on else set())
        return sorted(days)

    def _licence_lost(self, day: date) -> StatusOn | None:
        """The run of days without a licence that holds ``day``: losses that overlap or adjoin count as one."""
        start, end = date.max, date.min
        refs: list[str] = []
        for loss in sorted(self.licence_losses, key=lambda x: x.on):
            last = loss.restored_on - timedelta(days=1) if loss.restored_on else date.max
            if refs and loss.on <= (end if end == date.max else end + timedelta(days=1)):
                end = max(end, last)
                refs.append(loss.ref)
            elif start <= day <= end:
                break
            else:
                start, end, refs = loss.on, last, [loss.ref]
        if not start <= day <= end:
            return None
        return StatusOn(Status.TERMINATED, start, None if end == date.max else end, False, tuple(refs))

    def _without_licence(self, lost: StatusOn, bars: list[PolicyMeasure], day: date) -> StatusOn:
        """Status while a licence is lost: the later end counts where a bar runs beside it."""
        if not bars:
            return lost
        barred = self._barred(bars, day)
        until = None if lost.until is None or barred.until is None else max(lost.until, barred.until)
        starts = [s for s in (lost.since, barred.since) if s is not None]
        return StatusOn(Status.TERMINATED, min(starts), until, False, (*barred.awards, *lost.awards))

    def _unserved_bars(self, day: date) -> list[PolicyMeasure]:
        """Bars that have begun and after whose last day no re-registration followed by ``day``."""
        bars = []
        for bar in self.measures:
            if bar.kind is not MeasureKind.TERMINATE or bar.starts_on > day:
                continue
            over = bar.ends_on < day
            if over and not bar.is_last:  # stayed: the rest of the bar runs later
                continue
            if over and (bar.termination_end == "automatic" or self._reregistered(bar.ends_on, day)):
                continue
            bars.append(bar)
        return bars

    def _reregistered(self, last_day: date, day: date) -> bool:
        return any(last_day < r.on <= day for r in self.reregistrations)

    def _barred(self, bars: list[PolicyMeasure], day: date) -> StatusOn:
        running = [m for m in bars if m.covers(day)]
        if not running:  # the bar is over; the status stays until re-registration
            last = max(bars, key=lambda m: m.ends_on)
            running = [last]
        terminations = [m for m in self.measures if m.kind is MeasureKind.TERMINATE]
        chain = _chain(terminations, running)
        until = max(m.ends_on for m in chain)
        return StatusOn(Status.TERMINATED, min(m.starts_on for m in chain), until, day > until, _causes(chain))


def _causes(measures: list[PolicyMeasure]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(m.award for m in sorted(measures, key=lambda m: m.starts_on)))


def _chain(all_of_kind: list[PolicyMeasure], seeds: list[PolicyMeasure]) -> list[PolicyMeasure]:
    """``seeds`` and every measure that overlaps or adjoins the run they form, without a gap."""
    chain = list(seeds)
    start, end = min(m.starts_on for m in chain), max(m.ends_on for m in chain)
    one_day = timedelta(days=1)
    grown = True
    while grown:
        grown = False
        for measure in all_of_kind:
            if measure in chain:
                continue
            if measure.starts_on <= end + one_day and measure.ends_on >= start - one_day:
                chain.append(measure)
                start, end = min(start, measure.starts_on), max(end, measure.ends_on)
                grown = True
    return chain
'''

# ============================== scoring.policy.awarding
SOURCES['scoring.policy.awarding'] = r'''"""From the lines of one decision to the points of one award (§5 item 1)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scoring.policy.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class Line:
    """One finding scored under one clause: ``from_on``/``to_on`` bound the act, both included."""

    conduct: str
    points: int
    from_on: date | None = None
    to_on: date | None = None
    key: str = ""


@dataclass(frozen=True, slots=True)
class Dropped:
    """A line that adds no points, with the rule and the reason."""

    line: Line
    rule: str
    reason: str


@dataclass(frozen=True, slots=True)
class AwardPoints:
    """What a decision's lines come to. ``single_points`` is what counts as "in one go"."""

    points: int
    single_points: int
    by_conduct: tuple[tuple[str, int], ...]
    dropped: tuple[Dropped, ...]
    arithmetic: str


def lines_to_points(
    lines: Iterable[Line], rulebook: Rulebook, already_scored: frozenset[str] = frozenset()
) -> AwardPoints:
    """Add up the lines of one person in one decision.

    Lines of one conduct count once at the highest (or are summed, where the rulebook says so);
    different conducts add. A finding wholly before ``conduct_cutoff`` and a conduct already scored
    for the person in a linked case (``already_scored``) add nothing, with that reason.
    """
    counted: dict[str, list[Line]] = {}
    dropped: list[Dropped] = []
    for line in lines:
        refusal = _why_not(line, rulebook, already_scored)
        if refusal is not None:
            dropped.append(refusal)
        else:
            counted.setdefault(line.conduct, []).append(line)
    by_conduct: list[tuple[str, int]] = []
    for conduct, same in counted.items():
        if rulebook.same_conduct == "sum":
            by_conduct.append((conduct, sum(x.points for x in same)))
            continue
        highest = max(same, key=lambda x: x.points)
        by_conduct.append((conduct, highest.points))
        dropped += [
            Dropped(x, "same_conduct", f"{conduct}: the same conduct counts once, at {highest.points}")
            for x in same
            if x is not highest
        ]
    points = sum(p for _, p in by_conduct)
    single = max((p for _, p in by_conduct), default=0) if rulebook.single_scope == "conduct" else points
    arithmetic = " + ".join(f"{conduct} {p}" for conduct, p in by_conduct) or "nothing counts"
    return AwardPoints(points, single, tuple(by_conduct), tuple(dropped), f"{arithmetic} = {points}")


def _why_not(line: Line, rulebook: Rulebook, already_scored: frozenset[str]) -> Dropped | None:
    ended = line.to_on or line.from_on
    cutoff = rulebook.conduct_cutoff
    if cutoff is not None and ended is not None and ended < cutoff:
        return Dropped(line, "conduct_cutoff", f"the act ended {ended}, before scheme start {cutoff}")
    if line.conduct in already_scored:
        return Dropped(line, "same_conduct", f"{line.conduct} was already scored in a linked case")
    return None
'''

# ============================== scoring.policy.choice
SOURCES['scoring.policy.choice'] = r'''"""Which rules apply: the most local jurisdiction with a version in force on the day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from scoring.policy.rulebook import Rulebook


class NoRuleInForce(LookupError):
    """No rulebook covers a region on a day. Carries what was asked (`region`, `on`) and what to do
    (`next_step`).
    """

    def __init__(self, region: str, on: date) -> None:
        self.region = region
        self.on = on
        self.next_step = (
            f"Activate a rulebook whose jurisdiction begins {region!r} or is national and whose effective_from is not "
            f"after {on}, or check the date on which the decision took effect."
        )
        super().__init__(f"no rule in force for region {region!r} on {on}. {self.next_step}")


def choose_rulebook(rulebooks: Iterable[Rulebook], region: str, on: date) -> Rulebook:
    """The version that applies to an institution of `region` (GB/T 2260 code) on the day an award takes
    effect.

    Among packs whose jurisdiction begins the region's code: the longest one with a version in force that
    day. A version runs until the next of its jurisdiction; before the first, and from a repeal on, a
    shorter jurisdiction applies. Refuses (`NoRuleInForce`) where nothing applies; never returns a
    repealed version.
    """
    latest: dict[str, Rulebook] = {}
    for rulebook in rulebooks:
        if not region.startswith(rulebook.jurisdiction) or rulebook.effective_from > on:
            continue
        known = latest.get(rulebook.jurisdiction)
        if known is None or known.effective_from < rulebook.effective_from:
            latest[rulebook.jurisdiction] = rulebook
    for jurisdiction in sorted(latest, key=len, reverse=True):
        if not latest[jurisdiction].repeal:
            return latest[jurisdiction]
    raise NoRuleInForce(region, on)
'''

# ============================== scoring.policy.events
SOURCES['scoring.policy.events'] = r'''"""What may happen to one person's points account, as plain values.

Every event carries ``seq``, its place in the order of posting (in a scenario file: the order of
the file), and ``on``, the Shanghai date on which it takes effect. Events of one day run in the
order of posting. A late posting has a high ``seq`` and an early ``on``.

``record`` says on which record of a person an event was posted; it is empty for a person with one record.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Union

if TYPE_CHECKING:
    from scoring.policy.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class Award:
    """Points of one decision for one person, effective ``on`` and counted in the year of ``scored_on``.

    ``single_points`` is what counts as "in one go" (the rulebook's ``single_scope``); ``months`` is
    the suspension term that the officer chose, in calendar months, or None for the default. ``replaces``
    names the award in whose place a higher court puts this one back; it may be gone already.
    """

    ref: str
    seq: int
    on: date
    points: int
    scored_on: date
    rulebook: Rulebook
    single_points: int
    months: int | None = None
    articles: frozenset[int] = frozenset()
    clauses: frozenset[str] = frozenset()
    replaces: str = ""
    record: str = ""

    @property
    def year(self) -> int:
        """The calendar year in which the points count."""
        return self.scored_on.year


@dataclass(frozen=True, slots=True)
class Reversal:
    """An award is undone (appeal won, basis annulled): ``award`` names it by its ref."""

    ref: str
    seq: int
    on: date
    award: str
    record: str = ""


@dataclass(frozen=True, slots=True)
class Variation:
    """An award is replaced by one with the same dates and fewer points (at least 1).

    ``single_points`` is given where single lines fell, so that what counts as "in one go" is known anew.
    """

    ref: str
    seq: int
    on: date
    award: str
    points: int
    single_points: int | None = None
    record: str = ""


@dataclass(frozen=True, slots=True)
class Repair:
    """``points`` are earned back on the day; ``rulebook`` is the one in force that day."""

    ref: str
    seq: int
    on: date
    points: int
    rulebook: Rulebook
    record: str = ""


@dataclass(frozen=True, slots=True)
class Reregistration:
    """The person is registered anew after a bar, with a new commitment."""

    ref: str
    seq: int
    on: date
    record: str = ""


@dataclass(frozen=True, slots=True)
class Stay:
    """An appeal against ``award`` was accepted: where the rulebook says so its measures wait."""

    ref: str
    seq: int
    on: date
    award: str
    record: str = ""


@dataclass(frozen=True, slots=True)
class Dismissal:
    """The appeal against ``award`` failed: the unserved days run from the day after."""

    ref: str
    seq: int
    on: date
    award: str
    record: str = ""


@dataclass(frozen=True, slots=True)
class LicenceLoss:
    """A licence or registration was revoked (clause D2) and, where known, given back.

    Ends qualification by itself from ``on`` until the day before ``restored_on``; the points of
    the decision, if any, are recorded beside it as an ordinary award.
    """

    ref: str
    seq: int
    on: date
    restored_on: date | None = None
    record: str = ""


@dataclass(frozen=True, slots=True)
class Merge:
    """From ``on`` the record ``record`` and the record ``into`` are one person's (two officers decided so).

    What either was under stays; what follows from the points of both begins on this day at the earliest.
    """

    ref: str
    seq: int
    on: date
    record: str
    into: str


# Written so that the Python 3.9 of a letter's reader understands it too (`letter_check`).
Event = Union[  # noqa: UP007
    Award, Reversal, Variation, Repair, Reregistration, Stay, Dismissal, LicenceLoss, Merge
]
'''

# ============================== scoring.policy.facts
SOURCES['scoring.policy.facts'] = r'''"""Events as plain facts that survive JSON, and back: for traces and for decision letters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import date
from typing import TYPE_CHECKING

from scoring.policy.events import (
    Award,
    Dismissal,
    Event,
    LicenceLoss,
    Merge,
    Repair,
    Reregistration,
    Reversal,
    Stay,
    Variation,
)

if TYPE_CHECKING:
    from scoring.policy.rulebook import Rulebook

Fact = dict[str, "str | int | list[str] | list[int] | None"]

KINDS: dict[str, type[Event]] = {
    "award": Award,
    "reversal": Reversal,
    "variation": Variation,
    "repair": Repair,
    "reregistration": Reregistration,
    "stay": Stay,
    "dismissal": Dismissal,
    "licence_loss": LicenceLoss,
    "merge": Merge,
}
NAMES = {kind: name for name, kind in KINDS.items()}
DATES = {"on", "scored_on", "restored_on"}


def facts_from_events(events: Iterable[Event]) -> tuple[Fact, ...]:
    """One flat mapping per event; a rulebook becomes its label, a date its ISO text."""
    return tuple(_fact(event) for event in events)


def events_from_facts(facts: Iterable[Fact], rulebooks: Mapping[str, Rulebook]) -> list[Event]:
    """The events again; ``rulebooks`` maps labels to versions (KeyError names a missing one)."""
    return [_event(fact, rulebooks) for fact in facts]


def _fact(event: Event) -> Fact:
    fact: Fact = {"event": NAMES[type(event)]}
    for field in fields(event):
        value = getattr(event, field.name)
        if field.name == "record" and not value:  # a person with one record
            continue
        if field.name == "rulebook":
            value = value.label
        elif isinstance(value, date):
            value = value.isoformat()
        elif isinstance(value, frozenset):
            value = sorted(value)
        fact[field.name] = value
    return fact


def _event(fact: Fact, rulebooks: Mapping[str, Rulebook]) -> Event:
    values: dict[str, object] = {}
    for name, value in fact.items():
        if name == "event":
            continue
        if name == "rulebook":
            values[name] = rulebooks[str(value)]
        elif name in DATES and isinstance(value, str):
            values[name] = date.fromisoformat(value)
        elif isinstance(value, list):
            values[name] = frozenset(value)
        else:
            values[name] = value
    return KINDS[str(fact["event"])](**values)  # type: ignore[arg-type]
'''

# ============================== scoring.policy.imposing
SOURCES['scoring.policy.imposing'] = r'''"""Measures while a replay is under way: imposed by awards, then cut by repairs and stays."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from scoring.policy.account import KIND_GRAVITY, PolicyMeasure, Tier
from scoring.policy.events import Award
from scoring.policy.posting import Cap
from scoring.policy.rulebook_parts import MeasureKind
from scoring.policy.spans import Span, after, count, first_days, intersection, joined, up_to, without_last
from scoring.policy.terms import ONE_DAY, Term, last_day


@dataclass
class Imposed:
    """One measure as an award imposed it, and the days left of it."""

    award: Award
    kind: MeasureKind
    tier: Tier
    era: int
    months_imposed: int
    term: Term
    months: int = field(init=False)
    spans: list[Span] = field(init=False)
    unserved: int = 0
    stayed_on: list[date] = field(default_factory=list)
    capped_to: int = 0

    def __post_init__(self) -> None:
        self.months = self.months_imposed
        self.spans = [(self.term.starts_on, self.term.ends_on)]

    @property
    def year(self) -> int:
        """The points year that the measure belongs to."""
        return self.award.year

    def visible(self, caps: list[Cap]) -> list[Span]:
        """The days that apply: cut to what each later correction found (no day gets worse)."""
        spans = joined(self.spans)
        for cap in caps:
            if max(self.award.seq, self.capped_to) >= cap.seq or self.award.record not in cap.records:
                continue
            waiting = first_days(after(spans, cap.on), cap.waiting.get(self.award.ref, 0))
            spans = joined([*intersection(spans, cap.under[KIND_GRAVITY[self.kind]]), *waiting])
        return spans

    def ends_on(self, caps: list[Cap]) -> date | None:
        """The last day that applies, or None when none does."""
        spans = self.visible(caps)
        return spans[-1][1] if spans else None

    def end_by(self, day: date) -> None:
        """End on ``day`` where running, become void where waiting."""
        self.spans = up_to(self.spans, day)
        self.unserved = 0
        if not self.spans:
            self.months = 0

    def shorten(self, months: int, not_before: date) -> None:
        """Take calendar months off the end, never back before the day ``not_before``."""
        before = self._nominal_end(self.months)
        self.months -= months
        over = (before - self._nominal_end(self.months)).days
        stayed = min(over, self.unserved)  # days that wait for a dismissal come last
        self.unserved -= stayed
        over -= stayed
        ahead = after(self.spans, not_before)
        self.spans = up_to(self.spans, not_before) + without_last(ahead, over)

    def stay(self, on: date, seq: int, caps: list[Cap]) -> None:
        """Stop on the day before ``on`` and remember how many days were not served.

        Corrections posted before the stay have cut the days already: what is left is what waits.
        """
        self.spans = self.visible([cap for cap in caps if cap.seq < seq])
        self.capped_to = seq
        waiting = count(after(self.spans, on - ONE_DAY))
        if waiting:
            self.stayed_on.append(on)
        self.unserved += waiting
        self.spans = up_to(self.spans, on - ONE_DAY)

    def resume(self, dismissed_on: date) -> None:
        """Run the unserved days from the day after ``dismissed_on`` (or the start, if later)."""
        if self.unserved:
            first = max(dismissed_on + ONE_DAY, self.term.starts_on)
            self.spans.append((first, first + (self.unserved - 1) * ONE_DAY))
            self.unserved = 0

    def pieces(self, caps: list[Cap]) -> list[PolicyMeasure]:
        """The unbroken runs of days that apply in the end."""
        spans = self.visible(caps)
        return [
            PolicyMeasure(
                award=self.award.ref,
                kind=self.kind,
                tier=self.tier,
                year=self.year,
                starts_on=first,
                ends_on=last,
                months_imposed=self.months_imposed,
                termination_end=self.award.rulebook.termination_end,
                is_last=not self._goes_on(last, spans[-1][1]),
            )
            for first, last in spans
        ]

    def _goes_on(self, last: date, end: date) -> bool:
        """Whether a run that ends on ``last`` was only interrupted by a stay and has, or waits for, more days."""
        interrupted = any(last < stayed for stayed in self.stayed_on)
        return interrupted and (self.unserved > 0 or last < end)

    def _nominal_end(self, months: int) -> date:
        if months <= 0:
            return self.term.starts_on - ONE_DAY
        rulebook = self.award.rulebook
        return last_day(rulebook.effect_starts, self.term.starts_on, self.term.anchor, months)
'''

# ============================== scoring.policy.joining
SOURCES['scoring.policy.joining'] = r'''"""Which records are one person's, as a run comes to the merges in the order of dates."""

from __future__ import annotations


class Joined:
    """Groups of records; a record that nothing has joined is a group of its own."""

    def __init__(self) -> None:
        self._groups: dict[str, frozenset[str]] = {}

    def of(self, record: str) -> frozenset[str]:
        """The records of the person, this one included."""
        return self._groups.get(record, frozenset({record}))

    def join(self, one: str, other: str) -> None:
        """From here on the records of both are one person's."""
        together = self.of(one) | self.of(other)
        self._groups |= dict.fromkeys(together, together)
'''

# ============================== scoring.policy.letter_check
SOURCES['scoring.policy.letter_check'] = r'''"""Checking a decision letter: points and dates again from the facts it carries, held against what it claims.

This module and those it imports are also shipped as one file, `verify_letter.py`, which the person runs on a bare
Python: there is one implementation of the rules. So it speaks to a reader who has nothing but that file, and it needs
no more than Python 3.9.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from scoring.policy.account import Account
from scoring.policy.awarding import AwardPoints, Line, lines_to_points
from scoring.policy.choice import NoRuleInForce, choose_rulebook
from scoring.policy.events import Award, Event, Reversal, Variation
from scoring.policy.facts import events_from_facts
from scoring.policy.letter_facts import FORMAT, claimed_by, plain_claims, seal
from scoring.policy.replay import replay
from scoring.policy.rulebook import Rulebook, RulebookErrors, digest, parse_rulebook
from scoring.policy.rulebook_parts import PointsDatedBy

CORRECTIONS = ("variation", "reversal")  # of an award that was posted before; a reinstatement posts an award anew
WORDS = {
    "seal": "事实摘要 facts digest",
    "rulebook": "规则集摘要 rulebook digest",
    "in_force": "适用规则 rules in force",
    "points": "本次记分 points of this decision",
    "single_points": "一次性记分 points in one go",
    "dropped": "不计分的行 lines that do not count",
    "scored_on": "计入日期 date that places the points",
    "posted": "入账分数 points on the account",
    "effective_on": "生效日 day of effect",
    "standing": "该记分是否存续 whether the award stands",
    "year": "计入年度 year",
    "total": "年度累计 total of the year",
    "measures": "处理措施 measures",
    "reminders": "提醒 reminders",
    "statuses": "支付资格状态 status by day",
}


class Unreadable(Exception):
    """Not a document of facts, or one that lacks what a check needs."""


@dataclass(frozen=True)
class Checked:
    """One thing recomputed. ``claimed`` is what the letter says; None where it says nothing and nothing is compared."""

    name: str
    recomputed: object
    claimed: object
    agrees: bool = True
    note: str = ""

    def __str__(self) -> str:
        mark = "PASS" if self.agrees else "FAIL"
        said = "" if self.claimed is None else f" | 告知书 letter: {_shown(self.claimed)}"
        note = f" ({self.note})" if self.note else ""
        return f"{mark}  {WORDS[self.name]}: {_shown(self.recomputed)}{said}{note}"


@dataclass(frozen=True)
class Decision:
    """The document, read: what the decision was about, its rules, its events and its claims."""

    ref: str
    kind: str
    region: str
    effective_on: date
    basis_decided_on: date | None
    already_scored: frozenset[str]
    lines: tuple[Line, ...]
    books: Mapping[str, Rulebook]
    candidates: tuple[Rulebook, ...]
    events: tuple[Event, ...]
    claims: Mapping[str, object]

    @property
    def award(self) -> Award:
        """The award the letter is about, as it was posted first."""
        found = [event for event in self.events if isinstance(event, Award) and event.ref == self.ref]
        if not found:
            raise Unreadable(f"no award {self.ref} among the events")
        return found[-1]


def check(document: Mapping[str, object], served_on: date | None = None, seal_wanted: str = "") -> list[Checked]:
    """Every line of the check, in the order in which a reader would do it by hand.

    ``served_on`` asks what would follow had the decision reached the person on that day: dates are then recomputed
    and shown, not compared. ``seal_wanted`` is the digest printed in the letter on paper, or its beginning. Refuses
    (Unreadable) what is no document of facts.
    """
    found = [_seal(document, seal_wanted)]
    try:
        found += _digests(document)
        decision = read(document)
        if served_on is not None:
            decision = served(decision, served_on)
        return found + list(_recomputed(decision, compare=served_on is None))
    except RulebookErrors as refused:
        return [*found, Checked("rulebook", f"cannot be read: {refused}", None, agrees=False)]
    except NoRuleInForce as refused:
        return [*found, Checked("in_force", str(refused), None, agrees=False)]
    except (KeyError, TypeError, ValueError, AttributeError) as wrong:
        raise Unreadable(f"{type(wrong).__name__}: {wrong}") from wrong


def read(document: Mapping[str, object]) -> Decision:
    """The parts of a document as plain values; refuses what does not fit with the errors of the type concerned."""
    decision, claims, packs = (_mapping(document, name) for name in ("decision", "claims", "packs"))
    books: dict[str, Rulebook] = {}
    for row in _rows(document, "rulebooks"):
        books[str(row["label"])] = parse_rulebook(_mapping(packs, str(row["digest"])))
    basis = decision.get("basis_decided_on")
    return Decision(
        ref=str(decision["ref"]),
        kind=str(decision["kind"]),
        region=str(decision["region"]),
        effective_on=date.fromisoformat(str(decision["effective_on"])),
        basis_decided_on=date.fromisoformat(basis) if isinstance(basis, str) else None,
        already_scored=frozenset(str(conduct) for conduct in _list(decision, "already_scored")),
        lines=tuple(_line(index, row) for index, row in enumerate(_rows(document, "lines"))),
        books=books,
        candidates=tuple(books[str(row["label"])] for row in _rows(document, "rulebooks") if row["candidate"]),
        events=tuple(events_from_facts(_rows(document, "events"), books)),  # type: ignore[arg-type]
        claims=claims,
    )


def served(decision: Decision, on: date) -> Decision:
    """The same decision, had it reached the person on that day."""
    rulebook = choose_rulebook(decision.candidates, decision.region, on)
    dated = on if rulebook.points_dated_by is PointsDatedBy.EFFECTIVE else decision.award.scored_on
    award = replace(decision.award, on=on, rulebook=rulebook, scored_on=dated)
    events = tuple(award if event is decision.award else event for event in decision.events)
    return replace(decision, effective_on=on, events=events)


def _recomputed(decision: Decision, *, compare: bool) -> Iterator[Checked]:
    claims, award = decision.claims, decision.award
    rulebook = choose_rulebook(decision.candidates, decision.region, award.on)
    yield _held("in_force", rulebook.label, claims["rulebook"])
    yield _held("effective_on", award.on.isoformat(), decision.effective_on.isoformat())
    if decision.kind == "award":
        yield from _points(decision, award, rulebook)
    account = replay(decision.events)
    yield from _corrected(decision, account)
    again = plain_claims(claimed_by(account, award.ref, award.year, award.on))
    for name, value in again.items():
        yield _held(name, value, claims[name] if compare else None)


def _points(decision: Decision, award: Award, rulebook: Rulebook) -> Iterator[Checked]:
    """The lines of the decision, added up by the rules, against what was posted."""
    added = lines_to_points(decision.lines, rulebook, decision.already_scored)
    yield _held("points", added.points, decision.claims["points"], added.arithmetic)
    yield _held("single_points", added.single_points, decision.claims["single_points"])
    yield _held("dropped", _dropped(added), decision.claims["dropped"])
    yield _held("posted", [award.points, award.single_points], [added.points, added.single_points])
    dated = award.on if rulebook.points_dated_by is PointsDatedBy.EFFECTIVE else decision.basis_decided_on
    if dated is not None:
        yield _held("scored_on", award.scored_on.isoformat(), dated.isoformat())


def _corrected(decision: Decision, account: Account) -> Iterator[Checked]:
    """What is left of the award after all that is known: its points, or nothing where it was undone."""
    left = sum(award.points for award in account.awards if award.ref == decision.ref)
    yield _held("standing", left, decision.claims["points_standing"])
    about = (Reversal, Variation)
    if decision.kind in CORRECTIONS and not any(
        isinstance(e, about) and e.award == decision.ref for e in decision.events
    ):
        yield Checked("standing", f"no correction of {decision.ref} among the events", None, agrees=False)


def _dropped(added: AwardPoints) -> list[dict[str, object]]:
    return [{"line": int(d.line.key), "rule": d.rule} for d in sorted(added.dropped, key=lambda d: int(d.line.key))]


def _held(name: str, recomputed: object, claimed: object, note: str = "") -> Checked:
    return Checked(name, recomputed, claimed, claimed is None or recomputed == claimed, note)


def _seal(document: Mapping[str, object], wanted: str) -> Checked:
    if document.get("format") != FORMAT:
        raise Unreadable(f"not a document of the format {FORMAT}")
    recomputed, printed = seal(document), wanted.replace(" ", "").lower()
    if printed:
        return Checked("seal", recomputed, printed, len(printed) >= 8 and recomputed.startswith(printed))
    return _held("seal", recomputed, str(document.get("facts_digest")))


def _digests(document: Mapping[str, object]) -> Iterator[Checked]:
    packs = _mapping(document, "packs")
    for row in _rows(document, "rulebooks"):
        pack = _mapping(packs, str(row["digest"]))
        yield _held("rulebook", digest(pack), row["digest"], str(row["label"]))
        label = f"{pack.get('id')}@{pack.get('version')}"
        if label != row["label"]:
            yield Checked("rulebook", label, row["label"], agrees=False)


def _line(index: int, row: Mapping[str, object]) -> Line:
    points = row["points"]
    if not isinstance(points, int):
        raise TypeError(f"points of line {index}")
    first, last = (date.fromisoformat(str(row[key])) if row[key] else None for key in ("from_on", "to_on"))
    return Line(str(row["conduct"]), points, first, last, str(index))


def _mapping(parts: Mapping[str, object], name: str) -> Mapping[str, object]:
    part = parts[name]
    if not isinstance(part, dict):
        raise TypeError(f"{name} is no mapping")
    return part


def _list(parts: Mapping[str, object], name: str) -> list[object]:
    part = parts[name]
    if not isinstance(part, list):
        raise TypeError(f"{name} is no list")
    return part


def _rows(parts: Mapping[str, object], name: str) -> list[dict[str, object]]:
    rows = _list(parts, name)
    if not all(isinstance(row, dict) for row in rows):
        raise TypeError(f"{name} is no list of mappings")
    return [row for row in rows if isinstance(row, dict)]


def _shown(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
'''

# ============================== scoring.policy.letter_facts
SOURCES['scoring.policy.letter_facts'] = r'''"""The facts of one decision letter as JSON: what the points and dates in it were computed from, and what it claims.

A document has the parts ``decision`` (which award, where, from when), ``lines`` (the acts and their clauses),
``rulebooks`` (label and digest of every version that had a say), ``events`` (all that was known of the account once
the decision was posted) and ``claims`` (what the letter says). ``facts_digest`` seals these parts; it is printed in
the letter. A file made of it also holds ``packs``: the rulebooks in full, found by their digests.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from scoring.policy.account import Account, PolicyMeasure, ReminderFired, StatusOn
from scoring.policy.outcome import outcome_of
from scoring.policy.rulebook_resolve import digest

FORMAT = "jifen-decision-facts/1"
UNSEALED = ("facts_digest", "packs")
SEPARATE = ("starts_on", "ends_on", "kind", "award")

Facts = dict[str, object]


@dataclass(frozen=True, slots=True)
class Claimed:
    """What follows from a decision, as its letter says it: the account's part of the claims."""

    year: int
    total: int
    measures: tuple[PolicyMeasure, ...]
    reminders: tuple[ReminderFired, ...]
    course: tuple[tuple[date, StatusOn], ...]


def seal(facts: Mapping[str, object]) -> str:
    """SHA-256, in hex, of the canonical JSON of everything in a document but its seal and its packs."""
    return digest({key: value for key, value in facts.items() if key not in UNSEALED})


def sealed(facts: Facts) -> Facts:
    """The document with its seal."""
    return {**facts, "facts_digest": seal(facts)}


def claimed_by(account: Account, award: str, year: int, on: date) -> Claimed:
    """What an account says that follows on and after ``on``; the year is the award's."""
    return Claimed(
        year=year,
        total=account.total(year, on),
        measures=account.measures,
        reminders=tuple(r for r in account.reminders if r.award == award),
        course=tuple((change.on, change.status) for change in outcome_of(account, on).course),
    )


def plain_claims(claimed: Claimed) -> Facts:
    """The same as JSON values; the order of rows that begin on one day means nothing, so it is fixed."""
    return {
        "year": claimed.year,
        "total": claimed.total,
        "measures": plain_measures(claimed.measures),
        "reminders": [{"at": r.at, "kind": str(r.kind), "year": r.year} for r in claimed.reminders],
        "statuses": [_plain_status(on, status) for on, status in claimed.course],
    }


def plain_measures(measures: Iterable[PolicyMeasure]) -> list[Facts]:
    """Every measure on the account with its dates, and the award that caused it."""
    rows: list[Facts] = [
        {
            "kind": str(m.kind),
            "starts_on": m.starts_on.isoformat(),
            "ends_on": m.ends_on.isoformat(),
            "months": m.months_imposed,
            "award": m.award,
        }
        for m in measures
    ]
    return sorted(rows, key=lambda row: [str(row[key]) for key in SEPARATE])


def _plain_status(on: date, status: StatusOn) -> Facts:
    return {
        "on": on.isoformat(),
        "status": str(status.status),
        "since": status.since.isoformat() if status.since else None,
        "until": status.until.isoformat() if status.until else None,
        "may_reapply": status.may_reapply,
    }
'''

# ============================== scoring.policy.measuring
SOURCES['scoring.policy.measuring'] = r'''"""What an award causes (§5 items 3–5): the full tier, a suspension, or nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scoring.policy.account import Tier, TraceLine
from scoring.policy.events import Award
from scoring.policy.imposing import Imposed
from scoring.policy.posting import RowKey, Standing
from scoring.policy.rulebook_parts import MeasureKind
from scoring.policy.terms import ONE_DAY, term

if TYPE_CHECKING:
    from scoring.policy.rulebook_parts import FullMeasure


@dataclass(frozen=True, slots=True)
class Caused:
    """What an award caused: a measure or nothing, why, and the table row that governed it where one did."""

    imposed: Imposed | None
    trace: TraceLine
    row: RowKey | None = None


def consequence_of(award: Award, total: int, era: int, imposed: Sequence[Imposed], standing: Standing) -> Caused:
    """The measure that ``award`` imposes at the total ``total`` (points after it), and why.

    First that applies: in one go ≥ full.at; total ≥ full.at, once a year; total ≥ suspend.at.
    """
    measures = award.rulebook.measures
    same_year = [m for m in imposed if m.year == award.year and m.era == era]
    single = award.single_points
    facts = f"T({award.year}) = {total}, in one go {single}"
    if single >= measures.full.at:
        return _full(award, era, "single", measures.full.single, f"{facts} ≥ {measures.full.at}")
    if total >= measures.full.at:
        if any(m.tier is Tier.FULL for m in same_year):
            why = f"{facts}; a full measure of {award.year} was already imposed"
            return Caused(None, _trace(award, "measures.full.cumulative", {"at": measures.full.at}, why, "nothing"))
        return _full(award, era, "cumulative", measures.full.cumulative, f"{facts}; T ≥ {measures.full.at}")
    if total >= measures.suspend.at:
        return _suspend(award, total, era, same_year, standing)
    why = f"{facts} < {measures.suspend.at}"
    return Caused(None, _trace(award, "measures.suspend", {"at": measures.suspend.at}, why, "nothing"))


def _full(award: Award, era: int, which: str, full: FullMeasure, why: str) -> Caused:
    run = term(award.rulebook.effect_starts, award.on, full.length_months)
    imposed = Imposed(award, MeasureKind(full.kind), Tier.FULL, era, full.length_months, run)
    parameters: dict[str, object] = {
        "at": award.rulebook.measures.full.at,
        "kind": full.kind,
        "months": full.length_months,
        "effect_starts": award.rulebook.effect_starts,
    }
    outcome = f"{full.kind} {run.starts_on}..{run.ends_on}"
    return Caused(imposed, _trace(award, f"measures.full.{which}", parameters, why, outcome))


def _suspend(award: Award, total: int, era: int, same_year: list[Imposed], standing: Standing) -> Caused:
    rule = award.rulebook.measures.suspend
    row, default = _row(award, total)
    months, choice = _months(award, row, default, standing.chosen_rows)
    earlier = [m for m in same_year if m.tier is not Tier.FULL]
    why = f"T({award.year}) = {total}, row {row[1]} of {row[0]}: {choice}"
    not_before = None
    if rule.further_points == "top_up" and earlier:
        before = sum(m.months_imposed for m in earlier)
        why += f"; {months} − {before} already imposed = {max(0, months - before)}"
        months -= before
        ends = [end for m in earlier if (end := m.ends_on(standing.caps)) is not None]
        not_before = max(ends) + ONE_DAY if ends else None
    parameters: dict[str, object] = {
        "at": rule.at,
        "default": default,
        "chosen": award.months,
        "further_points": rule.further_points,
        "effect_starts": award.rulebook.effect_starts,
    }
    path = f"measures.suspend.months.{row[0]}.{row[1]}"
    if months <= 0:
        return Caused(None, _trace(award, path, parameters, why, "nothing"), row)
    run = term(award.rulebook.effect_starts, award.on, months, not_before)
    tier = Tier.SINGLE if row[0] == "single" else Tier.LADDER
    imposed = Imposed(award, MeasureKind.SUSPEND, tier, era, months, run)
    outcome = f"suspend {run.starts_on}..{run.ends_on}"
    return Caused(imposed, _trace(award, path, parameters, f"{why}; {months} months", outcome), row)


def _row(award: Award, total: int) -> tuple[RowKey, int]:
    """The table row that applies and its default months: the longer of cumulative and single."""
    rule = award.rulebook.measures.suspend
    row, default = ("cumulative", total), rule.cumulative[total].default
    if award.single_points < rule.at:
        return row, default
    table = rule.cumulative if rule.single is None else rule.single
    name = "cumulative" if rule.single is None else "single"
    if table[award.single_points].default > default:
        return (name, award.single_points), table[award.single_points].default
    return row, default


def _months(award: Award, row: RowKey, default: int, chosen_rows: Mapping[str, RowKey | None]) -> tuple[int, str]:
    """The months to impose: the officer's choice while its row still applies, else the default.

    A late posting that lifts the total to a higher row does not shorten what the officer chose.
    """
    if award.months is None:
        return default, f"default {default} months"
    if award.ref not in chosen_rows:  # being posted: this is the row that the choice is made for
        return award.months, f"{award.months} months as chosen by the officer"
    chosen_for = chosen_rows[award.ref]
    if chosen_for is None:
        return default, f"default {default} months (no row of the table applied when {award.months} were chosen)"
    if chosen_for == row:
        return award.months, f"{award.months} months as chosen by the officer"
    if row[1] > chosen_for[1]:
        months = max(award.months, default)
        return months, f"the longer of default {default} and the {award.months} chosen for a lower row"
    return default, f"default {default} months (the choice of {award.months} was for row {chosen_for[1]})"


def _trace(award: Award, rule: str, parameters: dict[str, object], arithmetic: str, outcome: str) -> TraceLine:
    return TraceLine(award.on, award.ref, "award", rule, award.rulebook.label, parameters, arithmetic, outcome)
'''

# ============================== scoring.policy.outcome
SOURCES['scoring.policy.outcome'] = r'''"""Where an account stands on a day, and every later day on which that is known to change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from scoring.policy.account import Account, StatusOn


@dataclass(frozen=True, slots=True)
class StatusFrom:
    """A status and the day from which it holds, as far as is known today."""

    on: date
    status: StatusOn


@dataclass(frozen=True, slots=True)
class Outcome:
    """Where a person stands on a day: the points of its year, the status, and each later day on which that changes."""

    on: date
    points: int
    status: StatusOn
    course: tuple[StatusFrom, ...]  # begins with ``on`` itself

    @property
    def year(self) -> int:
        """The calendar year whose points these are."""
        return self.on.year

    @property
    def next_change(self) -> StatusFrom | None:
        """The first later day on which the status will be another, or None."""
        return self.course[1] if len(self.course) > 1 else None


def outcome_of(account: Account, on: date) -> Outcome:
    """Where an account stands on a day, and every later day on which its status is known to change."""
    course = [StatusFrom(on, account.status_on(on))]
    for day in account.boundaries():
        if day > on and (status := account.status_on(day)) != course[-1].status:
            course.append(StatusFrom(day, status))
    return Outcome(on, account.points_on(on), course[0].status, tuple(course))
'''

# ============================== scoring.policy.place
SOURCES['scoring.policy.place'] = r'''"""Places in the data of a file: how they are named, and complaints about them.

A path is dotted. A list item is named by its code where it has one (`clauses.D1.band`), else by its
number from 0 (`events.3.points`). Errors, provenance and line numbers all use the same paths.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Complaint:
    """One reason why data is refused, with the exact place."""

    path: str
    reason: str

    def __str__(self) -> str:
        """Place first, as an officer would look for it."""
        return f"{self.path}: {self.reason}" if self.path else self.reason


class Complaints(ValueError):
    """Data was refused; `errors` holds every reason found, each once, not only the first."""

    def __init__(self, errors: Iterable[Complaint]) -> None:
        self.errors = tuple(dict.fromkeys(errors))
        super().__init__("\n".join(str(error) for error in self.errors))


def items_by_name(items: list[object]) -> list[tuple[str, object]]:
    """The items of a list with the segment that names each in a path; a code that stands twice names the
    first.
    """
    named: list[tuple[str, object]] = []
    taken: set[str] = set()
    for index, item in enumerate(items):
        code = item.get("code") if isinstance(item, dict) else None
        segment = code if isinstance(code, str) and code and code not in taken else str(index)
        taken.add(segment)
        named.append((segment, item))
    return named
'''

# ============================== scoring.policy.plain_json
SOURCES['scoring.policy.plain_json'] = r'''"""Data as plain JSON values: what is stored, hashed and read on."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date, datetime

from scoring.policy.place import Complaint

Json = dict[str, object]


def as_json(data: Mapping[str, object], errors: list[Complaint], path: str = "") -> Json:
    """A mapping with texts for keys and ISO texts for dates; adds to `errors` what is no JSON value."""
    plain: Json = {}
    pairs: list[tuple[object, object]] = list(data.items())  # below the top, YAML has numbers for keys too
    for key, value in pairs:
        name = str(key)
        place = f"{path}.{name}" if path else name
        if isinstance(key, bool) or not isinstance(key, (str, int)):
            errors.append(Complaint(place, "a key has to be a word or a whole number"))
        elif name in plain:
            errors.append(Complaint(place, "stands twice"))
        else:
            plain[name] = _value(value, place, errors)
    return plain


def _value(value: object, path: str, errors: list[Complaint]) -> object:
    if isinstance(value, Mapping):
        return as_json(value, errors, path)
    if isinstance(value, (list, tuple)):
        return [_value(item, f"{path}.{index}", errors) for index, item in enumerate(value)]
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    if value is None or isinstance(value, (str, int)) or (isinstance(value, float) and math.isfinite(value)):
        return value
    errors.append(Complaint(path, f"{value!r} is no text, number, date, list or mapping"))
    return None
'''

# ============================== scoring.policy.posting
SOURCES['scoring.policy.posting'] = r'''"""What is settled once, when an event is posted, in the order of posting.

Corrections remember what the person was under just before them, so that no day gets worse;
re-registrations are accepted or refused for good; an officer's choice of months remembers the table
row that it was made for. Everything else is replayed in the order of dates (``replay``).
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass, field, replace
from datetime import date

from scoring.policy.account import KIND_GRAVITY, Account, Refusal, Status
from scoring.policy.events import (
    Award,
    Dismissal,
    Event,
    LicenceLoss,
    Merge,
    Repair,
    Reregistration,
    Reversal,
    Stay,
    Variation,
)
from scoring.policy.spans import Span

RowKey = tuple[str, int]  # (table, points)


@dataclass(frozen=True, slots=True)
class Cap:
    """The days a correction found under measures, by gravity: nothing posted before may exceed them."""

    seq: int
    on: date
    under: dict[int, tuple[Span, ...]]
    waiting: dict[str, int]  # awards under an open stay: days not served, which run after the dismissal
    records: frozenset[str]  # of the person as they were then: a merge afterwards does not spread it

    @staticmethod
    def of(found: Replayed, seq: int, on: date, records: frozenset[str]) -> Cap:
        """The days of the account under a measure at least as grave, per gravity."""
        under = {
            gravity: tuple((m.starts_on, m.ends_on) for m in found.account.measures if KIND_GRAVITY[m.kind] >= gravity)
            for gravity in set(KIND_GRAVITY.values())
        }
        return Cap(seq, on, under, found.waiting, records)


@dataclass
class Standing:
    """The events that stand after everything posted so far, and what was settled at posting."""

    awards: dict[str, Award] = field(default_factory=dict)
    repairs: list[Repair] = field(default_factory=list)
    reregistrations: list[Reregistration] = field(default_factory=list)
    stays: list[Stay | Dismissal] = field(default_factory=list)
    licence_losses: list[LicenceLoss] = field(default_factory=list)
    caps: list[Cap] = field(default_factory=list)
    chosen_rows: dict[str, RowKey | None] = field(default_factory=dict)
    refusals: list[Refusal] = field(default_factory=list)
    merges: list[Merge] = field(default_factory=list)
    records: frozenset[str] = frozenset()

    def era(self, seq: int, records: Container[str]) -> int:
        """How many re-registrations of these records were accepted before ``seq``."""
        return sum(1 for r in self.reregistrations if r.seq < seq and r.record in records)

    def stayed(self, ref: str) -> bool:
        """Whether an accepted appeal against ``ref`` is still open."""
        about = [s for s in self.stays if s.award == ref]
        return bool(about) and isinstance(about[-1], Stay)


@dataclass(frozen=True, slots=True)
class Replayed:
    """One replay of what stands: the account, the table row of each suspension, days that wait under a stay."""

    account: Account
    rows: dict[str, RowKey]
    waiting: dict[str, int]


Replay = Callable[[Standing], Replayed]


def settle(events: Iterable[Event], replay: Replay) -> Standing:
    """What stands after all ``events`` were posted; each is settled with what was posted on its own record, and from
    a merge on with what was posted on both. Refuses (ValueError) records that no merge joins."""
    people: dict[str, Standing] = {}
    person_of: dict[str, str] = {}

    def person(record: str) -> str:
        while record in person_of:
            record = person_of[record]
        return record

    for event in sorted(events, key=lambda e: (e.seq, isinstance(e, Merge))):
        key = person(event.record)
        standing = people.setdefault(key, Standing(records=frozenset({event.record})))
        if isinstance(event, Merge):
            into = person(event.into)
            kept = people.get(into, Standing(records=frozenset({event.into})))
            people[into] = joined(kept, people.pop(key), event)
            person_of[key] = into
        else:
            post(standing, event, replay)
    if len(people) > 1:
        raise ValueError(f"events of {len(people)} people: {sorted(people)}")
    return next(iter(people.values()), Standing())


def joined(kept: Standing, gone: Standing, merge: Merge) -> Standing:
    """One person's standing out of two records'; what was settled on either stays settled."""
    return Standing(
        awards={a.ref: a for a in sorted([*kept.awards.values(), *gone.awards.values()], key=_seq)},
        repairs=sorted([*kept.repairs, *gone.repairs], key=_seq),
        reregistrations=sorted([*kept.reregistrations, *gone.reregistrations], key=_seq),
        stays=sorted([*kept.stays, *gone.stays], key=_seq),
        licence_losses=sorted([*kept.licence_losses, *gone.licence_losses], key=_seq),
        caps=sorted([*kept.caps, *gone.caps], key=lambda cap: cap.seq),
        chosen_rows=kept.chosen_rows | gone.chosen_rows,
        refusals=[*kept.refusals, *gone.refusals],
        merges=[*kept.merges, *gone.merges, merge],
        records=kept.records | gone.records,
    )


def _seq(event: Event) -> int:
    return event.seq


def post(standing: Standing, event: Event, replay: Replay) -> None:
    """Add one event to what stands, or note why it has no effect."""
    if isinstance(event, Award):
        _post_award(standing, event, replay)
    elif isinstance(event, (Reversal, Variation)):
        _post_correction(standing, event, replay)
    elif isinstance(event, Reregistration):
        _post_reregistration(standing, event, replay)
    elif isinstance(event, (Stay, Dismissal)):
        _post_stay(standing, event)
    elif isinstance(event, Repair):
        standing.repairs.append(event)
    elif isinstance(event, LicenceLoss):
        standing.licence_losses.append(event)


def _refuse(standing: Standing, event: Event, rule: str, reason: str, **values: object) -> None:
    standing.refusals.append(Refusal(event.ref, event.on, rule, reason, values))


def _post_award(standing: Standing, event: Award, replay: Replay) -> None:
    if event.points < 1:
        _refuse(standing, event, "award", "an award needs at least 1 point")
        return
    if event.ref in standing.awards:
        _refuse(standing, event, "award", f"{event.ref} was already posted")
        return
    standing.awards.pop(event.replaces, None)  # put back whole by a court: judged freely, like any late posting
    standing.awards[event.ref] = event
    if event.months is not None:
        standing.chosen_rows[event.ref] = replay(standing).rows.get(event.ref)


def _post_correction(standing: Standing, event: Reversal | Variation, replay: Replay) -> None:
    award = standing.awards.get(event.award)
    if award is None:
        _refuse(standing, event, "correction", f"no standing award {event.award}")
        return
    if isinstance(event, Variation) and not 1 <= event.points < award.points:
        reason = f"a variation needs at least 1 and fewer than {award.points} points, got {event.points}"
        _refuse(standing, event, "variation", reason)
        return
    if standing.stayed(event.award):  # the appeal is over with its outcome, and so is its stay
        standing.stays.append(Dismissal(event.ref, event.seq, event.on, event.award, event.record))
    standing.caps.append(Cap.of(replay(standing), event.seq, event.on, standing.records))
    if isinstance(event, Reversal):
        del standing.awards[event.award]
        return
    single = min(award.single_points, event.points if event.single_points is None else event.single_points)
    standing.awards[event.award] = replace(award, points=event.points, single_points=min(single, event.points))


def _post_reregistration(standing: Standing, event: Reregistration, replay: Replay) -> None:
    status = replay(standing).account.status_on(event.on)
    if status.status is not Status.TERMINATED:
        _refuse(standing, event, "reregistration", f"status on {event.on} is {status.status}, not terminated")
    elif not status.may_reapply:
        _refuse(standing, event, "reregistration", f"the bar runs until {status.until}", until=status.until)
    else:
        standing.reregistrations.append(event)


def _post_stay(standing: Standing, event: Stay | Dismissal) -> None:
    award = standing.awards.get(event.award)
    if award is None:
        _refuse(standing, event, "stay", f"no standing award {event.award}")
    elif not award.rulebook.appeal_stays:
        _refuse(standing, event, "appeal_stays", f"under {award.rulebook.id} an appeal stays nothing")
    elif isinstance(event, Stay) == standing.stayed(event.award):
        state = "already stayed" if isinstance(event, Stay) else "not stayed"
        _refuse(standing, event, "stay", f"{event.award} is {state}")
    else:
        standing.stays.append(event)
'''

# ============================== scoring.policy.repairing
SOURCES['scoring.policy.repairing'] = r'''"""Earning points back (§5 item 8): which year is credited, why not, and what gets shorter."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from scoring.policy.account import Credit, Refusal, Tier, TraceLine
from scoring.policy.events import Award, Repair
from scoring.policy.imposing import Imposed
from scoring.policy.posting import Cap

if TYPE_CHECKING:
    from scoring.policy.rulebook_parts import RepairRule


def credit_of(
    repair: Repair,
    imposed: Sequence[Imposed],
    caps: list[Cap],
    awards: Sequence[Award],
    credited: Sequence[Credit],
    total: Callable[[int], int],
) -> tuple[Credit | Refusal, TraceLine]:
    """Decide one repair on its day: the credit and its year, or the refusal with the reason."""
    year = _credited_year(repair, imposed, caps)
    rule = repair.rulebook.repair
    in_year = sum(c.points for c in credited if c.year == year)
    refused = _why_not(repair, rule, year, in_year, total(year), awards)
    parameters: dict[str, object] = {} if rule is None else {"cap_per_year": rule.cap_per_year}
    if refused is not None:
        return refused, _trace(repair, refused.rule, parameters, refused.reason, "refused")
    arithmetic = f"T({year}) = {total(year)} − {repair.points} = {total(year) - repair.points}"
    credit = Credit(repair.ref, repair.on, year, repair.points)
    return credit, _trace(repair, "repair", parameters, arithmetic, f"−{repair.points} in {year}")


def retier(repair: Repair, year: int, total: int, suspensions: Sequence[Imposed]) -> list[TraceLine]:
    """Shorten the year's ladder suspensions to what the lowered total allows.

    Below suspend.at: the running one ends on the day and waiting ones are void; else together they
    last no more than the default months of the total's row, taken off the latest first and never
    back before the day. Suspensions from a single table of its own count but are untouched, as is the
    full tier.
    """
    rule = repair.rulebook.measures.suspend
    ladder = [m for m in suspensions if m.tier is Tier.LADDER]
    if not ladder:
        return []
    if total < rule.at:
        for measure in ladder:
            measure.end_by(repair.on)
        why = f"T({year}) = {total} < {rule.at}"
        return [_trace(repair, "repair.suspensions", {"at": rule.at}, why, f"end on {repair.on}")]
    row = rule.cumulative.get(total)
    counted = [m for m in suspensions if m.tier is not Tier.FULL]
    over = sum(m.months for m in counted) - row.default if row is not None else 0
    if row is None or over <= 0:
        return []
    why = f"T({year}) = {total}: together at most {row.default} months, {over} over"
    for measure in sorted(ladder, key=lambda m: m.term.starts_on, reverse=True):
        last = measure.spans[-1][1] if measure.spans else None
        ended = last is None or last < repair.on
        if over <= 0 or (ended and not measure.unserved):
            continue
        taken = min(over, measure.months)
        measure.shorten(taken, repair.on)
        over -= taken
    return [_trace(repair, "repair.suspensions", {"default": row.default}, why, "shortened")]


def _credited_year(repair: Repair, imposed: Sequence[Imposed], caps: list[Cap]) -> int:
    """The year of the ladder suspension imposed last among those running or waiting on the day."""
    for measure in reversed(imposed):
        ends_on = measure.ends_on(caps)
        waits = measure.unserved > 0 or (ends_on is not None and ends_on >= repair.on)
        if measure.tier is Tier.LADDER and waits:
            return measure.year
    return repair.on.year


def _why_not(
    repair: Repair,
    rule: RepairRule | None,
    year: int,
    credited: int,
    total: int,
    awards: Sequence[Award],
) -> Refusal | None:
    def refused(rule: str, reason: str, **values: object) -> Refusal:
        return Refusal(repair.ref, repair.on, rule, reason, values)

    if rule is None:
        label = repair.rulebook.id
        return refused("repair", f"repair is off under {label}", rulebook=label)
    if repair.points < 1:
        return refused("repair.points", "a repair credits at least 1 point")
    if credited + repair.points > rule.cap_per_year:
        reason = f"{credited} credited in {year} + {repair.points} passes the cap of {rule.cap_per_year}"
        return refused("repair.cap_per_year", reason, credited=credited, year=year, cap=rule.cap_per_year)
    if repair.points > total:
        return refused("repair.total", f"{repair.points} is more than T({year}) = {total}", total=total, year=year)
    for award in awards:
        if award.year != year:
            continue
        if rule.excluded_single_full and award.single_points >= award.rulebook.measures.full.at:
            reason = f"{award.ref} was {award.single_points} points in one go"
            return refused("repair.excluded.single_full", reason, points=award.single_points, year=year)
        if award.articles & rule.excluded_articles:
            articles = sorted(award.articles & rule.excluded_articles)
            reason = f"{award.ref} rests on article {sorted(award.articles)}"
            return refused("repair.excluded.articles", reason, articles=articles, year=year)
    return None


def _trace(repair: Repair, rule: str, parameters: dict[str, object], arithmetic: str, outcome: str) -> TraceLine:
    return TraceLine(repair.on, repair.ref, "repair", rule, repair.rulebook.label, parameters, arithmetic, outcome)
'''

# ============================== scoring.policy.replay
SOURCES['scoring.policy.replay'] = r'''"""The replay: from the events of one person to the account (§5 items 2–10).

``replay`` takes every event that is known, in any order. Each is settled in the order of posting
(``posting``); what then stands is run in the order of dates, and within one day in the order of
posting, as though no corrected award had ever been.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Union

from scoring.policy.account import Account, Credit, Refusal, ReminderFired, TraceLine
from scoring.policy.events import Award, Dismissal, Event, Merge, Repair, Reregistration, Stay
from scoring.policy.imposing import Imposed
from scoring.policy.joining import Joined
from scoring.policy.measuring import consequence_of
from scoring.policy.posting import Replayed, RowKey, Standing, settle
from scoring.policy.repairing import credit_of, retier
from scoring.policy.spans import up_to
from scoring.policy.terms import ONE_DAY

Dated = Union[Award, Repair, Stay, Dismissal, Reregistration, Merge]  # noqa: UP007 - read by Python 3.9, see events


def replay(events: Iterable[Event]) -> Account:
    """The account that follows from ``events``; order of ``seq`` is the order of posting."""
    return _run(settle(events, _run)).account


def _run(standing: Standing) -> Replayed:
    """Run what stands in the order of dates."""
    run = Run(standing)
    for event in _by_date(standing):
        if isinstance(event, Award):
            run.award(event)
        elif isinstance(event, Repair):
            run.repair(event)
        elif isinstance(event, (Stay, Dismissal)):
            run.stay(event)
        elif isinstance(event, Reregistration):
            run.reregistration(event)
        else:
            run.merge(event)
    waiting = {m.award.ref: m.unserved for m in run.imposed if m.unserved}
    return Replayed(run.account(), run.rows, waiting)


def _by_date(standing: Standing) -> Sequence[Dated]:
    events: list[Dated] = [
        *standing.awards.values(),
        *standing.repairs,
        *standing.stays,
        *standing.reregistrations,
        *standing.merges,
    ]
    return sorted(events, key=lambda e: (e.on, e.seq, isinstance(e, Merge)))


class Run:
    """One pass over what stands, in the order of dates."""

    def __init__(self, standing: Standing) -> None:
        self.standing = standing
        self.awards: list[Award] = []
        self.credits: list[Credit] = []
        self.repairs: list[Repair] = []  # those behind the credits, in the same order
        self.imposed: list[Imposed] = []
        self.rows: dict[str, RowKey] = {}
        self.reminders: list[ReminderFired] = []
        self.reminded: list[str] = []  # the records of the reminders, in the same order
        self.refusals: list[Refusal] = list(standing.refusals)
        self.trace: list[TraceLine] = []
        self.people = Joined()

    def total(self, year: int, record: str) -> int:
        """T(Y) so far, as shown: every standing award of the person less every credit of the year."""
        mine = self.people.of(record)
        awarded = sum(a.points for a in self.awards if a.year == year and a.record in mine)
        return awarded - sum(
            c.points for c, r in zip(self.credits, self.repairs, strict=True) if c.year == year and r.record in mine
        )

    def measure_total(self, year: int, era: int, record: str) -> int:
        """T(Y) for measures and reminders: only what was posted since the latest re-registration."""
        mine = self.people.of(record)
        awarded = sum(
            a.points for a in self.awards if a.year == year and a.record in mine and self.era(a.seq, record) == era
        )
        credited = sum(
            c.points
            for c, r in zip(self.credits, self.repairs, strict=True)
            if c.year == year and r.record in mine and self.era(r.seq, record) == era
        )
        return max(0, awarded - credited)

    def era(self, seq: int, record: str) -> int:
        """How many re-registrations of the person were accepted before ``seq``."""
        return self.standing.era(seq, self.people.of(record))

    def imposed_on(self, record: str) -> list[Imposed]:
        """The measures imposed on the person so far, each under its era."""
        mine = self.people.of(record)
        found = [m for m in self.imposed if m.award.record in mine]
        for measure in found:
            measure.era = self.era(measure.award.seq, record)
        return found

    def award(self, award: Award) -> None:
        """Count the award, fire the reminders it passes, impose what it causes."""
        era = self.era(award.seq, award.record)
        before = self.measure_total(award.year, era, award.record)
        self.awards.append(award)
        total = self.measure_total(award.year, era, award.record)
        caused = consequence_of(award, total, era, self.imposed_on(award.record), self.standing)
        if caused.imposed is not None:
            self.imposed.append(caused.imposed)
        if caused.row is not None:
            self.rows[award.ref] = caused.row
        self.trace.append(caused.trace)
        self._remind(award, before, total)

    def merge(self, merge: Merge) -> None:
        """Make two records one person's, and judge each year to which both contribute: from this day, not before."""
        parts = [self.people.of(merge.record), self.people.of(merge.into)]
        self.people.join(merge.record, merge.into)
        era = self.era(merge.seq + 1, merge.into)
        now = [a for a in self.awards if a.record in self.people.of(merge.into)]
        now = [a for a in now if self.era(a.seq, merge.into) == era]
        for year in sorted({a.year for a in now}):
            of_year = [a for a in now if a.year == year]
            sums = [sum(a.points for a in of_year if a.record in part) for part in parts]
            if 0 in sums:
                continue
            cause = replace(max(of_year, key=lambda a: (a.on, a.seq)), seq=merge.seq, on=merge.on, months=None)
            self._judge_union(replace(cause, single_points=0), era, max(sums), merge)

    def _judge_union(self, cause: Award, era: int, before: int, merge: Merge) -> None:
        """Impose what the points of both records cause together, under the latest award of the year."""
        total = self.measure_total(cause.year, era, cause.record)
        caused = consequence_of(cause, total, era, self.imposed_on(cause.record), self.standing)
        imposed = caused.imposed
        self.trace.append(replace(caused.trace, ref=merge.ref, event="merge"))
        if imposed is not None:
            for earlier in self.imposed:  # one award is the cause of one measure a day: the new one covers the old
                if earlier.award.ref == cause.ref:
                    earlier.spans = up_to(earlier.spans, imposed.term.starts_on - ONE_DAY)
            self.imposed.append(imposed)
        self._remind(cause, before, total)

    def _remind(self, award: Award, before: int, total: int) -> None:
        mine = self.people.of(award.record)
        fired = {
            (r.year, r.at, r.kind) for r, record in zip(self.reminders, self.reminded, strict=True) if record in mine
        }
        for tier in award.rulebook.measures.reminders:
            if total < tier.at or (award.year, tier.at, tier.kind) in fired:
                continue
            self.reminders.append(ReminderFired(award.ref, award.on, award.year, tier.at, tier.kind))
            self.reminded.append(award.record)
            self.trace.append(
                TraceLine(
                    award.on,
                    award.ref,
                    "reminder",
                    "measures.reminders",
                    award.rulebook.label,
                    {"at": tier.at, "kind": tier.kind},
                    f"T({award.year}) {before} → {total} ≥ {tier.at}",
                    tier.kind,
                )
            )

    def repair(self, repair: Repair) -> None:
        """Credit the repair to its year and shorten that year's suspensions, or refuse it."""
        mine = self.people.of(repair.record)
        imposed = self.imposed_on(repair.record)
        credited = [c for c, r in zip(self.credits, self.repairs, strict=True) if r.record in mine]
        awards = [a for a in self.awards if a.record in mine]
        decided, trace = credit_of(
            repair, imposed, self.standing.caps, awards, credited, lambda year: self.total(year, repair.record)
        )
        self.trace.append(trace)
        if isinstance(decided, Refusal):
            self.refusals.append(decided)
            return
        era = self.era(repair.seq, repair.record)
        self.credits.append(decided)
        self.repairs.append(repair)
        total = self.measure_total(decided.year, era, repair.record)
        ladder = [m for m in imposed if m.year == decided.year and m.era == era]
        self.trace += retier(repair, decided.year, total, ladder)

    def stay(self, event: Stay | Dismissal) -> None:
        """Stop or resume the measures of the award under appeal."""
        for measure in self.imposed:
            if measure.award.ref != event.award:
                continue
            if isinstance(event, Stay):
                measure.stay(event.on, event.seq, self.standing.caps)
            else:
                measure.resume(event.on)
            kind = "stay" if isinstance(event, Stay) else "dismissal"
            self.trace.append(
                TraceLine(
                    event.on,
                    event.ref,
                    kind,
                    "appeal_stays",
                    measure.award.rulebook.label,
                    {"appeal_stays": True},
                    f"unserved days: {measure.unserved}",
                    f"{measure.kind} {kind}",
                )
            )

    def reregistration(self, event: Reregistration) -> None:
        """Note the accepted re-registration; its effect is in the eras and the status."""
        self.trace.append(TraceLine(event.on, event.ref, "reregistration", "termination_end", "", {}, "", "normal"))

    def account(self) -> Account:
        """What follows from the pass."""
        caps = self.standing.caps
        measures = [piece for m in self.imposed for piece in m.pieces(caps)]
        refused = [
            TraceLine(r.on, r.ref, "refusal", r.rule, "", {}, r.reason, "no effect") for r in self.standing.refusals
        ]
        return Account(
            awards=tuple(self.awards),
            credits=tuple(self.credits),
            measures=tuple(sorted(measures, key=lambda m: (m.starts_on, m.ends_on))),
            reregistrations=tuple(self.standing.reregistrations),
            licence_losses=tuple(self.standing.licence_losses),
            refusals=tuple(sorted(self.refusals, key=lambda r: r.on)),
            reminders=tuple(self.reminders),
            trace=tuple(sorted([*self.trace, *refused], key=lambda t: t.on)),
        )
'''

# ============================== scoring.policy.rulebook
SOURCES['scoring.policy.rulebook'] = r'''"""Rulebooks: the law of one jurisdiction from one date on, as a tree of frozen values.

Made by `parse_rulebook` from a pack (see `docs/rulebooks.md`), never by hand: parsing is what guarantees
that ladders have no gap, defaults lie in their ranges and every number has a source or is marked as an
assumption.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from scoring.policy.place import Complaint
from scoring.policy.plain_json import Json
from scoring.policy.rulebook_clauses import read_clauses
from scoring.policy.rulebook_ladder import read_measures
from scoring.policy.rulebook_parts import (
    AlertProposal,
    AppealRule,
    Assumption,
    Category,
    Clause,
    Cycle,
    Degree,
    Display,
    EffectStarts,
    EntriesDisplay,
    HoldRule,
    InstitutionAlert,
    MeasureKind,
    Measures,
    PointsDatedBy,
    Provenance,
    Publication,
    PublicationMode,
    PublishAfter,
    RepairRule,
    SameConduct,
    ServiceRule,
    SingleScope,
    SuspendDisplay,
    TerminateDisplay,
    TerminationEnd,
)
from scoring.policy.rulebook_resolve import (
    HEADER,
    RulebookErrors,
    digest,
    entries_of,
    entry_for,
    leaves,
    resolve,
    resolve_into,
)
from scoring.policy.section import Section, is_whole

__all__ = ["Complaint", "Rulebook", "RulebookErrors", "digest", "ensure_follows", "parse_rulebook", "resolve"]

PACK_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
JURISDICTION = re.compile(r"([0-9]{2}){0,3}")
REQUIRED = (
    *("id", "jurisdiction", "version", "effective_from", "title"),
    *("cycle", "conduct_cutoff", "points_dated_by", "same_conduct", "single_scope"),
    *("clauses", "measures", "effect_starts", "termination_end"),
    *("statement_working_days", "appeal_working_days", "appeal_stays"),
    *("repair", "institution_alerts", "publication"),
)
OPTIONAL = ("categories", "appeal", "service", "hold", *sorted(HEADER - set(REQUIRED)))


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Rulebook:
    """One version of one jurisdiction's rules, with everything inherited already resolved.

    Two rulebooks are equal when their `digest` is: the SHA-256 of the canonical JSON of `resolved`, which
    is the pack as stored on activation and can be parsed again without its base.
    """

    id: str
    jurisdiction: str
    version: int
    effective_from: date
    title: str
    title_en: str
    source: str
    repeal: bool
    categories: frozenset[Category]
    cycle: Cycle
    conduct_cutoff: date
    points_dated_by: PointsDatedBy
    same_conduct: SameConduct
    single_scope: SingleScope
    clauses: Mapping[str, Clause]
    measures: Measures
    effect_starts: EffectStarts
    termination_end: TerminationEnd
    statement_working_days: int
    appeal_working_days: int
    appeal_stays: bool
    appeal: AppealRule | None
    service: ServiceRule | None
    hold: HoldRule | None
    repair: RepairRule | None
    institution_alerts: tuple[InstitutionAlert, ...]
    publication: Publication
    provenance: Mapping[str, Provenance]
    assumptions: tuple[Assumption, ...]
    resolved: Mapping[str, object]
    digest: str

    @property
    def label(self) -> str:
        """How traces and entries name this version: ``national@1``."""
        return f"{self.id}@{self.version}"

    def __repr__(self) -> str:
        """Short: a whole pack would drown every message it appears in."""
        return f"<Rulebook {self.label} {self.digest[:8]}>"

    def __eq__(self, other: object) -> bool:
        """Equal rules, whoever loaded them."""
        return isinstance(other, Rulebook) and other.digest == self.digest

    def __hash__(self) -> int:
        """Consistent with equality."""
        return hash(self.digest)

    def suggested_points(self, clause: str, degree: Degree | str) -> int:
        """The points suggested for a clause and a degree; refuses (KeyError, ValueError) what the pack
        does not name.

        A suggestion, never a bound: the officer keeps discretion inside the band, and outside it with a
        countersignature.
        """
        return self.clauses[clause].degrees[Degree(degree)]

    def provenance_of(self, path: str) -> Provenance:
        """Where the parameter at a dotted path (`measures.suspend.months.cumulative.10`) comes from.

        For a place with several parameters below it, the weakest: an assumption if any of them is one.
        Refuses (KeyError) a path that names nothing in this pack.
        """
        below = [p for leaf, p in self.provenance.items() if leaf == path or leaf.startswith(f"{path}.")]
        if not below:
            raise KeyError(f"{self.label} has no parameter {path!r}")
        sources = dict.fromkeys(p.source for p in below if p.source)
        notes = dict.fromkeys(p.note for p in below if p.note)
        return Provenance("; ".join(sources), any(p.assumption for p in below), "; ".join(notes))


def parse_rulebook(data: Mapping[str, object], base: Mapping[str, object] | None = None) -> Rulebook:
    """The rulebook of a pack as written, or as resolved and stored.

    `base` is the pack that `extends: national` refers to: the national version in force on this one's
    effective_from. Refuses (`RulebookErrors`, all of them at once, each with its place) unknown and
    missing keys, wrong types, a gap or overlap in a ladder, a default outside its range, an unknown
    clause, and a number without source or assumption.
    """
    errors: list[Complaint] = []
    resolved = resolve_into(data, base, errors)
    rulebook = _read(resolved, errors)
    if errors:
        raise RulebookErrors(errors)
    return rulebook


def ensure_follows(new: Rulebook, previous_versions: Iterable[Rulebook]) -> None:
    """Refuses a version that does not come after every earlier one of its id, in number and in date."""
    errors: list[Complaint] = []
    for old in previous_versions:
        if old.id != new.id:
            continue
        if new.version <= old.version:
            errors.append(Complaint("version", f"has to be after {old.label}, got {new.version}"))
        if new.effective_from <= old.effective_from:
            reason = f"has to be after {old.effective_from}, when {old.label} begins; got {new.effective_from}"
            errors.append(Complaint("effective_from", reason))
        if new.jurisdiction != old.jurisdiction:
            reason = f"has to stay {old.jurisdiction!r} as in {old.label}, got {new.jurisdiction!r}"
            errors.append(Complaint("jurisdiction", reason))
    if errors:
        raise RulebookErrors(errors)


def _read(resolved: Json, errors: list[Complaint]) -> Rulebook:
    pack = Section.of(resolved, "", errors)
    pack.know_only(REQUIRED, OPTIONAL)
    provenance = _provenance(resolved)
    return Rulebook(
        id=_matching(pack, "id", PACK_ID, "a short name like inner-mongolia"),
        jurisdiction=_matching(pack, "jurisdiction", JURISDICTION, 'a GB/T 2260 prefix of 2, 4 or 6 digits, or ""'),
        version=pack.whole("version"),
        effective_from=pack.day("effective_from"),
        title=pack.text("title"),
        title_en=pack.text("title_en"),
        source=pack.text("source"),
        repeal=pack.flag("repeal"),
        categories=frozenset(pack.choices("categories", Category) or Category),
        cycle=pack.choice("cycle", Cycle),
        conduct_cutoff=pack.day("conduct_cutoff"),
        points_dated_by=pack.choice("points_dated_by", PointsDatedBy),
        same_conduct=pack.choice("same_conduct", SameConduct),
        single_scope=pack.choice("single_scope", SingleScope),
        clauses=read_clauses(pack),
        measures=read_measures(pack.section("measures")),
        effect_starts=pack.choice("effect_starts", EffectStarts),
        termination_end=pack.choice("termination_end", TerminationEnd),
        statement_working_days=pack.whole("statement_working_days"),
        appeal_working_days=pack.whole("appeal_working_days"),
        appeal_stays=pack.flag("appeal_stays"),
        appeal=_appeal(pack),
        service=_service(pack),
        hold=_hold(pack),
        repair=_repair(pack),
        institution_alerts=_alerts(pack),
        publication=_publication(pack.section("publication")),
        provenance=provenance,
        assumptions=_assumptions(resolved),
        resolved=resolved,
        digest=digest(resolved),
    )


def _matching(pack: Section, key: str, pattern: re.Pattern[str], wanted: str) -> str:
    value = pack.text(key, empty=True)
    if isinstance(pack.items.get(key), str) and not pattern.fullmatch(value):
        pack.refuse(key, f"has to be {wanted}, got {value!r}")
    return value


def _appeal(pack: Section) -> AppealRule | None:
    """The course of an appeal; None in packs stored before it was a parameter, where nothing limits it."""
    if pack.items.get("appeal") is None:
        return None
    section = pack.section("appeal")
    names = ("decide_working_days", "answer_working_days", "silence_working_days", "second_level_working_days")
    section.know_only(names)
    rule = AppealRule(*(section.whole(name) for name in names))
    if rule.silence_working_days < rule.decide_working_days:
        section.refuse("silence_working_days", f"is less than decide_working_days = {rule.decide_working_days}")
    return rule


def _service(pack: Section) -> ServiceRule | None:
    """Service by public notice; None in packs stored before it was a parameter, under which nobody is so served."""
    if pack.items.get("service") is None:
        return None
    section = pack.section("service")
    section.know_only(("public_notice_days",))
    return ServiceRule(section.whole("public_notice_days"))


def _hold(pack: Section) -> HoldRule | None:
    """Decisions that wait for another officer's release; None, as where nothing is said: none waits."""
    if pack.items.get("hold") is None:
        return None
    section = pack.section("hold")
    section.know_only(("measures", "release_working_days"))
    return HoldRule(section.choices("measures", MeasureKind), section.whole("release_working_days"))


def _repair(pack: Section) -> RepairRule | None:
    if pack.items.get("repair") is None:
        return None
    section = pack.section("repair")
    section.know_only(("points", "cap_per_year", "excluded"))
    points, cap = section.whole("points"), section.whole("cap_per_year")
    if points > cap:
        section.refuse("points", f"{points} for one participation is more than cap_per_year = {cap}")
    excluded = section.section("excluded")
    excluded.know_only(("single_full", "articles"))
    return RepairRule(points, cap, excluded.flag("single_full"), frozenset(excluded.wholes("articles")))


def _alerts(pack: Section) -> tuple[InstitutionAlert, ...]:
    alerts: list[InstitutionAlert] = []
    for section in pack.sections("institution_alerts"):
        section.know_only(("share", "proposal"))
        share = section.items.get("share", 1)
        if not (is_whole(share) or isinstance(share, float)) or not 0 < share <= 1:
            section.refuse("share", "has to be a share above 0 and up to 1, like 0.20")
            continue
        exact = Decimal(str(share))
        if any(alert.share == exact for alert in alerts):
            section.refuse("share", f"a second alert at {exact}")
        alerts.append(InstitutionAlert(exact, section.choice("proposal", AlertProposal)))
    return tuple(sorted(alerts, key=lambda alert: alert.share))


def _publication(section: Section) -> Publication:
    section.know_only(("mode", "points", "publish_after", "display"))
    display = section.section("display")
    display.know_only(("suspend", "terminate", "entries"))
    return Publication(
        section.choice("mode", PublicationMode),
        section.flag("points"),
        section.choice("publish_after", PublishAfter),
        Display(
            display.choice("suspend", SuspendDisplay),
            display.choice("terminate", TerminateDisplay),
            display.choice("entries", EntriesDisplay),
        ),
    )


def _provenance(resolved: Json) -> dict[str, Provenance]:
    entries = entries_of(resolved)
    found = {path: entry_for(entries, path) for path, _ in leaves(resolved)}
    return {path: _as_provenance(entry) for path, entry in found.items() if entry is not None}


def _assumptions(resolved: Json) -> tuple[Assumption, ...]:
    gathered = resolved.get("provenance")
    entries = gathered if isinstance(gathered, dict) else {}
    assumed = [(path, _as_provenance(entry)) for path, entry in entries.items()]
    return tuple(Assumption(path, entry.note) for path, entry in assumed if entry.assumption)


def _as_provenance(entry: Json) -> Provenance:
    return Provenance(str(entry.get("source", "")), entry.get("assumption") is True, str(entry.get("note", "")))
'''

# ============================== scoring.policy.rulebook_clauses
SOURCES['scoring.policy.rulebook_clauses'] = r'''"""Reading the negative list (负面清单) of a pack: clauses, their bands, suggestions and references."""

from __future__ import annotations

import re

from scoring.policy.rulebook_parts import Band, BasisKind, Clause, Degree
from scoring.policy.section import Section, is_whole

CODE = re.compile(r"[A-Z][1-9][0-9]?")
REQUIRED = ("code", "band", "title", "basis", "degrees")
OPTIONAL = ("title_en", "articles", "requires_prior")


def read_clauses(pack: Section) -> dict[str, Clause]:
    """The clauses by code; complains of a code that stands twice and of references to clauses that are
    not there.
    """
    clauses: dict[str, Clause] = {}
    places: dict[str, Section] = {}
    for section in pack.sections("clauses"):
        clause = _clause(section)
        if clause.code in clauses:
            section.refuse("code", f"{clause.code} stands twice")
        clauses[clause.code] = clause
        places[clause.code] = section
    if "clauses" in pack.items and not clauses:
        pack.refuse("clauses", "has to name at least one clause")
    for code, clause in clauses.items():
        _ensure_known(clause, places[code], clauses)
    return clauses


def _clause(section: Section) -> Clause:
    section.know_only(REQUIRED, OPTIONAL)
    code = section.text("code")
    if code and not CODE.fullmatch(code):
        section.refuse("code", f"has to be a band letter and a number like D1, got {code!r}")
    band = Band(*section.pair("band"))
    return Clause(
        code=code,
        band=band,
        title=section.text("title"),
        title_en=section.text("title_en"),
        basis=section.choices("basis", BasisKind),
        articles=section.wholes("articles"),
        degrees=_degrees(section.section("degrees"), band, known=isinstance(section.items.get("band"), list)),
        requires_prior=_references(section),
    )


def _degrees(section: Section, band: Band, *, known: bool) -> dict[Degree, int]:
    section.know_only([str(degree) for degree in Degree])
    degrees: dict[Degree, int] = {}
    for degree in Degree:
        if str(degree) not in section.items:
            continue
        points = section.whole(degree)
        if known and is_whole(section.items[degree]) and not band.allows(points):
            section.refuse(degree, f"lies outside the band {band.minimum}–{band.maximum}: {points}")
        degrees[degree] = points
    values = list(degrees.values())
    if values != sorted(values):
        section.refuse_whole("has to rise with the degree: general ≤ important ≤ principal")
    return degrees


def _references(section: Section) -> tuple[str, ...]:
    value = section.items.get("requires_prior", [])
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        section.refuse("requires_prior", "has to be a list of band letters or clause codes")
        return ()
    return tuple(value)


def _ensure_known(clause: Clause, section: Section, clauses: dict[str, Clause]) -> None:
    letters = {code[:1] for code in clauses}
    for reference in clause.requires_prior:
        if reference not in clauses and reference not in letters:
            section.refuse("requires_prior", f"unknown clause {reference!r}")
        elif reference == clause.code:
            section.refuse("requires_prior", f"{clause.code} requires itself")
'''

# ============================== scoring.policy.rulebook_ladder
SOURCES['scoring.policy.rulebook_ladder'] = r'''"""Reading the ladder of a pack: reminders, suspension, the full tier; no total may fall into a gap or on
two rows.
"""

from __future__ import annotations

from scoring.policy.rulebook_parts import (
    FullMeasure,
    FullRule,
    FurtherPoints,
    MeasureKind,
    Measures,
    MonthsRow,
    ReminderKind,
    ReminderTier,
    SuspendRule,
)
from scoring.policy.section import Section, is_whole

SAME = "same"


def read_measures(section: Section) -> Measures:
    """The whole ladder; complains where suspension and full tier do not adjoin."""
    section.know_only(("reminders", "suspend", "full"))
    full = _full(section.section("full"))
    suspend = _suspend(section.section("suspend"), full.at)
    return Measures(_reminders(section, full.at), suspend, full)


def _reminders(section: Section, full_at: int) -> tuple[ReminderTier, ...]:
    tiers: list[ReminderTier] = []
    for tier in section.sections("reminders"):
        tier.know_only(("at", "kind"))
        read = ReminderTier(tier.whole("at"), tier.choice("kind", ReminderKind))
        if read in tiers:
            tier.refuse("at", f"a second {read.kind} at {read.at} points")
        if read.at > full_at:
            tier.refuse("at", f"lies above measures.full.at = {full_at}")
        tiers.append(read)
    return tuple(sorted(tiers, key=lambda t: t.at))


def _full(section: Section) -> FullRule:
    section.know_only(("at", "cumulative", "single"))
    return FullRule(
        section.whole("at", minimum=2),
        _full_measure(section.section("cumulative")),
        _full_measure(section.section("single")),
    )


def _full_measure(section: Section) -> FullMeasure:
    section.know_only(("kind",), ("years", "months"))
    if section.items and len({"years", "months"} & section.items.keys()) != 1:
        section.refuse("kind", "needs either years or months")
    kind = section.choice("kind", MeasureKind)
    if "years" in section.items:
        return FullMeasure(kind, section.whole("years"), None)
    return FullMeasure(kind, None, section.whole("months"))


def _suspend(section: Section, full_at: int) -> SuspendRule:
    section.know_only(("at", "months", "further_points"))
    at = section.whole("at")
    if at >= full_at:
        section.refuse("at", f"has to lie below measures.full.at = {full_at}, got {at}")
    months = section.section("months")
    months.know_only(("cumulative", "single"))
    cumulative = _table(months.section("cumulative"), at, full_at)
    single = None
    if months.items.get("single") != SAME and "single" in months.items:
        if months.has("single"):
            single = _table(months.section("single"), at, full_at)
        else:
            months.refuse("single", f"has to be {SAME} or a table of months")
    return SuspendRule(at, cumulative, single, section.choice("further_points", FurtherPoints))


def _table(section: Section, at: int, full_at: int) -> dict[int, MonthsRow]:
    rows: dict[int, MonthsRow] = {}
    for key in section.items:
        if not key.isdecimal() or str(int(key)) != key:
            section.refuse(key, "a row has to be named by its points, a whole number")
            continue
        rows[int(key)] = _row(section.section(key))
    _ensure_covered(section, rows, at, full_at)
    return rows


def _row(section: Section) -> MonthsRow:
    section.know_only(("range", "default"))
    low, high = section.pair("range")
    default = section.whole("default")
    complete = is_whole(section.items.get("default")) and "range" in section.items
    if complete and not low <= default <= high:
        section.refuse("default", f"lies outside its range {low}–{high}: {default}")
    return MonthsRow(low, high, default)


def _ensure_covered(section: Section, rows: dict[int, MonthsRow], at: int, full_at: int) -> None:
    """Every total from suspend.at to just below full.at has its row, and no other total has one."""
    for points in rows:
        if points < at:
            section.refuse(str(points), f"lies below measures.suspend.at = {at}")
        elif points >= full_at:
            section.refuse(str(points), f"overlaps the full tier, which begins at measures.full.at = {full_at}")
    missing = [points for points in range(at, full_at) if points not in rows]
    for first, last in _runs(missing):
        interval = f"{first}" if first == last else f"{first}–{last}"
        end = full_at - 1
        section.refuse_whole(f"no row for {interval}: the table has to cover {at}–{end}")


def _runs(points: list[int]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for point in points:
        if runs and runs[-1][1] == point - 1:
            runs[-1] = (runs[-1][0], point)
        else:
            runs.append((point, point))
    return runs
'''

# ============================== scoring.policy.rulebook_parts
SOURCES['scoring.policy.rulebook_parts'] = r'''"""The parts a rulebook is made of, as plain frozen values.

A rulebook is the law as data: every threshold, month, day-count and switch that the policy uses is a
field here, read from a pack (`docs/rulebooks.md`) and never a constant in code. Mappings are typed
read-only. The words are those of `docs/glossary.md`; the wire values of the enumerations are the words
written in the packs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Category(StrEnum):
    """Kinds of related persons (相关人员) that a jurisdiction can put in scope."""

    PHYSICIAN = "physician"
    NURSE = "nurse"
    PHARMACIST = "pharmacist"
    TECHNICIAN = "technician"
    FEE_REVIEWER = "fee_reviewer"
    PHARMACY_PRINCIPAL = "pharmacy_principal"


class BasisKind(StrEnum):
    """Kinds of decision (处理依据) on which points can rest."""

    ADMINISTRATIVE_PENALTY = "administrative_penalty"
    AGREEMENT_HANDLING = "agreement_handling"
    CIRCULAR = "circular"
    OTHER_AUTHORITY_DECISION = "other_authority_decision"


class Degree(StrEnum):
    """Degrees of responsibility (责任程度), in rising order."""

    GENERAL = "general"
    IMPORTANT = "important"
    PRINCIPAL = "principal"


class Cycle(StrEnum):
    """How long points stay on the account; the national rule is the calendar year in Asia/Shanghai."""

    CALENDAR_YEAR = "calendar_year"


class PointsDatedBy(StrEnum):
    """Which date of a decision places its points in a year: of the basis, or of service (effect)."""

    BASIS = "basis"
    EFFECTIVE = "effective"


class SameConduct(StrEnum):
    """How several lines about one act count: once at the highest, or added."""

    HIGHEST = "highest"
    SUM = "sum"


class SingleScope(StrEnum):
    """What "in one go" means: the whole decision, or its largest conduct."""

    DECISION = "decision"
    CONDUCT = "conduct"


class ReminderKind(StrEnum):
    """Measures that warn and change no status: talk, interview, key supervision."""

    REMIND = "remind"
    INTERVIEW = "interview"
    KEY_SUPERVISION = "key_supervision"


class FurtherPoints(StrEnum):
    """What more points do while or after a suspension of the same year: top it up, or start a full one."""

    TOP_UP = "top_up"
    RESTART = "restart"


class MeasureKind(StrEnum):
    """Measures that change the payment-qualification status."""

    SUSPEND = "suspend"
    TERMINATE = "terminate"


class EffectStarts(StrEnum):
    """From which day a measure runs, counted from the day the decision took effect."""

    DECISION_DAY = "decision_day"
    NEXT_DAY = "next_day"
    NEXT_MONTH = "next_month"


class TerminationEnd(StrEnum):
    """How a bar ends: on a new registration with a new commitment, or by itself."""

    APPLICATION = "application"
    AUTOMATIC = "automatic"


class AlertProposal(StrEnum):
    """What is proposed against an institution with too large a share of its staff under a measure."""

    SUSPEND_SETTLEMENT = "suspend_settlement"
    SUSPEND_AGREEMENT = "suspend_agreement"


class PublicationMode(StrEnum):
    """How far the public may look: see the table of modes in `docs/rulebooks.md`."""

    OPEN = "open"
    CONFIRM = "confirm"
    STATUS_ONLY = "status_only"
    CLOSED = "closed"


class PublishAfter(StrEnum):
    """When a decision may appear in public."""

    EFFECTIVE = "effective"


class SuspendDisplay(StrEnum):
    """How long a suspension is shown."""

    UNTIL_END = "until_end"


class TerminateDisplay(StrEnum):
    """How long a termination is shown."""

    UNTIL_REREGISTRATION = "until_reregistration"


class EntriesDisplay(StrEnum):
    """How long the entries behind the points are shown."""

    UNTIL_YEAR_END = "until_year_end"


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a parameter comes from: the `source` text, or an `assumption` that must be shown as one, and
    a `note`.
    """

    source: str = ""
    assumption: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Assumption:
    """A parameter (its `path` in the pack) that no text known to us fixes, and why the value was taken."""

    path: str
    note: str


@dataclass(frozen=True, slots=True)
class Band:
    """Lowest and highest points of a clause for one occurrence, both inclusive."""

    minimum: int
    maximum: int

    def allows(self, points: int) -> bool:
        """Whether `points` lie inside the band."""
        return self.minimum <= points <= self.maximum


@dataclass(frozen=True, slots=True)
class Clause:
    """One item of the negative list (负面清单).

    `basis` names the kinds of decision it accepts, `articles` those of the fund Regulation (条例) it refers
    to, `degrees` the suggested points by degree of responsibility, `requires_prior` the clause codes or
    band letters of which one must already have been scored in the year (a repeat).
    """

    code: str
    band: Band
    title: str
    title_en: str
    basis: tuple[BasisKind, ...]
    articles: tuple[int, ...]
    degrees: Mapping[Degree, int]
    requires_prior: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReminderTier:
    """At this total of a year the reminder of this kind fires, once per person and year."""

    at: int
    kind: ReminderKind


@dataclass(frozen=True, slots=True)
class MonthsRow:
    """Months of suspension at one total: the officer's range, both ends inclusive, and the default."""

    minimum: int
    maximum: int
    default: int

    def allows(self, months: int) -> bool:
        """Whether `months` lie inside the officer's range."""
        return self.minimum <= months <= self.maximum


@dataclass(frozen=True, slots=True)
class SuspendRule:
    """The suspension ladder: from `at` points to just below the full tier.

    `single` is the table for points given in one go, or None where it is the same as `cumulative`.
    """

    at: int
    cumulative: Mapping[int, MonthsRow]
    single: Mapping[int, MonthsRow] | None
    further_points: FurtherPoints


@dataclass(frozen=True, slots=True)
class FullMeasure:
    """What the full tier imposes: a kind and its length, in years or in months as the pack writes it."""

    kind: MeasureKind
    years: int | None
    months: int | None

    @property
    def length_months(self) -> int:
        """The length in months, whichever way the pack writes it."""
        return (self.years or 0) * 12 + (self.months or 0)


@dataclass(frozen=True, slots=True)
class FullRule:
    """The full tier: from `at` points, reached over the year (`cumulative`) or in one go (`single`)."""

    at: int
    cumulative: FullMeasure
    single: FullMeasure


@dataclass(frozen=True, slots=True)
class Measures:
    """The whole ladder of a rulebook."""

    reminders: tuple[ReminderTier, ...]
    suspend: SuspendRule
    full: FullRule


@dataclass(frozen=True, slots=True)
class RepairRule:
    """Earning points back: `points` per effective participation, at most `cap_per_year`, and who is
    excluded.
    """

    points: int
    cap_per_year: int
    excluded_single_full: bool
    excluded_articles: frozenset[int]


@dataclass(frozen=True, slots=True)
class AppealRule:
    """The course of an appeal, in working days counted from the day after each event.

    `decide` from filing to the outcome; `answer` for a question to the person, which stops the clock no longer; after
    `silence` without an outcome, and for `second_level` after a refusal, the person may go to the second level.
    """

    decide_working_days: int
    answer_working_days: int
    silence_working_days: int
    second_level_working_days: int


@dataclass(frozen=True, slots=True)
class ServiceRule:
    """Ways of service that take time: a letter made public is served this many days after its publication."""

    public_notice_days: int


@dataclass(frozen=True, slots=True)
class HoldRule:
    """Decisions that lead to one of these measures wait for another officer's release, due in so many working days."""

    measures: tuple[MeasureKind, ...]
    release_working_days: int


@dataclass(frozen=True, slots=True)
class InstitutionAlert:
    """From this share of an institution's staff under a measure in the year, this is proposed against it."""

    share: Decimal
    proposal: AlertProposal


@dataclass(frozen=True, slots=True)
class Display:
    """How long each thing stays on the public page."""

    suspend: SuspendDisplay
    terminate: TerminateDisplay
    entries: EntriesDisplay


@dataclass(frozen=True, slots=True)
class Publication:
    """What a stranger may see, from when, and for how long; `points` says whether the total is shown."""

    mode: PublicationMode
    points: bool
    publish_after: PublishAfter
    display: Display
'''

# ============================== scoring.policy.rulebook_resolve
SOURCES['scoring.policy.rulebook_resolve'] = r'''"""From a pack as written to a pack that stands by itself.

`extends` is merged in: mappings key by key, lists replaced, a mapping with a `kind` replaced whole. What
describes the pack itself (its name, dates and source) is never inherited. Every parameter keeps the
provenance that the pack which wrote it gave, so an assumption stays one wherever it is inherited. The
result is plain JSON and has one digest.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping

from scoring.policy.place import Complaint, Complaints, items_by_name
from scoring.policy.plain_json import Json, as_json

NATIONAL = "national"
HEADER = frozenset(
    {
        *("id", "jurisdiction", "version", "effective_from", "title", "title_en"),
        *("source", "assumption", "note", "repeal", "extends", "provenance"),
    }
)
PROVENANCE_KEYS = frozenset({"source", "assumption", "note"})
# Of the header only the date is a parameter of the law; the rest names the pack.
PARAMETER_HEADER = frozenset({"effective_from"})

Entries = dict[str, Json]


class RulebookErrors(Complaints):
    """A pack was refused; `errors` says where and why, all at once."""


def resolve(data: Mapping[str, object], base: Mapping[str, object] | None = None) -> Json:
    """The pack with everything inherited from `base` (itself resolved or complete) in it, as JSON values.

    Refuses (`RulebookErrors`) values that are no JSON, a provenance that is none, and an `extends`
    without its base. Resolving what is resolved changes nothing.
    """
    errors: list[Complaint] = []
    resolved = resolve_into(data, base, errors)
    if errors:
        raise RulebookErrors(errors)
    return resolved


def digest(resolved: Mapping[str, object]) -> str:
    """SHA-256, in hex, of the canonical JSON (sorted keys, no spaces, UTF-8) of a resolved pack."""
    text = json.dumps(resolved, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def resolve_into(data: Mapping[str, object], base: Mapping[str, object] | None, errors: list[Complaint]) -> Json:
    """As `resolve`, but adds to `errors` and goes on, so that every error of a pack can be told at once."""
    own, inline = _without_inline(as_json(data, errors), errors)
    explicit = _explicit_provenance(own, inline, errors)
    inherited: Json = {}
    inherited_entries: Entries = {}
    if _needs_base(own, base, errors) and base is not None:
        inherited = resolve_into(base, None, errors)
        inherited_entries = entries_of(inherited)
    parameters = merge(_parameters(inherited), _parameters(own))
    header = {key: value for key, value in own.items() if key in HEADER - {"extends", "provenance"}}
    resolved: Json = {**parameters, **header}
    written_here = dict(leaves(own))
    own_entries = {**inline, **explicit, **_root_entry(own)}
    found: Entries = {}
    for path, _ in leaves(resolved):
        if path in written_here:
            entry = entry_for(own_entries, path)
        else:
            entry = entry_for(explicit, path) or entry_for(inherited_entries, path)
        if entry is None:
            errors.append(Complaint(path, "has neither a source nor assumption: true"))
        else:
            found[path] = entry
    for path in explicit:
        if not any(leaf == path or leaf.startswith(f"{path}.") for leaf in found):
            errors.append(Complaint(f"provenance.{path}", "names no parameter of this pack"))
    resolved["provenance"] = _gathered(parameters, found)
    return resolved


def merge(below: Json, above: Json) -> Json:
    """`above` laid over `below`: mappings key by key, lists and mappings with a `kind` replaced whole."""
    merged = dict(below)
    for key, value in above.items():
        under = merged.get(key)
        if isinstance(value, dict) and isinstance(under, dict) and "kind" not in value and "kind" not in under:
            merged[key] = merge(under, value)
        else:
            merged[key] = value
    return merged


def leaves(pack: Json) -> Iterator[tuple[str, object]]:
    """Every parameter of a pack with its dotted path; a list of plain values is one parameter."""
    for key, value in pack.items():
        if key not in HEADER or key in PARAMETER_HEADER:
            yield from _leaves(value, key)


def _leaves(value: object, path: str) -> Iterator[tuple[str, object]]:
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            yield from _leaves(inner, f"{path}.{key}")
    elif isinstance(value, list) and any(isinstance(item, dict) for item in value):
        for segment, item in items_by_name(value):
            yield from _leaves(item, f"{path}.{segment}")
    else:
        yield path, value


def entry_for(entries: Entries, path: str) -> Json | None:
    """The provenance entry of a path: the one with the longest path that begins it."""
    while path:
        if path in entries:
            return entries[path]
        path = path.rpartition(".")[0]
    return entries.get("")


def _needs_base(own: Json, base: Mapping[str, object] | None, errors: list[Complaint]) -> bool:
    """Whether the pack stands on another; a repeal stands on what it falls back to, since it has no rules
    to state.
    """
    extends = own.get("extends")
    if extends is None:
        return own.get("repeal") is True and base is not None
    if extends != NATIONAL:
        errors.append(Complaint("extends", f"only {NATIONAL} can be extended, got {extends!r}"))
        return False
    if base is None:
        since = own.get("effective_from", "its effective_from")
        errors.append(Complaint("extends", f"no version of {NATIONAL} is in force on {since}"))
        return False
    return True


def _parameters(pack: Json) -> Json:
    return {key: value for key, value in pack.items() if key not in HEADER}


def entries_of(resolved: Json) -> Entries:
    """The provenance of a resolved pack by path, with the pack's own under the empty path."""
    provenance = resolved.get("provenance")
    entries = {k: v for k, v in provenance.items() if isinstance(v, dict)} if isinstance(provenance, dict) else {}
    return {**entries, **_root_entry(resolved)}


def _root_entry(pack: Json) -> Entries:
    root: Json = {key: value for key, value in pack.items() if key in PROVENANCE_KEYS}
    return {"": root} if root.get("source") or root.get("assumption") is True else {}


def _explicit_provenance(own: Json, inline: Entries, errors: list[Complaint]) -> Entries:
    written = own.get("provenance", {})
    if not isinstance(written, dict):
        errors.append(Complaint("provenance", "has to be a mapping of paths"))
        return {}
    entries: Entries = {}
    for path, entry in written.items():
        place = f"provenance.{path}"
        if not isinstance(entry, dict) or not entry.keys() <= PROVENANCE_KEYS:
            errors.append(Complaint(place, "has to be {source: …} or {assumption: true, note: …}"))
        elif path in inline:
            errors.append(Complaint(place, "the provenance of this place is written twice"))
        else:
            _check_entry(entry, place, errors)
            entries[path] = entry
    return entries


def _check_entry(entry: Json, place: str, errors: list[Complaint]) -> None:
    for key in ("source", "note"):
        if key in entry and not (isinstance(entry[key], str) and entry[key]):
            errors.append(Complaint(f"{place}.{key}", "has to be a text"))
    if entry.get("assumption", True) is not True:
        errors.append(Complaint(f"{place}.assumption", "can only be true; leave it out otherwise"))
    if "source" not in entry and "assumption" not in entry:
        errors.append(Complaint(place, "needs a source or assumption: true"))


def _without_inline(pack: Json, errors: list[Complaint]) -> tuple[Json, Entries]:
    """The pack without the provenance that mappings inside it carry, and that provenance by path."""
    entries: Entries = {}
    _check_root(pack, errors)
    cleaned: Json = {key: value if key in HEADER else _lift(value, key, entries, errors) for key, value in pack.items()}
    return cleaned, entries


def _check_root(pack: Json, errors: list[Complaint]) -> None:
    root = {key: pack[key] for key in PROVENANCE_KEYS if key in pack}
    for key in ("source", "note"):
        if key in root and not (isinstance(root[key], str) and root[key]):
            errors.append(Complaint(key, "has to be a text"))
    if root.get("assumption", True) is not True:
        errors.append(Complaint("assumption", "can only be true; leave it out otherwise"))


def _lift(value: object, path: str, entries: Entries, errors: list[Complaint]) -> object:
    if isinstance(value, list):
        return [_lift(item, f"{path}.{segment}", entries, errors) for segment, item in items_by_name(value)]
    if not isinstance(value, dict):
        return value
    carried = {key: inner for key, inner in value.items() if key in PROVENANCE_KEYS}
    if carried:
        _check_entry(carried, path, errors)
        entries[path] = carried
    return {
        key: _lift(inner, f"{path}.{key}", entries, errors)
        for key, inner in value.items()
        if key not in PROVENANCE_KEYS
    }


def _gathered(parameters: Json, found: Entries) -> Json:
    """The entries of single parameters, gathered at the highest place below which all agree."""
    gathered: Json = {}
    if "effective_from" in found:
        gathered["effective_from"] = found["effective_from"]
    for key, value in parameters.items():
        _gather(value, key, found, gathered)
    return gathered


def _gather(value: object, path: str, found: Entries, gathered: Json) -> None:
    below = [found[leaf] for leaf, _ in _leaves(value, path) if leaf in found]
    if below and all(entry == below[0] for entry in below):
        gathered[path] = below[0]
    elif isinstance(value, dict):
        for key, inner in value.items():
            _gather(inner, f"{path}.{key}", found, gathered)
    elif isinstance(value, list):
        for segment, item in items_by_name(value):
            _gather(item, f"{path}.{segment}", found, gathered)
'''

# ============================== scoring.policy.section
SOURCES['scoring.policy.section'] = r'''"""Reading one mapping of a file: the right types at known keys, every complaint with its path.

Reading goes on after a complaint with a value that fits the type, so that all errors are found in one
pass; what was read is thrown away when there was any.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from enum import StrEnum
from typing import TypeGuard, TypeVar

from scoring.policy.place import Complaint, items_by_name

Choice = TypeVar("Choice", bound=StrEnum)


@dataclass(frozen=True)
class Section:
    """One mapping of JSON values, at `path` (empty for the whole)."""

    items: dict[str, object]
    path: str
    errors: list[Complaint]

    @staticmethod
    def of(value: object, path: str, errors: list[Complaint]) -> Section:
        """The section at `path`; anything but a mapping is complained of and read as empty."""
        if isinstance(value, dict):
            return Section(value, path, errors)
        errors.append(Complaint(path, f"has to be a mapping, got {_shown(value)}"))
        return Section({}, path, [])  # the complaint about the whole says enough

    def at(self, key: str) -> str:
        """The path of a key here."""
        return f"{self.path}.{key}" if self.path else key

    def refuse(self, key: str, reason: str) -> None:
        """Complain about a key here."""
        self.errors.append(Complaint(self.at(key), reason))

    def refuse_whole(self, reason: str) -> None:
        """Complain about this section itself."""
        self.errors.append(Complaint(self.path, reason))

    def know_only(self, required: Iterable[str], optional: Iterable[str] = ()) -> None:
        """Refuse keys that mean nothing here, and the absence of those that have to be here."""
        needed = list(required)
        known = {*needed, *optional}
        for key in self.items:
            if key not in known:
                near = get_close_matches(key, known, n=1)
                self.refuse(key, "unknown key" + (f"; did you mean {near[0]}?" if near else ""))
        for key in needed:
            if key not in self.items:
                self.refuse(key, "is missing")

    def text(self, key: str, *, empty: bool = False) -> str:
        """A text, not empty unless `empty`."""
        value = self.items.get(key, "")
        if isinstance(value, str) and (value.strip() or empty):
            return value
        if key in self.items:
            hint = " (put it in quotes)" if isinstance(value, int) else ""
            self.refuse(key, f"has to be a text, got {_shown(value)}{hint}")
        return ""

    def flag(self, key: str) -> bool:
        """true or false; absent counts as false."""
        value = self.items.get(key, False)
        if isinstance(value, bool):
            return value
        self.refuse(key, f"has to be true or false, got {_shown(value)}")
        return False

    def whole(self, key: str, minimum: int = 1) -> int:
        """A whole number of at least `minimum`."""
        value = self.items.get(key)
        if key not in self.items:
            return minimum
        if is_whole(value) and value >= minimum:
            return value
        self.refuse(key, f"has to be a whole number of at least {minimum}, got {_shown(value)}")
        return minimum

    def day(self, key: str) -> date:
        """A date, as ISO text."""
        value = self.items.get(key)
        if key not in self.items:
            return date.min
        try:
            return date.fromisoformat(value) if isinstance(value, str) else _not_a_day()
        except ValueError:
            self.refuse(key, f"has to be a date like 2025-03-01, got {_shown(value)}")
            return date.min

    def choice(self, key: str, among: type[Choice]) -> Choice:
        """One word of an enumeration."""
        value = self.items.get(key)
        words = [str(word) for word in among]
        if isinstance(value, str) and value in words:
            return among(value)
        if key in self.items:
            self.refuse(key, f"has to be one of {', '.join(words)}; got {_shown(value)}")
        return next(iter(among))

    def choices(self, key: str, among: type[Choice]) -> tuple[Choice, ...]:
        """A list, not empty, of different words of an enumeration."""
        words = [str(word) for word in among]
        value = self.items.get(key)
        if key not in self.items:
            return ()
        if not isinstance(value, list) or not value:
            self.refuse(key, f"has to be a list of {', '.join(words)}; got {_shown(value)}")
            return ()
        for word in value:
            if word not in words:
                self.refuse(key, f"has to hold only {', '.join(words)}; got {_shown(word)}")
        if len({str(word) for word in value}) < len(value):
            self.refuse(key, "names one word twice")
        return tuple(among(word) for word in value if word in words)

    def wholes(self, key: str) -> tuple[int, ...]:
        """A list of different whole numbers of at least 1; absent counts as empty."""
        value = self.items.get(key, [])
        numbers = [x for x in value if is_whole(x) and x >= 1] if isinstance(value, list) else []
        if not isinstance(value, list) or len(numbers) < len(value):
            self.refuse(key, f"has to be a list of whole numbers of at least 1, got {_shown(value)}")
        elif len(set(numbers)) < len(numbers):
            self.refuse(key, "names one number twice")
        return tuple(numbers)

    def pair(self, key: str, minimum: int = 1) -> tuple[int, int]:
        """[lowest, highest], two whole numbers in rising order, both inclusive."""
        value = self.items.get(key)
        if key not in self.items:
            return minimum, minimum
        if isinstance(value, list) and len(value) == 2:
            low, high = value
            if is_whole(low) and is_whole(high) and minimum <= low <= high:
                return low, high
        self.refuse(key, f"has to be [lowest, highest] with {minimum} ≤ lowest ≤ highest, got {_shown(value)}")
        return minimum, minimum

    def section(self, key: str) -> Section:
        """The mapping below a key."""
        if key not in self.items:
            return Section({}, self.at(key), [])  # its absence was complained of already
        return Section.of(self.items[key], self.at(key), self.errors)

    def sections(self, key: str) -> list[Section]:
        """The mappings of the list below a key, each with its name in the path."""
        value = self.items.get(key, [])
        if not isinstance(value, list):
            self.refuse(key, f"has to be a list, got {_shown(value)}")
            return []
        return [Section.of(item, self.at(f"{key}.{name}"), self.errors) for name, item in items_by_name(value)]

    def has(self, key: str) -> bool:
        """Whether the key is here with a value of the kind that can be read on (a mapping)."""
        return isinstance(self.items.get(key), dict)


def is_whole(value: object) -> TypeGuard[int]:
    """Whether a value is a whole number; true and false are not numbers."""
    return isinstance(value, int) and not isinstance(value, bool)


def _not_a_day() -> date:
    raise ValueError("not a text")


def _shown(value: object) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, dict):
        return "a mapping"
    return repr(value) if not isinstance(value, bool) else str(value).lower()
'''

# ============================== scoring.policy.spans
SOURCES['scoring.policy.spans'] = r'''"""Runs of days as (first, last) pairs, both included."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from scoring.policy.terms import ONE_DAY

Span = tuple[date, date]


def joined(spans: Iterable[Span]) -> list[Span]:
    """The same days as few runs in order: overlapping and adjoining runs become one."""
    result: list[Span] = []
    for first, last in sorted(s for s in spans if s[0] <= s[1]):
        if result and first <= result[-1][1] + ONE_DAY:
            result[-1] = (result[-1][0], max(result[-1][1], last))
        else:
            result.append((first, last))
    return result


def intersection(spans: Iterable[Span], cover: Iterable[Span]) -> list[Span]:
    """The days that are in both."""
    covers = joined(cover)
    return joined(
        (max(first, c_first), min(last, c_last))
        for first, last in spans
        for c_first, c_last in covers
        if max(first, c_first) <= min(last, c_last)
    )


def up_to(spans: Iterable[Span], day: date) -> list[Span]:
    """The days not after ``day``."""
    return [(first, min(last, day)) for first, last in spans if first <= day]


def after(spans: Iterable[Span], day: date) -> list[Span]:
    """The days after ``day``."""
    return [(max(first, day + ONE_DAY), last) for first, last in spans if last > day]


def count(spans: Iterable[Span]) -> int:
    """How many days there are."""
    return sum((last - first).days + 1 for first, last in spans)


def first_days(spans: Iterable[Span], days: int) -> list[Span]:
    """The first ``days`` days of the runs."""
    runs = joined(spans)
    return without_last(runs, count(runs) - days)


def without_last(spans: Iterable[Span], days: int) -> list[Span]:
    """The same runs with their last ``days`` days taken off."""
    result = list(spans)
    while result and days > 0:
        first, last = result.pop()
        length = (last - first).days + 1
        if length > days:
            result.append((first, last - timedelta(days=days)))
        days -= length
    return result
'''

# ============================== scoring.policy.terms
SOURCES['scoring.policy.terms'] = r'''"""Date arithmetic of measures: when one starts and what its last day is.

Months are calendar months counted from the day before the start (Civil Code art. 200–202): the last
day is the day of that number, or the month's last day where there is none.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Term:
    """A run of days, both ends included, with the anchor from which its months were counted."""

    starts_on: date
    ends_on: date
    anchor: date


def add_months(day: date, months: int) -> date:
    """The day ``months`` calendar months later, or that month's last day where there is none."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def normal_start(effect_starts: str, effective_on: date) -> tuple[date, date]:
    """(first day, anchor) of a measure that starts normally after a decision effective that day."""
    if effect_starts == "decision_day":
        return effective_on, effective_on
    if effect_starts == "next_day":
        return effective_on + ONE_DAY, effective_on
    if effect_starts == "next_month":
        first = add_months(effective_on.replace(day=1), 1)
        return first, first - ONE_DAY
    raise ValueError(f"unknown effect_starts: {effect_starts!r}")


def last_day(effect_starts: str, starts_on: date, anchor: date, months: int) -> date:
    """The last day of ``months`` months; whole months under next_month from the first of a month."""
    if effect_starts == "next_month" and starts_on.day == 1:
        return add_months(starts_on, months) - ONE_DAY
    return add_months(anchor, months)


def term(effect_starts: str, effective_on: date, months: int, not_before: date | None = None) -> Term:
    """The term of a measure of ``months`` months.

    ``not_before`` is the earliest first day (the day after an earlier suspension of the same year
    ends); the normal start counts where it is later.
    """
    starts_on, anchor = normal_start(effect_starts, effective_on)
    if not_before is not None and not_before > starts_on:
        starts_on, anchor = not_before, not_before - ONE_DAY
    return Term(starts_on, last_day(effect_starts, starts_on, anchor, months), anchor)
'''


class Sources(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports the modules above, and nothing of their names from anywhere else."""

    def find_spec(self, name, path=None, target=None):
        if name in SOURCES:
            return importlib.util.spec_from_loader(name, self)
        packages = {part for known in SOURCES for part in (known.rpartition(".")[0], known.partition(".")[0])}
        return importlib.util.spec_from_loader(name, self, is_package=True) if name in packages else None

    def exec_module(self, module):
        exec(compile(SOURCES.get(module.__name__, ""), module.__name__, "exec"), module.__dict__)


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    sys.meta_path.insert(0, Sources())
    from scoring.letter_check.alone import main

    sys.exit(main())
