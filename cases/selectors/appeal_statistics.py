"""Appeal statistics: how many decisions are appealed against, how many fall, how long it takes; by region and clause.

The cohort is the decisions that reached a person within a period, and every appeal against them whenever it came. A
decision counts once in its region and once under each of its clauses; what became of it is said by its last appeal.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from statistics import median

from django.db.models import Count, F, Q, QuerySet

from cases.models import Appeal, Attribution, AttributionLine, Outcome
from cases.models.appeal_choices import DECIDED_OUTCOMES
from cases.selectors.case_files import Reader
from cases.states.appeal import State
from institutions.clock import local_date
from institutions.models import Region
from institutions.permissions import Permission, regions_for, within


@dataclass(frozen=True, slots=True)
class Row:
    """One line: the decisions of a region, of a clause, or all; rates are None where there is nothing to divide by.

    `days` is the median of calendar days from filing to an officer's outcome, of every appeal on its own.
    """

    key: str
    name: str
    decisions: int
    appealed: int
    still_open: int
    upheld: int
    overturned: int
    varied: int
    inadmissible: int
    withdrawn: int
    days: float | None

    @property
    def appeal_rate(self) -> Fraction | None:
        """Return the share of decisions that were appealed against."""
        return Fraction(self.appealed, self.decisions) if self.decisions else None

    @property
    def decided(self) -> int:
        """Return how many were decided by an officer."""
        return self.upheld + self.overturned + self.varied + self.inadmissible

    @property
    def overturn_rate(self) -> Fraction | None:
        """Return the share of decided ones in which the decision fell, whole or in part."""
        return Fraction(self.overturned + self.varied, self.decided) if self.decided else None

    @property
    def appeal_percent(self) -> str:
        """Return the appeal rate for a table."""
        return _percent(self.appeal_rate)

    @property
    def overturn_percent(self) -> str:
        """Return the overturn rate for a table."""
        return _percent(self.overturn_rate)


@dataclass(frozen=True, slots=True)
class Statistics:
    """All decisions of a period, and the same by region and by clause, in the order of their codes."""

    from_on: date
    until_on: date
    total: Row
    regions: tuple[Row, ...]
    clauses: tuple[Row, ...]

    @property
    def total_rows(self) -> tuple[Row]:
        """Return the total as a table of one line."""
        return (self.total,)


@dataclass(slots=True)
class _Tally:
    """What is counted of one group."""

    appealed: int = 0
    ends: dict[str, int] = field(default_factory=dict)
    days: list[int] = field(default_factory=list)

    def add(self, chain: "list[Appeal]") -> None:
        """Count one decision with its appeals, the last one last."""
        self.appealed += 1
        end = chain[-1].outcome or "open"
        self.ends[end] = self.ends.get(end, 0) + 1
        self.days += [
            (local_date(appeal.decided_at) - appeal.filed_on).days
            for appeal in chain
            if appeal.decided_at is not None and appeal.outcome in DECIDED_OUTCOMES
        ]

    def row(self, key: str, name: str, decisions: int) -> Row:
        """Return what was counted."""
        return Row(
            key=key,
            name=name,
            decisions=decisions,
            appealed=self.appealed,
            still_open=self.ends.get("open", 0),
            upheld=self.ends.get(Outcome.UPHELD, 0),
            overturned=self.ends.get(Outcome.OVERTURNED, 0),
            varied=self.ends.get(Outcome.VARIED, 0),
            inadmissible=self.ends.get(Outcome.INADMISSIBLE, 0),
            withdrawn=self.ends.get(Outcome.WITHDRAWN, 0),
            days=float(median(self.days)) if self.days else None,
        )


def appeal_statistics(user: Reader, *, from_on: date, until_on: date) -> Statistics:
    """Return the statistics of the decisions that reached a person from one day to another, both included.

    Only of cases in the regions over which the user may see cases.
    """
    return statistics_within(regions_for(user, Permission.CASE_VIEW), from_on=from_on, until_on=until_on)


def statistics_within(prefixes: Iterable[str], *, from_on: date, until_on: date) -> Statistics:
    """Return the same of the cases in regions whose codes begin with one of the prefixes; [""] is the whole country."""
    served = Attribution.objects.filter(within(prefixes, "case__region"), served_on__range=(from_on, until_on))
    by_region = dict(served.order_by().values_list("case__region_id").annotate(Count("pk")))
    lines = AttributionLine.objects.filter(attribution__in=served.values("pk")).order_by()
    by_clause = dict(lines.values_list("clause").annotate(Count("attribution", distinct=True)))
    total, regions, clauses = _Tally(), _tallies(by_region), _tallies(by_clause)
    clauses_of = _clauses_of(served)
    for chain in _chains(served):
        attribution = chain[0].attribution
        total.add(chain)
        regions[attribution.case.region_id].add(chain)
        for clause in clauses_of[attribution.pk]:
            clauses[clause].add(chain)
    names = dict(Region.objects.filter(pk__in=by_region).values_list("pk", "name"))
    return Statistics(
        from_on=from_on,
        until_on=until_on,
        total=total.row("", "", sum(by_region.values())),
        regions=tuple(regions[key].row(key, names[key], by_region[key]) for key in sorted(by_region)),
        clauses=tuple(clauses[key].row(key, "", by_clause[key]) for key in sorted(by_clause)),
    )


def _percent(share: Fraction | None) -> str:
    return "–" if share is None else f"{float(share * 100):.1f}%"


def _tallies(keys: Iterable[str]) -> dict[str, _Tally]:
    return {key: _Tally() for key in keys}


def _chains(served: QuerySet[Attribution]) -> "Iterable[list[Appeal]]":
    """Return the appeals against each decision that was appealed against, the last one last; moot ones do not count."""
    rows = Appeal.objects.filter(attribution__in=served.values("pk")).exclude(state=State.MOOT)
    chains: dict[object, list[Appeal]] = {}
    for appeal in rows.select_related("attribution__case").order_by("attribution_id", "level"):
        chains.setdefault(appeal.attribution_id, []).append(appeal)
    return chains.values()


def _clauses_of(served: QuerySet[Attribution]) -> dict[object, set[str]]:
    """Return the clauses of the decisions that were appealed against."""
    lines = AttributionLine.objects.filter(Q(attribution__in=served.values("pk")), ~Q(attribution__appeals=None))
    found: dict[object, set[str]] = {}
    for attribution, clause in lines.order_by().values_list(F("attribution_id"), "clause"):
        found.setdefault(attribution, set()).add(clause)
    return found
