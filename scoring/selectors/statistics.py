"""Published statistics: counted from the rows of open data, so that anybody can count them again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django.db.models import Count, Expression, Q, QuerySet
from django.db.models.fields.json import KT
from django.db.models.functions import Substr

from scoring.models import OpenDataRelease, OpenDataRow
from scoring.policy.rulebook_parts import MeasureKind
from scoring.selectors.places import provinces

SMALLEST_CELL = 3  # fewer people than this in a place or category are not told apart from none


@dataclass(frozen=True, slots=True)
class Count3:
    """People with points or a measure in a group; None where so few that they could be recognised."""

    label: str
    with_points: int | None
    suspended: int | None
    terminated: int | None
    share: int  # of the largest group, percent, for the length of a bar


@dataclass(frozen=True, slots=True)
class Statistics:
    """What the latest release adds up to."""

    on: date
    rows: int
    with_points: int
    suspended: int
    terminated: int
    by_province: tuple[Count3, ...]
    by_category: tuple[Count3, ...]
    by_points: tuple[tuple[int, int | None], ...]


def published_statistics() -> Statistics | None:
    """Return the counts of the latest release; None before the first."""
    release = OpenDataRelease.objects.order_by("-number").first()
    if release is None:
        return None
    rows = OpenDataRow.objects.filter(gone_on__isnull=True)
    total = rows.aggregate(**_counts())
    names = dict(provinces())
    return Statistics(
        on=release.on,
        rows=rows.count(),
        with_points=total["with_points"],
        suspended=total["suspended"],
        terminated=total["terminated"],
        by_province=_grouped(rows, Substr(KT("content__region"), 1, 2), names),
        by_category=_grouped(rows, KT("content__category"), {}),
        by_points=_points(rows, release.on.year),
    )


def _counts() -> dict[str, Count]:
    person = "practitioner"
    return {
        "with_points": Count(person, distinct=True, filter=Q(content__points__gte=1)),
        "suspended": Count(person, distinct=True, filter=Q(content__measure=MeasureKind.SUSPEND.value)),
        "terminated": Count(person, distinct=True, filter=Q(content__measure=MeasureKind.TERMINATE.value)),
    }


def _grouped(rows: QuerySet[OpenDataRow], key: Expression, names: dict[str, str]) -> tuple[Count3, ...]:
    counted = (
        rows.annotate(group=key).values("group").annotate(people=Count("practitioner", distinct=True), **_counts())
    )
    found = [cast("dict[str, Any]", group) for group in counted]
    groups = sorted(found, key=lambda group: group["group"] or "")  # by code: nobody and no place is ranked
    largest = max((group["with_points"] for group in groups), default=0) or 1
    return tuple(
        Count3(
            label=names.get(group["group"] or "", group["group"] or ""),
            with_points=_told(group["with_points"]),
            suspended=_told(group["suspended"]),
            terminated=_told(group["terminated"]),
            share=round(100 * (_told(group["with_points"]) or 0) / largest),
        )
        for group in groups
    )


def _told(count: int) -> int | None:
    return count if count == 0 or count >= SMALLEST_CELL else None


def _points(rows: QuerySet[OpenDataRow], year: int) -> tuple[tuple[int, int | None], ...]:
    """How many people have how many points this year; one group for twelve and more, None for very few."""
    found = rows.filter(year=year, content__points__gte=1).values_list(KT("content__points"))
    counted = dict(found.annotate(people=Count("pk")).order_by())
    total = dict.fromkeys(range(1, 13), 0)
    for points, people in counted.items():
        total[min(int(points), 12)] += people
    return tuple((points, _told(people)) for points, people in total.items())
