"""What follows from a person's events: totals, measures, statuses, reminders, and the reasons."""

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
