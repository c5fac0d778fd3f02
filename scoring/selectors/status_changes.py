"""Reading the feed of changes onwards from a place, so that nothing is missed and nothing comes twice."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Max
from django.utils.translation import gettext as _

from institutions.errors import Invalid
from scoring.models import ChangeKind, StatusChange

BEGINNING = "c0"
LIMIT_MAX = 1000
UNDOING = (ChangeKind.CORRECTION, ChangeKind.UNPUBLISHED)


@dataclass(frozen=True, slots=True)
class Line:
    """One line as it is told. Of what was corrected since, only that there was a line."""

    cursor: str
    kind: str
    on: date
    recorded_at: datetime
    slug: str
    code: str
    category: str
    status: str | None
    status_from: date | None
    until: date | None
    may_reapply: bool
    is_superseded: bool


@dataclass(frozen=True, slots=True)
class Page:
    """Some lines, the place after the last of them, and whether there are more by now."""

    changes: list[Line]
    cursor: str
    has_more: bool


def changes_after(cursor: str, limit: int) -> Page:
    """Return the lines after a place, at most so many, in order. Raises Invalid for a place that is none."""
    after = _number(cursor or BEGINNING)
    found = StatusChange.objects.filter(pk__gt=after).select_related("practitioner").order_by("pk")
    rows = list(found.prefetch_related("practitioner__codes")[: limit + 1])
    shown = rows[:limit]
    undone = dict(
        StatusChange.objects.filter(practitioner__in={row.practitioner_id for row in shown}, kind__in=UNDOING)
        .order_by()
        .values_list("practitioner")
        .annotate(Max("pk"))
    )
    lines = [_line(row, is_superseded=row.pk < undone.get(row.practitioner_id, 0)) for row in shown]
    return Page(lines, lines[-1].cursor if lines else f"c{after}", len(rows) > limit)


def _line(row: StatusChange, *, is_superseded: bool) -> Line:
    person = row.practitioner
    return Line(
        cursor=f"c{row.pk}",
        kind=row.kind,
        on=row.on,
        recorded_at=row.recorded_at,
        slug=person.slug,
        code=next((code.code for code in person.codes.all()), ""),
        category=person.category,
        status=None if is_superseded or not row.status else row.status,
        status_from=None if is_superseded else row.status_from,
        until=None if is_superseded else row.until,
        may_reapply=not is_superseded and row.may_reapply,
        is_superseded=is_superseded,
    )


def _number(cursor: str) -> int:
    if not re.fullmatch(r"c[0-9]{1,18}", cursor):
        raise Invalid(
            errors=[{"field": "cursor", "code": "invalid", "message": _("Give the cursor of the last answer.")}],
            next_step=_("Leave it out to begin at the beginning."),
        )
    return int(cursor[1:])
