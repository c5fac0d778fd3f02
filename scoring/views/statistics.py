"""`/statistics/`: what the latest open data adds up to, with charts that need no script and tables beside them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import conditional_page, require_safe

from institutions.models import Category
from scoring.selectors.statistics import SMALLEST_CELL, published_statistics
from scoring.views.charts import Chart, bars


@require_safe
@conditional_page
def statistics(request: HttpRequest) -> HttpResponse:
    """Show people with points and under measures by province, category and points; nobody is ranked or named."""
    found = published_statistics()
    labels = {category.value: category.label for category in Category}
    context = {
        "statistics": found,
        "categories": [(labels.get(group.label, group.label), group) for group in found.by_category] if found else [],
        "chart": _chart(found.by_points) if found else None,
    }
    return render(request, "scoring/statistics.html", context)


def _chart(counted: tuple[tuple[int, int | None], ...]) -> Chart:
    """How many people have how many points; the last group stands for all that is more."""
    last = counted[-1][0] if counted else 0
    named = [(f"{points}+" if points == last else str(points), people) for points, people in counted]
    return bars(named, suppressed=f"<{SMALLEST_CELL}")
