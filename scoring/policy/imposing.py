"""Measures while a replay is under way: imposed by awards, then cut by repairs and stays."""

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
