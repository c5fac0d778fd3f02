"""Charts of a year of the officer's regions: each with its numbers as a table, each number with a link to its rows."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.dates import MONTHS_3
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cases.models import Source
from cases.selectors.work_statistics import Amount, WorkStatistics, work_statistics
from institutions import clock
from institutions.permissions import Permission, has_permission
from institutions.requester import requester
from institutions.roster.safe_csv import write_csv
from scoring.policy.rulebook_parts import MeasureKind

FIRST_YEAR = 2025
EFFECTIVE = "effective"
FIRST_COLOUR, SECOND_COLOUR = "#7c3aed", "#0e9384"
AXIS_COLOUR = "#8a8f98"


@dataclass(frozen=True, slots=True)
class Cell:
    """A number with the address of its rows, "" where there are none to show."""

    value: int
    address: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """One chart: series over labels, the same as a table, and what stands under it."""

    code: str
    title: str
    label: str
    series: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]
    remark: str = ""
    is_lying: bool = False

    @property
    def is_empty(self) -> bool:
        """Say whether there is nothing to draw."""
        return not any(cell.value for _label, cells in self.rows for cell in cells)

    @property
    def height(self) -> str:
        """Return the height of a chart that lies on its side, in rem: room for every bar."""
        return f"{max(8, 2 + 2.25 * len(self.rows)):g}"

    @property
    def colours(self) -> list[tuple[str, str]]:
        """Return each series with its colour."""
        return list(zip(self.series, (FIRST_COLOUR, SECOND_COLOUR), strict=False))

    @property
    def data(self) -> str:
        """Return what Chart.js draws."""
        sets = [
            {
                "label": name,
                "backgroundColor": colour,
                "borderRadius": 3,
                "maxBarThickness": 28,
                "data": [cells[number].value for _label, cells in self.rows],
            }
            for number, (name, colour) in enumerate(self.colours)
        ]
        return json.dumps({"labels": [label for label, _cells in self.rows], "datasets": sets})

    @property
    def options(self) -> str:
        """Return how Chart.js draws it."""
        ticks = {"color": AXIS_COLOUR, "precision": 0}
        return json.dumps(
            {
                "animation": False,
                "maintainAspectRatio": False,
                "indexAxis": "y" if self.is_lying else "x",
                "plugins": {"legend": {"display": False}},
                "scales": {axis: {"beginAtZero": True, "ticks": ticks | _every(axis, self)} for axis in ("x", "y")},
            }
        )


def _every(axis: str, chart: Chart) -> dict[str, object]:
    return {"autoSkip": False} if chart.is_lying and axis == "y" else {}


@require_safe
def charts_page(request: HttpRequest) -> HttpResponse:
    """Show the charts of a year, alone or (`part`) to stand on the home page, or hand their numbers out as CSV."""
    user = requester(request)
    if not has_permission(user, Permission.CASE_VIEW):
        raise PermissionDenied
    today = clock.today()
    year = _year(request.GET.get("year", ""), today)
    found = work_statistics(user, year=year, today=today)
    if request.GET.get("format") == "csv":
        return _as_csv(found)
    facts = {
        "title": _("Charts"),
        "year": year,
        "years": range(today.year, FIRST_YEAR - 1, -1),
        "charts": charts_of(found),
        "found": found,
        "overturn_percent": "–" if found.overturn_rate is None else f"{float(found.overturn_rate * 100):.1f}%",
        "appeal_statistics": reverse("admin:cases_appeal_statistics"),
    }
    if request.GET.get("part"):
        return render(request, "admin/parts_charts.html", facts)
    return render(request, "admin/charts.html", admin.site.each_context(request) | facts)


def charts_of(found: WorkStatistics) -> list[Chart]:
    """Return the charts of a year."""
    cases, points = _("Cases"), _("Points")
    sources = {source.value: str(source.label) for source in Source}
    by_points = sorted(found.regions, key=lambda prefix: (-found.regions[prefix].points, prefix))
    months, regions = found.months, found.regions
    return [
        Chart(
            "months", _("By month"), _("Month"), (cases, points),
            tuple((name, _cells(found, months.get(key, Amount()), {"month": key})) for key, name in _months(found)),
        ),
        Chart(
            "sources", _("By source"), _("Source of the case"), (cases, points),
            tuple(
                (name, _cells(found, found.sources.get(key, Amount()), {"source": key}))
                for key, name in sources.items()
            ),
            is_lying=True,
        ),
        Chart(
            "regions", _("By region"), _("Region"), (cases, points),
            tuple((found.region_names[key], _cells(found, regions[key], {"region": key})) for key in by_points),
            is_lying=True,
        ),
        Chart(
            "clauses", _("By clause"), _("Clause"), (_("Decisions"), points),
            tuple((key, _of_clause(found, key, amount)) for key, amount in found.clauses.items()),
        ),
        _measures(found),
        _appeals(found),
    ]  # fmt: skip


def _measures(found: WorkStatistics) -> Chart:
    labels = {
        MeasureKind.SUSPEND.value: _("Suspended"),
        MeasureKind.TERMINATE.value: _("Terminated"),
    }
    address = _rows("scoring_measure", {"in_force": "today"})
    rows = tuple(
        (label, (Cell(found.measures.get(kind, 0), f"{address}&kind__exact={kind}"),)) for kind, label in labels.items()
    )
    remark = _("People under a measure today, by the decision that caused it.")
    return Chart("measures", _("Measures in force"), _("Measure"), (_("People"),), rows, remark)


def _appeals(found: WorkStatistics) -> Chart:
    rows = []
    for month, label in _months(found):
        one = found.appeals.get(month)
        filed, fell = (one.filed, one.overturned) if one else (0, 0)
        narrowed = {"filed_on__year": found.year, "filed_on__month": month}
        lost = _rows("cases_appeal", narrowed | {"fell": "yes"})
        rows.append((label, (Cell(filed, _rows("cases_appeal", narrowed)), Cell(fell, lost))))
    return Chart(
        "appeals", _("Appeals by month of filing"), _("Month"), (_("Filed"), _("Overturned or varied")), tuple(rows)
    )


def _months(found: WorkStatistics) -> Iterable[tuple[int, str]]:
    last = found.today.month if found.year == found.today.year else 12
    return [(month, str(MONTHS_3[month]).capitalize()) for month in range(1, last + 1)]


def _cells(found: WorkStatistics, amount: Amount, part: Mapping[str, object]) -> tuple[Cell, Cell]:
    cases: dict[str, object] = {"opened_at__year": found.year}
    decisions: dict[str, object] = {"state__exact": EFFECTIVE, "served_on__year": found.year}
    match part:
        case {"month": month}:
            cases["opened_at__month"] = decisions["served_on__month"] = month
        case {"source": source}:
            cases["source__exact"] = decisions["case__source__exact"] = source
        case {"region": region}:
            cases["region__code__startswith"] = decisions["case__region__code__startswith"] = region
    return (
        Cell(amount.cases, _rows("cases_casefile", cases)),
        Cell(amount.points, _rows("cases_attribution", decisions)),
    )


def _of_clause(found: WorkStatistics, clause: str, amount: Amount) -> tuple[Cell, Cell]:
    narrowed = {"state__exact": EFFECTIVE, "served_on__year": found.year, "lines__clause": clause}
    address = _rows("cases_attribution", narrowed)
    return Cell(amount.decisions, address), Cell(amount.points, address)


def _rows(page: str, narrowed: Mapping[str, object]) -> str:
    return reverse(f"admin:{page}_changelist") + "?" + urlencode(narrowed)


def _year(asked: str, today: date) -> int:
    year = int(asked) if asked.isdigit() else today.year
    return year if FIRST_YEAR <= year <= today.year else today.year


def _as_csv(found: WorkStatistics) -> HttpResponse:
    """Hand out the numbers of every chart, a line for each label."""
    lines = [
        (chart.code, label, name, cell.value)
        for chart in charts_of(found)
        for label, cells in chart.rows
        for name, cell in zip(chart.series, cells, strict=True)
    ]
    answer = HttpResponse(
        write_csv(("chart", "label", "series", "value"), lines), content_type="text/csv; charset=utf-8"
    )
    answer["Content-Disposition"] = f'attachment; filename="charts-{found.year}-{found.today}.csv"'
    return answer
