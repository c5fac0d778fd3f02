"""The way back: from the page of a row to the place of the queue it was opened from, whatever happened in between.

Kept in the session by the address of the row, so that several rows may be open at once, each with its own way back.
"""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from config.admin.queues import BY_CODE
from institutions.selectors.work_queues import Filters
from institutions.work_queue import Queue

KEY = "desk_trail"
KEPT = 20


def leave(request: HttpRequest, *, at: str, back: str, queue: Queue[Any], key: str, place: Filters) -> None:
    """Remember the way back from the page at `at` and from the pages below it."""
    steps = [step for step in request.session.get(KEY, []) if step["at"] != _below(at)]
    onward = reverse("desk-next", args=[queue.code, key]) + place.address(page=place.page)
    steps.append({"at": _below(at), "back": back, "queue": queue.code, "next": onward})
    request.session[KEY] = steps[-KEPT:]


def back_from(request: HttpRequest) -> dict[str, object] | None:
    """Return the way back from the page that is asked for, None where it was not reached from a queue."""
    session = getattr(request, "session", None)
    if session is None or not request.path.startswith("/admin/"):
        return None
    for step in reversed(session.get(KEY, [])):
        if request.path.startswith(step["at"]):
            return {"back": step["back"], "next": step["next"], "title": queue_title(step["queue"])}
    return None


def queue_title(code: str) -> str:
    """Return how a queue is called, "" for one that is no more."""
    queue = BY_CODE.get(code)
    return str(queue.title) if queue else ""


def _below(address: str) -> str:
    """Return what the addresses of a row's pages have in common."""
    return address.partition("?")[0].removesuffix("change/")
