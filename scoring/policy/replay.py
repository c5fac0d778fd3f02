"""The replay: from the events of one person to the account (§5 items 2–10).

``replay`` takes every event that is known, in any order. Each is settled in the order of posting
(``posting``); what then stands is run in the order of dates, and within one day in the order of
posting, as though no corrected award had ever been.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from scoring.policy.account import Account, Credit, Refusal, ReminderFired, TraceLine
from scoring.policy.events import Award, Dismissal, Event, Repair, Reregistration, Stay
from scoring.policy.imposing import Imposed
from scoring.policy.measuring import consequence_of
from scoring.policy.posting import Replayed, Standing, post
from scoring.policy.repairing import credit_of, retier


def replay(events: Iterable[Event]) -> Account:
    """The account that follows from ``events``; order of ``seq`` is the order of posting."""
    return _run(settle(events)).account


def settle(events: Iterable[Event]) -> Standing:
    """What stands after all ``events`` were posted, and what was settled at each posting."""
    standing = Standing()
    for event in sorted(events, key=lambda e: e.seq):
        post(standing, event, _run)
    return standing


def _run(standing: Standing) -> Replayed:
    """Run what stands in the order of dates."""
    run = Run(standing)
    for event in _by_date(standing):
        match event:
            case Award():
                run.award(event)
            case Repair():
                run.repair(event)
            case Stay() | Dismissal():
                run.stay(event)
            case Reregistration():
                run.reregistration(event)
    rows = {m.award.ref: m.row for m in run.imposed if m.row is not None}
    waiting = {m.award.ref: m.unserved for m in run.imposed if m.unserved}
    return Replayed(run.account(), rows, waiting)


def _by_date(standing: Standing) -> Sequence[Award | Repair | Stay | Dismissal | Reregistration]:
    events: list[Award | Repair | Stay | Dismissal | Reregistration] = [
        *standing.awards.values(),
        *standing.repairs,
        *standing.stays,
        *standing.reregistrations,
    ]
    return sorted(events, key=lambda e: (e.on, e.seq))


class Run:
    """One pass over what stands, in the order of dates."""

    def __init__(self, standing: Standing) -> None:
        self.standing = standing
        self.awards: list[Award] = []
        self.credits: list[Credit] = []
        self.credit_eras: list[int] = []
        self.imposed: list[Imposed] = []
        self.reminders: list[ReminderFired] = []
        self.refusals: list[Refusal] = list(standing.refusals)
        self.trace: list[TraceLine] = []

    def total(self, year: int) -> int:
        """T(Y) so far, as shown: every standing award less every credit of the year."""
        awarded = sum(a.points for a in self.awards if a.year == year)
        return awarded - sum(c.points for c in self.credits if c.year == year)

    def measure_total(self, year: int, era: int) -> int:
        """T(Y) for measures and reminders: only what was posted since the latest re-registration."""
        awarded = sum(a.points for a in self.awards if a.year == year and self.standing.era(a.seq) == era)
        credited = sum(
            c.points
            for c, credit_era in zip(self.credits, self.credit_eras, strict=True)
            if c.year == year and credit_era == era
        )
        return max(0, awarded - credited)

    def award(self, award: Award) -> None:
        """Count the award, fire the reminders it passes, impose what it causes."""
        era = self.standing.era(award.seq)
        before = self.measure_total(award.year, era)
        self.awards.append(award)
        total = self.measure_total(award.year, era)
        imposed, trace = consequence_of(award, total, era, self.imposed, self.standing)
        if imposed is not None:
            self.imposed.append(imposed)
        self.trace.append(trace)
        self._remind(award, before, total)

    def _remind(self, award: Award, before: int, total: int) -> None:
        fired = {(r.year, r.at, r.kind) for r in self.reminders}
        for tier in award.rulebook.measures.reminders:
            if total < tier.at or (award.year, tier.at, tier.kind) in fired:
                continue
            self.reminders.append(ReminderFired(award.ref, award.on, award.year, tier.at, tier.kind))
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
        decided, trace = credit_of(repair, self.imposed, self.standing.caps, self.awards, self.credits, self.total)
        self.trace.append(trace)
        if isinstance(decided, Refusal):
            self.refusals.append(decided)
            return
        era = self.standing.era(repair.seq)
        self.credits.append(decided)
        self.credit_eras.append(era)
        total = self.measure_total(decided.year, era)
        suspensions = [m for m in self.imposed if m.year == decided.year and m.era == era]
        self.trace += retier(repair, decided.year, total, suspensions)

    def stay(self, event: Stay | Dismissal) -> None:
        """Stop or resume the measures of the award under appeal."""
        for measure in self.imposed:
            if measure.award.ref != event.award:
                continue
            if isinstance(event, Stay):
                measure.stay(event.on)
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
