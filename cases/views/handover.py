"""`/portal/handovers/`: letters that the institution hands to its staff, each with the receipt they signed."""

from datetime import date

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from cases.models import IssuedLetter
from cases.policy import evidence_types
from cases.selectors import handovers as selectors
from cases.services import letters
from cases.services.letters import ReceiptFile
from cases.views.person import uploads
from institutions import clock
from institutions.errors import JifenError
from institutions.requester import requester
from institutions.selectors.portal_desk import desk_of
from institutions.services import notices

LOGIN = reverse_lazy("portal-login")
PAGE_SIZE = 30
RECEIPT_LENGTH_MAX = 300


@require_GET
@never_cache
@login_required(login_url=LOGIN)
def handovers(request: HttpRequest) -> HttpResponse:
    """List the letters that the user's institutions are asked to hand over, what is still to do and what is done."""
    user = requester(request)
    page = Paginator(selectors.handovers_of(user), PAGE_SIZE).get_page(request.GET.get("page"))
    rows = [selectors.present(letter) for letter in page.object_list]
    return render(
        request, "portal/handovers.html", {"page": page, "rows": rows, "desk": desk_of(user), "here": "handovers"}
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required(login_url=LOGIN)
def handover(request: HttpRequest, number: str) -> HttpResponse:
    """Show one letter to hand over; take in the day and the receipt. Another institution's letter is not there."""
    user, now = requester(request), clock.now()
    letter = get_object_or_404(selectors.handovers_of(user), handover__number=number)
    assert letter.handover is not None  # the query asks for it
    notices.mark_read(notice=letter.handover, by=user, now=now)
    if request.method != "POST":
        return _form(request, letter)
    values = {name: request.POST.get(name, "").strip() for name in ("on", "receipt")}
    on, problems = _day(values["on"])
    if not values["receipt"]:
        problems.append(
            {"field": "receipt", "message": _("Say what the person signed, for instance “signed receipt no. 12”.")}
        )
    elif len(values["receipt"]) > RECEIPT_LENGTH_MAX:
        problems.append(
            {"field": "receipt", "message": _("Write at most %(max)d characters.") % {"max": RECEIPT_LENGTH_MAX}}
        )
    files, refused_files = uploads.sent_files(request)
    problems += refused_files
    if problems or on is None:
        return _form(request, letter, values, problems)
    try:
        letters.record_handover(
            letter=letter.notice,
            on=on,
            receipt=values["receipt"],
            file=ReceiptFile(files[0].name, files[0].content) if files else None,
            by=user,
            now=now,
        )
    except JifenError as refused:
        return _form(request, letter, values, [{"field": "on", "message": str(refused)}], status=refused.status)
    notices.acknowledge(notice=letter.handover, by=user, now=now)
    return redirect("portal-handover", number=number)


def _day(text: str) -> tuple[date | None, list[dict[str, str]]]:
    try:
        return date.fromisoformat(text), []
    except ValueError:
        return None, [{"field": "on", "message": _("Give the day on which the person received the letter.")}]


def _form(
    request: HttpRequest,
    letter: IssuedLetter,
    values: dict[str, str] | None = None,
    problems: list[dict[str, str]] | None = None,
    status: int | None = None,
) -> HttpResponse:
    facts = {
        "row": selectors.present(letter),
        "today": clock.today(),
        "values": values or {},
        "problems": problems or [],
        "errors": {problem["field"]: problem["message"] for problem in reversed(problems or [])},
        "accept": uploads.ACCEPT,
        "size_max": evidence_types.SIZE_MAX // 1024 // 1024,
        "desk": desk_of(requester(request)),
        "here": "handovers",
    }
    return render(request, "portal/handover.html", facts, status=status or (422 if problems else 200))
