"""What would follow from what a person may do, or may suffer, next (M7): the same replay, nothing written.

Each scenario adds hypothetical events to those on record and replays. So it says what really doing it would say, on
the day asked for and with everything recorded so far; a test holds every one of them to that.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from institutions.models import Institution, Practitioner
from institutions.selectors.practitioners import institutions_to_tell, sites_on, surviving
from scoring.errors import NoRulebook
from scoring.models import PointsEntry
from scoring.policy.account import Account, Refusal, Status
from scoring.policy.events import Award, Event, Repair, Reregistration, Reversal
from scoring.policy.outcome import Outcome, StatusFrom, outcome_of
from scoring.policy.replay import replay
from scoring.policy.rulebook import Rulebook
from scoring.policy.rulebook_parts import Clause, Degree
from scoring.selectors.accounts import LoadedAccount, load_account
from scoring.selectors.rulebooks import rulebook_for

__all__ = ["Outcome", "Scenario", "ScenarioKind", "StatusFrom", "outcome_of", "what_if"]


class ScenarioKind(StrEnum):
    """What is supposed to happen."""

    APPEAL_WON = "appeal_won"  # one award is undone
    NEXT_RESET = "next_reset"  # nothing happens until the year's points are gone
    REPAIR = "repair"  # so many participations are approved today
    REREGISTRATION = "reregistration"  # the person is registered anew today
    ONE_MORE_CASE = "one_more_case"  # one more decision, general responsibility, effective today


@dataclass(frozen=True)
class Scenario:
    """One supposition and what follows. ``after`` equals ``before`` where the rules refuse it (``refusal`` says why).

    ``points`` are those that would be undone, credited or awarded; ``entry`` is the award that an appeal would undo;
    ``clause``, ``institution`` and ``rulebook`` say by which rules; ``account`` is the whole account that follows.
    """

    kind: ScenarioKind
    on: date
    before: Outcome
    after: Outcome
    points: int = 0
    times: int = 1
    refs: tuple[str, ...] = ()
    entry: PointsEntry | None = None
    clause: Clause | None = None
    institution: Institution | None = None
    rulebook: Rulebook | None = None
    refusal: Refusal | None = None
    account: Account = field(default_factory=Account, repr=False, compare=False)

    @property
    def days_until(self) -> int:
        """How many days from the day asked for to the day on which it would be so."""
        return (self.after.on - self.on).days

    @property
    def changes_anything(self) -> bool:
        """Whether points or status, on the day or later, would differ from what they are."""
        return (self.before.points, self.before.course) != (self.after.points, self.after.course)


def what_if(practitioner: Practitioner, on: date) -> list[Scenario]:
    """Every supposition open to a person on a Shanghai date (today). Reads only.

    Winning the appeal against each standing award; the next reset; each number of repairs that the rules of each of
    the person's sites accept today, or one with the reason for its refusal; re-registration of a terminated person;
    and one more decision with general responsibility in each band of the negative list of those sites.
    """
    return Supposing(surviving(practitioner), on).scenarios()


class Supposing:
    """One person's account on a day, and what is supposed to be added to it."""

    def __init__(self, practitioner: Practitioner, on: date) -> None:
        self.practitioner = practitioner
        self.on = on
        self.loaded: LoadedAccount = load_account(practitioner)
        self.before = outcome_of(self.loaded.account, on)
        self.next_seq = max((event.seq for event in self.loaded.events), default=0) + 1
        # Events carry the record they were posted on only where a person has several.
        self.record = str(practitioner.pk) if any(event.record for event in self.loaded.events) else ""

    def scenarios(self) -> list[Scenario]:
        """All of them, in the order in which a page shows them."""
        places = list(self._places())
        return [
            *self._appeals(),
            self._next_reset(),
            *(scenario for place, rulebook in places for scenario in self._repairs(place, rulebook)),
            *self._reregistration(),
            *(scenario for place, rulebook in places for scenario in self._more_cases(place, rulebook)),
        ]

    def _suppose(self, scenario: Scenario, events: Sequence[Event]) -> Scenario:
        """The scenario with what follows from the events, or with the reason why they have no effect."""
        account = replay([*self.loaded.events, *events])
        refs = tuple(event.ref for event in events)
        refusal = next((r for r in account.refusals if r.ref in refs), None)
        if refusal is not None:
            return replace(scenario, refs=refs, refusal=refusal, account=self.loaded.account)
        return replace(scenario, refs=refs, after=outcome_of(account, self.on), account=account)

    def _scenario(self, kind: ScenarioKind) -> Scenario:
        return Scenario(kind, self.on, self.before, self.before)

    def _appeals(self) -> Iterator[Scenario]:
        for award in self.loaded.account.awards:
            entry = self.loaded.entry_of[award.ref]
            reversal = Reversal(f"{entry.source_key}:reversal", self.next_seq, self.on, award.ref, award.record)
            scenario = replace(self._scenario(ScenarioKind.APPEAL_WON), points=award.points, entry=entry)
            yield self._suppose(scenario, [reversal])

    def _next_reset(self) -> Scenario:
        """Points count in the calendar year they were scored in: the next 1 January begins with those of its own."""
        account, reset_on = self.loaded.account, date(self.on.year + 1, 1, 1)
        scenario = replace(self._scenario(ScenarioKind.NEXT_RESET), points=self.before.points, account=account)
        return replace(scenario, after=outcome_of(account, reset_on))

    def _repairs(self, place: Institution, rulebook: Rulebook) -> Iterator[Scenario]:
        """One participation, two, and so on until the rules refuse; at least the refusal of the first."""
        rule = rulebook.repair
        if rule is None or not self.loaded.account.awards:
            return
        for times in range(1, rule.cap_per_year // rule.points + 1):
            repairs = [
                Repair(f"what-if:repair:{n}", self.next_seq + n, self.on, rule.points, rulebook, self.record)
                for n in range(times)
            ]
            scenario = replace(
                self._scenario(ScenarioKind.REPAIR),
                points=rule.points * times,
                times=times,
                institution=place,
                rulebook=rulebook,
            )
            supposed = self._suppose(scenario, repairs)
            if supposed.refusal is None or times == 1:
                yield supposed
            if supposed.refusal is not None:
                return

    def _reregistration(self) -> Iterator[Scenario]:
        if self.before.status.status is not Status.TERMINATED:
            return
        event = Reregistration("what-if:reregistration", self.next_seq, self.on, self.record)
        yield self._suppose(self._scenario(ScenarioKind.REREGISTRATION), [event])

    def _more_cases(self, place: Institution, rulebook: Rulebook) -> Iterator[Scenario]:
        """One decision under the first clause of each band, at the points suggested for general responsibility."""
        for clause in _first_of_each_band(rulebook):
            points = clause.degrees[Degree.GENERAL]
            award = Award(
                ref=f"what-if:{rulebook.label}:{clause.code}",
                seq=self.next_seq,
                on=self.on,
                points=points,
                scored_on=self.on,
                rulebook=rulebook,
                single_points=points,
                articles=frozenset(clause.articles),
                record=self.record,
            )
            scenario = replace(
                self._scenario(ScenarioKind.ONE_MORE_CASE),
                points=points,
                clause=clause,
                institution=place,
                rulebook=rulebook,
            )
            yield self._suppose(scenario, [award])

    def _places(self) -> Iterator[tuple[Institution, Rulebook]]:
        """The person's sites on the day, one for each rulebook in force there; else where the last award was made."""
        sites = list(sites_on(self.practitioner, self.on)) or list(institutions_to_tell(self.practitioner, self.on))
        if not sites:
            sites = [entry.institution for entry in self.loaded.entries if entry.institution is not None][-1:]
        seen: set[str] = set()
        for site in sites:
            try:
                rulebook = rulebook_for(site.region_id, self.on)
            except NoRulebook:
                continue
            if rulebook.label not in seen:
                seen.add(rulebook.label)
                yield site, rulebook


def _first_of_each_band(rulebook: Rulebook) -> Iterator[Clause]:
    """The mildest first; a clause without points for general responsibility suggests nothing."""
    seen: set[int] = set()
    suggested = [clause for clause in rulebook.clauses.values() if Degree.GENERAL in clause.degrees]
    for clause in sorted(suggested, key=lambda c: (c.band.minimum, c.code)):
        if clause.band.minimum not in seen:
            seen.add(clause.band.minimum)
            yield clause
