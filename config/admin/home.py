"""The home page of the officers' admin: what waits for this officer by deadline, whether last night's work was done.

What is next, and how much waits in each queue, are looked up by a request of their own each, which the page makes when
it is shown: each is answered within the time that a list may take (docs/performance.md).
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from config.admin.desk import Line, address_of, lines_of
from config.admin.queues import QUEUES
from institutions import clock
from institutions.errors import Text
from institutions.job_texts import job_words
from institutions.models import User
from institutions.permissions import Permission, has_permission
from institutions.requester import requester
from institutions.selectors import work_queues
from institutions.selectors.delegations import stand_ins
from institutions.selectors.freshness import freshness
from institutions.selectors.work_queues import COUNT_MAX, MINE, OVERDUE, Counts, Filters, Held
from institutions.work_queue import Queue

NEXT_EACH = 4
NEXT_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Tile:
    """A queue with its numbers, each with the rows that it counts; without them ("") until they are counted."""

    title: Text
    address: str
    waiting: str = ""
    overdue: str = ""
    overdue_address: str = ""
    mine: str = ""
    mine_address: str = ""


@dataclass(frozen=True, slots=True)
class Next:
    """A row that this officer could take up, and the queue it waits in."""

    queue: Text
    line: Line


def home(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Add what the home page shows; called by the admin's index."""
    user, now = requester(request), clock.now()
    queues, fresh = work_queues.queues_for(QUEUES, user), freshness(now)
    return context | {
        "title": _("My work"),
        "today": clock.local_date(now),
        "fresh": fresh,
        "missed": ", ".join(map(job_words, fresh.missed)),
        "may_see_runs": has_permission(user, Permission.JOB_VIEW),
        "runs": reverse("admin:institutions_jobrun_changelist"),
        "stand_ins": stand_ins(user),
        "tiles": [Tile(queue.title, address_of(queue)) for queue in queues],
        "tiles_counted": reverse("desk-tiles"),
        "next_found": reverse("desk-next-rows"),
        "may_see_charts": has_permission(user, Permission.CASE_VIEW),
        "charts": reverse("desk-charts"),
    }


@require_safe
def tiles(request: HttpRequest) -> HttpResponse:
    """Return the part of the home page that says how much waits, is overdue and is held in each of the queues."""
    user, now = requester(request), clock.now()
    queues = work_queues.queues_for(QUEUES, user)
    counts = work_queues.counts_of(queues, user, work_queues.held_by(user, now=now), now=now)
    facts = {"tiles": [_tile(queue, counts[queue.code]) for queue in queues]}
    return render(request, "admin/parts_tiles.html", facts)


@require_safe
def next_for_me(request: HttpRequest) -> HttpResponse:
    """Return the part of the home page that says what this officer holds or could take up, by deadline."""
    user, now = requester(request), clock.now()
    queues = work_queues.queues_for(QUEUES, user)
    waiting = work_queues.waiting_numbers(queues, user, today=clock.local_date(now), most=1)
    held = work_queues.held_by(user, now=now)
    rows = next_rows([queue for queue in queues if waiting[queue.code]], user, held, now=now)
    return render(request, "admin/parts_next.html", {"next": rows})


def next_rows(queues: list[Queue[Any]], user: User, held: Held, *, now: datetime) -> list[Next]:
    """Return what this officer holds or could take up, by deadline, overdue first. One query for each queue."""
    found: list[Next] = []
    place = Filters()
    for queue in queues:
        if any(has_permission(user, act) for act in queue.acts):
            rows = work_queues.within_reach(queue, user, held, now=now, most=NEXT_EACH)
            lines = lines_of(queue, rows, user, place, now=now, claims=held.get(queue.code, {}))
            found += [Next(queue.title, line) for line in lines if not line.barred]
    found.sort(key=lambda one: (one.line.due_on or date.max, one.line.reference))
    return found[:NEXT_SHOWN]


def _tile(queue: Queue[Any], counts: Counts) -> Tile:
    return Tile(
        title=queue.title,
        address=address_of(queue),
        waiting=_number(counts.waiting),
        overdue=_number(counts.overdue) if counts.overdue else "",
        overdue_address=address_of(queue, Filters(who=OVERDUE)),
        mine=_number(counts.mine) if counts.mine else "",
        mine_address=address_of(queue, Filters(who=MINE)),
    )


def _number(count: int) -> str:
    return f"{COUNT_MAX - 1}+" if count >= COUNT_MAX else str(count)
