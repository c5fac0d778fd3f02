"""`/n/{number}`: the letter, where it stands, and what the person can do now."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_POST, require_safe

from cases.models import ServiceKind
from cases.services import letters
from cases.states import State
from cases.views.person import course, doors
from cases.views.person.doors import Visit, behind_letter
from cases.views.person.matters import manifest_of, matter_of
from institutions.errors import JifenError
from institutions.letters import content, rendering
from institutions.letters.attachments import attachments_of
from institutions.models import NoticeKind
from institutions.selectors import service_desks
from institutions.services import notice_tokens

INTENTIONS = (NoticeKind.INTENT, NoticeKind.DEADLINE)


def letter(request: HttpRequest, number: str) -> HttpResponseBase:
    """Open the letter where its code is in the address (once, from the QR code), else show its page."""
    code = request.GET.get("t", "")
    if code:
        return doors.open_letter(request, number, code)
    return letter_page(request, number)


@require_safe
@behind_letter
def letter_page(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Show the letter's blocks, the course of the case, and what can be done until when."""
    return render(request, "person/letter.html", _facts(visit))


@require_POST
@csrf_protect
@behind_letter
def received(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Record that the person says the letter has reached them, and show the page anew."""
    try:
        letters.serve_by_portal(notice=visit.notice, now=visit.now)
    except JifenError as refused:
        return render(request, "person/letter.html", _facts(visit) | {"refused": refused}, status=refused.status)
    return redirect(visit.path)


@require_safe
@behind_letter
def letter_pdf(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Hand out the person's own copy of the letter as a PDF, in the reader's language."""
    made = content.compose(visit.notice, language=language(), token=notice_tokens.issue(visit.notice, visit.now))
    response = HttpResponse(
        rendering.as_pdf(made, attachments=attachments_of(visit.notice)), content_type="application/pdf"
    )
    response["Content-Disposition"] = f'attachment; filename="{visit.notice.number}.pdf"'
    return response


@require_POST
@csrf_protect
@behind_letter
def leave(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Close the letter in this browser."""
    return doors.close(redirect("letter-code"), visit.notice)


def language() -> str:
    """Return the reader's language as letters name it."""
    return get_language() or "zh-hans"


def is_english() -> bool:
    """Say whether the reader reads English."""
    return language().startswith("en")


def frame(visit: Visit) -> dict[str, object]:
    """Return what every page behind a letter shows around its content: the letter and whom to ask."""
    region = visit.notice.region_id or ""
    return {
        "notice": visit.notice,
        "kind_label": visit.notice.get_kind_display(),
        "person": visit.person,
        "attribution": visit.attribution,
        "today": visit.today,
        "home": visit.path,
        "desk": service_desks.desk_for(region, on=visit.today, english=is_english()),
    }


def _facts(visit: Visit) -> dict[str, object]:
    matter = matter_of(visit)
    return frame(visit) | {
        "letter": content.compose(visit.notice, language=language()),
        "is_home": True,
        "matter": matter,
        "steps": course.steps_of(matter) if matter else [],
        "is_outdated": matter is not None and matter.is_replaced and not _closes_the_case(matter),
        "moves": course.moves_of(matter, visit.notice.number) if matter else [],
        "is_undecided": visit.notice.kind in INTENTIONS and (matter is None or matter.attribution.decided_at is None),
        "has_manifest": manifest_of(visit.attribution) is not None,
    }


def _closes_the_case(matter: course.Matter) -> bool:
    """Say whether the letter is the decision that no points are given: it needs no service, and none follows it."""
    return (
        matter.attribution.state == State.REJECTED
        and matter.letter is not None
        and matter.letter.kind == ServiceKind.DECISION
    )
