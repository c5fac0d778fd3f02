"""Reading queues of work: what waits for an officer, narrowed, page by page, and how much, in one query for all.

Nothing is counted beyond `COUNT_MAX`, and a page reads one row more than it shows to know whether there is a next.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.core.exceptions import EmptyResultSet, ValidationError
from django.db import connection
from django.db.models import CharField, Exists, Model, OuterRef, Q, QuerySet
from django.db.models.functions import Cast

from institutions import clock
from institutions.models import User, WorkClaim
from institutions.permissions import has_permission
from institutions.work_queue import Queue

ModelT = TypeVar("ModelT", bound=Model)

PAGE_SIZE = 50
PAGE_MAX = 200
COUNT_MAX = 1000
EXPORT_MAX = 20_000
MINE, UNCLAIMED, OVERDUE = "mine", "unclaimed", "overdue"
WHO = (MINE, UNCLAIMED, OVERDUE)

Held = Mapping[str, Mapping[str, WorkClaim]]
Counting = tuple[str, tuple[Any, ...]]  # an expression, and the values of its parameters


@dataclass(frozen=True, slots=True)
class Filters:
    """How a queue is narrowed, as it stands in the address of its page."""

    who: str = ""
    region: str = ""
    source: str = ""
    term: str = ""
    page: int = 1

    @staticmethod
    def read(query: Mapping[str, str]) -> "Filters":
        """Read an address; what is not understood narrows nothing."""
        who, region, page = query.get("who", ""), query.get("region", ""), query.get("page", "")
        return Filters(
            who=who if who in WHO else "",
            region=region if region.isdigit() and len(region) in (2, 4, 6) else "",
            source=query.get("source", "")[:30],
            term=query.get("q", "").strip()[:100],
            page=min(int(page), PAGE_MAX) if page.isdigit() and page != "0" else 1,
        )

    def address(self, *, who: str | None = None, page: int = 1) -> str:
        """Return the query string of these filters at a page, with other rows where `who` is given."""
        new = replace(self, page=page, who=self.who if who is None else who)
        parts = {"who": new.who, "region": new.region, "source": new.source, "q": new.term}
        if new.page > 1:
            parts["page"] = str(new.page)
        return "?" + urlencode({key: value for key, value in parts.items() if value})

    @property
    def narrows(self) -> bool:
        """Say whether anything is left out."""
        return bool(self.who or self.region or self.source or self.term)


@dataclass(frozen=True, slots=True)
class Counts:
    """How much waits in a queue; each number stops at `COUNT_MAX`."""

    waiting: int
    overdue: int = 0
    mine: int = 0


def queues_for(queues: Sequence[Queue[Any]], user: User) -> list[Queue[Any]]:
    """Return the queues that an officer may open."""
    return [queue for queue in queues if any(has_permission(user, permission) for permission in queue.readers)]


def narrowed(queue: Queue[ModelT], user: User, filters: Filters, *, now: datetime) -> QuerySet[ModelT]:
    """Return what waits for an officer in a queue, narrowed, in the order of the queue: longest overdue first."""
    today = clock.local_date(now)
    rows = queue.waiting(user, today)
    if filters.who == MINE:
        rows = rows.filter(_mine(queue, user, held_by(user, now=now)))
    elif filters.who == UNCLAIMED:
        rows = rows.filter(_unclaimed(queue, now))
    elif filters.who == OVERDUE:
        rows = rows.filter(queue.due.overdue(today))
    if filters.region and queue.region_path:
        rows = rows.filter(**{f"{queue.region_path}__code__startswith": filters.region})
    if filters.source and queue.source_path:
        rows = rows.filter(**{queue.source_path: filters.source})
    if filters.term:
        rows = rows.filter(queue.fits(filters.term))
    return rows.order_by(*queue.due.order())


def row_of(queue: Queue[ModelT], user: User, key: str, *, today: date) -> ModelT | None:
    """Return a row that waits for an officer in a queue, None where it does not."""
    try:
        return queue.waiting(user, today).filter(pk=key).first()
    except (ValueError, ValidationError):
        return None


def was_there(queue: Queue[Any], user: User, key: str) -> bool:
    """Say whether a row that waits no more lies in the regions where the officer may open the queue."""
    try:
        return queue.has_been(user, key)
    except (ValueError, ValidationError):
        return False


def within_reach(queue: Queue[ModelT], user: User, held: Held, *, now: datetime, most: int) -> list[ModelT]:
    """Return what an officer holds in a queue or could claim there, by deadline, overdue first. One query."""
    rows = queue.waiting(user, clock.local_date(now))
    near = _mine(queue, user, held) | _unclaimed(queue, now)
    return list(rows.filter(near).order_by(*queue.due.order())[:most])


def page_of(rows: QuerySet[ModelT], number: int) -> tuple[list[ModelT], bool]:
    """Return the rows of a page, and whether there are more."""
    first = (number - 1) * PAGE_SIZE
    found = list(rows[first : first + PAGE_SIZE + 1])
    return found[:PAGE_SIZE], len(found) > PAGE_SIZE


def claims_on(queue: Queue[Any], rows: Collection[Model], *, now: datetime) -> dict[str, WorkClaim]:
    """Return the claims that hold rows, by key. One query."""
    keys = [str(row.pk) for row in rows]
    standing = WorkClaim.objects.filter(_holds(now), queue=queue.code, subject_id__in=keys)
    return {claim.subject_id: claim for claim in standing.select_related("holder")}


def holders_of(keys: Collection[object], *, now: datetime) -> list[WorkClaim]:
    """Return the claims on any of these rows (by their keys, in whatever queue), the latest first. One query."""
    standing = WorkClaim.objects.filter(_holds(now), subject_id__in=[str(key) for key in keys])
    return list(standing.select_related("holder").order_by("-pk"))


def held_by(user: User, *, now: datetime) -> Held:
    """Return the claims that an officer holds, by queue and key. One query."""
    held: dict[str, dict[str, WorkClaim]] = {}
    for claim in WorkClaim.objects.filter(_holds(now), holder=user).order_by().select_related("holder"):
        held.setdefault(claim.queue, {})[claim.subject_id] = claim
    return held


def counts_of(
    queues: Sequence[Queue[Any]], user: User, held: Held, *, now: datetime, most: int = COUNT_MAX
) -> dict[str, Counts]:
    """Return how much waits, is overdue and is held by the officer in each queue. One query for all of them."""
    today = clock.local_date(now)
    asked: list[QuerySet[Any]] = []
    for queue in queues:
        rows = queue.waiting(user, today)
        is_held = bool(queue.assigned_to or held.get(queue.code))
        asked += [
            rows,
            rows.filter(queue.due.overdue(today)),
            rows.filter(_mine(queue, user, held)) if is_held else rows.none(),
        ]
    found = iter(_fetched([_counting(rows, most) for rows in asked]))
    return {queue.code: Counts(next(found), next(found), next(found)) for queue in queues}


def waiting_numbers(queues: Sequence[Queue[Any]], user: User, *, today: date, most: int) -> dict[str, int]:
    """Return how much waits in each queue, up to a number. One query for all of them."""
    found = _fetched([_counting_of(queue.rows, queue.within, queue.reach(user), today, most) for queue in queues])
    return {queue.code: number for queue, number in zip(queues, found, strict=True)}


@lru_cache(maxsize=2000)
def _counting_of(
    rows: Callable[[date], QuerySet[Any]],
    within: Callable[[Collection[str]], Q],
    prefixes: tuple[str, ...],
    today: date,
    most: int,
) -> Counting:
    """Return how the rows of a queue in some regions are counted.

    The statement is remembered, never its answer: every page asks it, and putting it together costs more than asking.
    """
    return _counting(rows(today).filter(within(prefixes)), most)


def _counting(rows: QuerySet[Any], most: int) -> Counting:
    """Return the expression, with its values, that counts rows up to a number."""
    try:
        sql, values = rows.order_by().values("pk")[:most].query.sql_with_params()
    except EmptyResultSet:
        return "0", ()
    return f"(SELECT count(*) FROM ({sql}) AS q)", values  # noqa: S608 - values stay parameters


def _fetched(countings: Sequence[Counting]) -> list[int]:
    """Return several numbers. One query."""
    if not countings:
        return []
    with connection.cursor() as cursor:
        values = [value for _expression, of_one in countings for value in of_one]
        cursor.execute("SELECT " + ", ".join(expression for expression, _values in countings), values)
        return list(cursor.fetchone())


def _holds(now: datetime) -> Q:
    return Q(ended_at__isnull=True, lapses_at__gt=now)


def _mine(queue: Queue[Any], user: User, held: Held) -> Q:
    mine = Q(pk__in=list(held.get(queue.code, ())))
    return mine | Q(**{queue.assigned_to: user}) if queue.assigned_to else mine


def _unclaimed(queue: Queue[Any], now: datetime) -> Q:
    standing = WorkClaim.objects.filter(_holds(now), queue=queue.code, subject_id=Cast(OuterRef("pk"), CharField()))
    free = ~Exists(standing)
    return free & Q(**{f"{queue.assigned_to}__isnull": True}) if queue.assigned_to else Q(free)
