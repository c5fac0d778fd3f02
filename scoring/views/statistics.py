"""`/statistics/`: what the latest open data adds up to, with bars that need no script."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import conditional_page, require_safe

from institutions.models import Category
from scoring.selectors.statistics import published_statistics


@require_safe
@conditional_page
def statistics(request: HttpRequest) -> HttpResponse:
    """Show people with points and under measures by province, category and points; nobody is ranked or named."""
    found = published_statistics()
    labels = {category.value: category.label for category in Category}
    context = {
        "statistics": found,
        "categories": [(labels.get(group.label, group.label), group) for group in found.by_category] if found else [],
        "points": _bars(found.by_points) if found else [],
    }
    return render(request, "scoring/statistics.html", context)


def _bars(counted: tuple[tuple[int, int], ...]) -> list[tuple[int, int, int]]:
    """Each group with its share of the largest, in percent."""
    largest = max((people for _points, people in counted), default=0) or 1
    return [(points, people, round(100 * people / largest)) for points, people in counted]
