"""Cases and points of a year by month, region, source and clause; measures in force; appeals. Added up in SQL.

Cases count in the month in which they were opened, points in the month from which they count, and only as they stand:
what was reversed is out, what was varied has its new points. A decision counts once in its region and source, and
under each of its clauses with the points of that clause.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from django.db import connection

from cases.models.appeal import OPEN_STATES
from cases.selectors.case_files import Reader
from institutions import clock
from institutions.models import Region
from institutions.permissions import Permission, regions_for

CASES = """
SELECT month, region, source, count(*), 0 FROM (
  SELECT extract(month FROM opened_at AT TIME ZONE 'Asia/Shanghai')::int AS month,
         left(region_id, %(length)s) AS region, source
  FROM cases_casefile
  WHERE opened_at >= %(starts_at)s AND opened_at < %(ends_at)s AND region_id LIKE ANY (%(prefixes)s)
) chosen GROUP BY GROUPING SETS ((month), (region), (source))
"""
STANDING = """
WITH standing AS (
  SELECT extract(month FROM e.effective_on)::int AS month, left(c.region_id, %(length)s) AS region, c.source,
         e.points, e.lines
  FROM scoring_pointsentry e
  JOIN cases_attribution a ON a.id::text = split_part(e.source_key, ':', 2)
  JOIN cases_casefile c ON c.id = a.case_id
  WHERE e.kind = 'award' AND e.source_key LIKE 'attribution:%%' AND e.effective_on BETWEEN %(first)s AND %(last)s
    AND c.region_id LIKE ANY (%(prefixes)s)
    AND NOT EXISTS (SELECT FROM scoring_pointsentry r WHERE r.reverses_id = e.id)
)
"""
POINTS = (
    STANDING
    + """
SELECT month, region, source, count(*), sum(points)::int FROM standing
GROUP BY GROUPING SETS ((month), (region), (source))
"""
)
CLAUSES = (
    STANDING
    + """
SELECT line ->> 'clause', count(*), sum((line ->> 'points')::int)::int
FROM standing CROSS JOIN LATERAL jsonb_array_elements(lines) AS line
WHERE line ->> 'dropped' IS NULL GROUP BY 1 ORDER BY 1
"""
)
MEASURES = """
SELECT m.kind, count(DISTINCT m.practitioner_id)
FROM scoring_measure m
JOIN scoring_pointsentry e ON e.id = m.entry_id
JOIN institutions_institution i ON i.id = e.institution_id
WHERE m.valid @> %(today)s::date AND upper_inf(m.recorded) AND i.region_id LIKE ANY (%(prefixes)s)
GROUP BY m.kind
"""
APPEALS = """
SELECT extract(month FROM p.filed_on)::int, count(*), count(*) FILTER (WHERE p.state = ANY (%(open)s)),
       count(*) FILTER (WHERE p.outcome IN ('upheld', 'overturned', 'varied', 'inadmissible')),
       count(*) FILTER (WHERE p.outcome IN ('overturned', 'varied'))
FROM cases_appeal p
JOIN cases_attribution a ON a.id = p.attribution_id
JOIN cases_casefile c ON c.id = a.case_id
WHERE p.filed_on BETWEEN %(first)s AND %(last)s AND p.state <> 'moot' AND c.region_id LIKE ANY (%(prefixes)s)
GROUP BY 1
"""


@dataclass(slots=True)
class Amount:
    """What was counted of one month, region, source or clause: cases opened, decisions in effect, their points."""

    cases: int = 0
    decisions: int = 0
    points: int = 0


@dataclass(frozen=True, slots=True)
class AppealMonth:
    """The appeals filed in a month: how many, still open, decided, and of those lost by the office in whole or part."""

    filed: int = 0
    open: int = 0
    decided: int = 0
    overturned: int = 0


@dataclass(frozen=True, slots=True)
class WorkStatistics:
    """A year of the officer's regions; `regions` by the prefix one level below where the officer works."""

    year: int
    today: date
    months: dict[int, Amount] = field(default_factory=dict)
    regions: dict[str, Amount] = field(default_factory=dict)
    region_names: dict[str, str] = field(default_factory=dict)
    sources: dict[str, Amount] = field(default_factory=dict)
    clauses: dict[str, Amount] = field(default_factory=dict)
    measures: dict[str, int] = field(default_factory=dict)
    appeals: dict[int, AppealMonth] = field(default_factory=dict)

    @property
    def total(self) -> Amount:
        """Return the sum over the months."""
        amounts = list(self.months.values())
        return Amount(
            sum(one.cases for one in amounts),
            sum(one.decisions for one in amounts),
            sum(one.points for one in amounts),
        )

    @property
    def appeal_total(self) -> AppealMonth:
        """Return the sum of the appeals over the months."""
        months = list(self.appeals.values())
        return AppealMonth(
            sum(one.filed for one in months),
            sum(one.open for one in months),
            sum(one.decided for one in months),
            sum(one.overturned for one in months),
        )

    @property
    def overturn_rate(self) -> Fraction | None:
        """Return the share of decided appeals in which the decision fell, whole or in part; None before the first."""
        total = self.appeal_total
        return Fraction(total.overturned, total.decided) if total.decided else None


def work_statistics(user: Reader, *, year: int, today: date) -> WorkStatistics:
    """Return the statistics of a year in the regions over which a user may see cases. Six queries at any size."""
    prefixes = regions_for(user, Permission.CASE_VIEW)
    found = WorkStatistics(year, today)
    if not prefixes:
        return found
    first, last = date(year, 1, 1), date(year, 12, 31)
    values = {
        "prefixes": [f"{prefix}%" for prefix in prefixes],
        "length": min(min(map(len, prefixes)) + 2, 6),
        "first": first,
        "last": last,
        "starts_at": clock.start_of(first),
        "ends_at": clock.start_of(date(year + 1, 1, 1)),
        "today": today,
        "open": OPEN_STATES,
    }
    _add(found, _rows(CASES, values), is_points=False)
    _add(found, _rows(POINTS, values), is_points=True)
    for clause, decisions, points in _rows(CLAUSES, values):
        found.clauses[clause] = Amount(decisions=decisions, points=points)
    found.measures.update(_rows(MEASURES, values))
    for month, *counts in _rows(APPEALS, values):
        found.appeals[month] = AppealMonth(*counts)
    codes = [prefix.ljust(6, "0") for prefix in found.regions]
    names = dict(Region.objects.filter(code__in=codes).order_by().values_list("code", "name"))
    found.region_names.update({prefix: names.get(prefix.ljust(6, "0"), prefix) for prefix in found.regions})
    return found


def _add(found: WorkStatistics, rows: Sequence[tuple[Any, ...]], *, is_points: bool) -> None:
    for month, region, source, count, points in rows:
        if month is not None:
            amount = found.months.setdefault(month, Amount())
        elif region is not None:
            amount = found.regions.setdefault(region, Amount())
        else:
            amount = found.sources.setdefault(source, Amount())
        if is_points:
            amount.decisions, amount.points = count, points
        else:
            amount.cases = count


def _rows(sql: str, values: dict[str, Any]) -> Sequence[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())
