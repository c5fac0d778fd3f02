"""The page of a queue, the acts on its rows and its export: the same for every queue of the registry."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cases.models import Source
from config.admin import trail
from config.admin.queues import BY_CODE
from institutions import clock
from institutions.errors import Forbidden, JifenError, Text
from institutions.models import User, WorkClaim
from institutions.permissions import Permission, has_permission
from institutions.requester import requester
from institutions.roster.safe_csv import write_csv
from institutions.selectors import deputies, work_queues
from institutions.selectors.delegations import stand_ins
from institutions.selectors.regions_within import region_choices
from institutions.selectors.work_queues import COUNT_MAX, EXPORT_MAX, PAGE_SIZE, Filters
from institutions.services import audit, work_claims
from institutions.work_queue import Queue


@dataclass(frozen=True, slots=True)
class Line:
    """One row as the page shows it."""

    key: str
    reference: str
    address: str
    cells: tuple[object, ...]
    due_on: date | None
    days_late: int
    is_stopped: bool
    claim: WorkClaim | None
    is_mine: bool
    barred: Text
    may_take_over: bool


def address_of(queue: Queue[Any], filters: Filters | None = None) -> str:
    """Return the address of a queue's page, narrowed as given."""
    return reverse("desk-queue", args=[queue.code]) + (filters.address(page=filters.page) if filters else "")


@require_safe
def queue_page(request: HttpRequest, code: str) -> HttpResponse:
    """Show a queue, longest overdue first, or hand it out as CSV."""
    queue, filters = _queue(request, code), Filters.read(request.GET)
    if request.GET.get("format") == "csv":
        return _export(queue, requester(request), filters, clock.now())
    return _shown(request, queue, filters)


def _shown(request: HttpRequest, queue: Queue[Any], filters: Filters, status: int = 200) -> HttpResponse:
    user, now, code = requester(request), clock.now(), queue.code
    rows, has_next = work_queues.page_of(work_queues.narrowed(queue, user, filters, now=now), filters.page)
    counts = work_queues.counts_of([queue], user, work_queues.held_by(user, now=now), now=now)[code]
    first = (filters.page - 1) * PAGE_SIZE + 1
    facts = admin.site.each_context(request) | {
        "title": queue.title,
        "queue": queue,
        "lines": lines_of(queue, rows, user, filters, now=now),
        "stand_ins": stand_ins(user, queue.views),
        "may_claim": any(has_permission(user, act) for act in queue.acts),
        "filters": filters,
        "tabs": _tabs(queue, filters, counts),
        "regions": region_choices(user, queue.readers, filters.region) if queue.region_path else [],
        "sources": Source.choices if queue.source_path else [],
        "shown": (first, first + len(rows) - 1) if rows else None,
        "previous": filters.address(page=filters.page - 1) if filters.page > 1 else "",
        "next": filters.address(page=filters.page + 1) if has_next else "",
        "place": filters.address(page=filters.page),
        "export": filters.address() + ("&" if filters.narrows else "") + "format=csv",
        "everything": address_of(queue),
        "export_max": EXPORT_MAX,
    }
    return render(request, "admin/queue.html", facts, status=status)


@require_safe
def open_row(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """Lead to the page of a row, and remember the way back to this place of the queue."""
    queue, user = _queue(request, code), requester(request)
    filters = Filters.read(request.GET)
    row = _row(queue, user, key)
    if row is None:
        return _gone(request, queue, filters)
    target = queue.opens(row)
    trail.leave(request, at=target, back=address_of(queue, filters), queue=queue, key=key, place=filters)
    return redirect(target)


@require_safe
def next_row(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """Lead to the first row of the place that is neither this one nor held by somebody else."""
    queue, user, now = _queue(request, code), requester(request), clock.now()
    filters = Filters.read(request.GET)
    rows, _more = work_queues.page_of(work_queues.narrowed(queue, user, filters, now=now), filters.page)
    for line in lines_of(queue, rows, user, filters, now=now):
        if line.key != key and not line.barred and (line.claim is None or line.is_mine):
            return redirect(line.address)
    messages.info(request, _("Nothing else waits for you here."))
    return redirect(address_of(queue, filters))


@require_POST
def act(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """Claim a row, let it go or take it over, and come back to the same place of the queue."""
    queue, user, now = _queue(request, code), requester(request), clock.now()
    place = Filters.read(QueryDict(request.POST.get("place", "").removeprefix("?")))
    row = _row(queue, user, key)
    if row is None:
        return _gone(request, queue, place)
    try:
        messages.success(request, _done(queue, user, row, request.POST, now))
    except Forbidden as refusal:
        raise PermissionDenied(str(refusal)) from refusal
    except JifenError as refusal:
        messages.error(request, str(refusal))
        return _shown(request, queue, place, refusal.status)
    return redirect(f"{address_of(queue, place)}#row-{key}")


def lines_of(
    queue: Queue[Any],
    rows: Sequence[Model],
    user: User,
    place: Filters,
    *,
    now: datetime,
    claims: Mapping[str, WorkClaim] | None = None,
) -> list[Line]:
    """Return rows as the page shows them, with who holds them. One query, none where the claims are given."""
    known = work_queues.claims_on(queue, rows, now=now) if claims is None else claims
    return [_line(queue, row, known.get(str(row.pk)), user, place, clock.local_date(now)) for row in rows]


def _line(queue: Queue[Any], row: Model, claim: WorkClaim | None, user: User, place: Filters, today: date) -> Line:
    key, due_on = str(row.pk), queue.due.on(row)
    region = queue.region(row) or None
    may_work = any(has_permission(user, act, region=region) for act in queue.acts)
    is_mine = claim is not None and claim.holder_id == user.pk
    return Line(
        key=key,
        reference=queue.reference(row),
        address=reverse("desk-open", args=[queue.code, key]) + place.address(page=place.page),
        cells=tuple(column.show(row) for column in queue.columns),
        due_on=due_on,
        days_late=max((today - due_on).days, 0) if due_on else 0,
        is_stopped=due_on is None and bool(queue.due.stopped_by),
        claim=claim,
        is_mine=is_mine,
        barred=queue.barred(row, user) if may_work else _("Your roles let you look, not work here."),
        may_take_over=claim is not None
        and not is_mine
        and may_work
        and (claim.holder_id in deputies.names_of(user) or has_permission(user, Permission.CLAIM_END, region=region)),
    )


def _done(queue: Queue[Any], user: User, row: Model, sent: QueryDict, now: datetime) -> str:
    work, move = queue.work(row), sent.get("move", "")
    if move == "release":
        work_claims.release(work=work, by=user, now=now)
        return _("%(what)s is free for others.") % {"what": work.reference}
    if reason := str(queue.barred(row, user)):
        raise Forbidden(reason)
    if move == "take-over":
        work_claims.take_over(work=work, reason=sent.get("reason", ""), by=user, now=now)
        return _("You hold %(what)s now; the reason is on record.") % {"what": work.reference}
    work_claims.claim(work=work, by=user, now=now)
    return _("You hold %(what)s.") % {"what": work.reference}


def _queue(request: HttpRequest, code: str) -> Queue[Any]:
    """Return a queue; one that the officer's roles do not open is forbidden, one that is not there is not there."""
    queue = BY_CODE.get(code)
    if queue is None:
        raise Http404
    if not work_queues.queues_for([queue], requester(request)):
        raise PermissionDenied
    return queue


def _row(queue: Queue[Any], user: User, key: str) -> Model | None:
    """Return a row that waits, None where it waits no more; what lies in other regions is not there (404)."""
    row: Model | None = work_queues.row_of(queue, user, key, today=clock.today())
    if row is None and not work_queues.was_there(queue, user, key):
        raise Http404
    return row


def _gone(request: HttpRequest, queue: Queue[Any], place: Filters) -> HttpResponse:
    messages.info(request, _("This waits no more: somebody has done it meanwhile."))
    return redirect(address_of(queue, place))


def _tabs(queue: Queue[Any], filters: Filters, counts: work_queues.Counts) -> list[dict[str, object]]:
    labels = {
        "": (_("All"), _number(counts.waiting)),
        work_queues.OVERDUE: (_("Overdue"), _number(counts.overdue)),
        work_queues.MINE: (_("Mine"), _number(counts.mine)),
        work_queues.UNCLAIMED: (_("Held by nobody"), ""),
    }
    return [
        {"label": label, "count": count, "address": filters.address(who=who), "is_current": filters.who == who}
        for who, (label, count) in labels.items()
    ]


def _number(count: int) -> str:
    return f"{COUNT_MAX - 1}+" if count >= COUNT_MAX else str(count)


def _export(queue: Queue[Any], user: User, filters: Filters, now: datetime) -> HttpResponse:
    """Hand out what the page shows, all pages of it, safe to open in a spreadsheet; written down."""
    rows = list(work_queues.narrowed(queue, user, filters, now=now)[:EXPORT_MAX])
    lines = lines_of(queue, rows, user, filters, now=now)
    headings = ["reference", "due_on", "days_late", *(column.key for column in queue.columns), "held_by", "held_since"]
    cells = [
        (
            line.reference,
            line.due_on,
            line.days_late,
            *line.cells,
            line.claim.holder.username if line.claim else "",
            clock.local_date(line.claim.claimed_at) if line.claim else "",
        )
        for line in lines
    ]
    audit.record_event(
        action="queue.exported",
        subject=f"queue:{queue.code}",
        by=user,
        now=now,
        detail={"rows": len(lines), "filters": filters.address()},
        region="",
    )
    answer = HttpResponse(write_csv(headings, cells), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{queue.code}-{clock.local_date(now)}.csv"'
    answer["Cache-Control"] = "private, no-store"
    return answer
