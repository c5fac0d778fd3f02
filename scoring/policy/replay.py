"""The replay: from the events of one person to the account (§5 items 2–10).

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
