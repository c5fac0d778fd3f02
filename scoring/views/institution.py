"""`/i/{code}`: the page of an institution, its wall plate to print, and the badge for its own pages."""

from __future__ import annotations

import io

import segno
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import conditional_page, require_safe

from institutions import clock
from institutions.errors import NotThere
from institutions.selectors import freshness
from scoring.selectors.institution_pages import InstitutionFacts, institution_facts

BADGE_SECONDS = 60  # how long a badge may be kept; a change shows within five minutes on any page


@require_safe
@conditional_page
def institution(request: HttpRequest, code: str) -> HttpResponse:
    """Show how many people are registered and how many under a measure, and look somebody up who works here."""
    facts, on = _facts(code)
    return render(request, "scoring/institution.html", {"institution": facts, "as_of": on})


@require_safe
def plate(request: HttpRequest, code: str) -> HttpResponse:
    """Show the wall plate: the name and a QR code that leads to the institution's page. Made to be printed."""
    facts, on = _facts(code)
    address = settings.PUBLIC_URL + reverse("institution", args=[facts.code])
    context = {"institution": facts, "as_of": on, "address": address, "qr": qr_code(address)}
    return render(request, "scoring/plate.html", context)


@require_safe
def badge(request: HttpRequest, code: str) -> HttpResponse:
    """Send the badge as SVG, with the counts of now; a page that embeds it needs to do nothing more."""
    facts, on = _facts(code)
    picture = render_to_string("scoring/badge.svg", {"institution": facts, "as_of": on}, request)
    response = HttpResponse(picture, content_type="image/svg+xml")
    response["Cache-Control"] = f"public, max-age={BADGE_SECONDS}"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    response["Vary"] = "Accept-Language, Cookie"
    return response


def qr_code(text: str) -> SafeString:
    """Return a text as a QR code in SVG; it takes the size and colour that the page gives it."""
    target = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        target, kind="svg", xmldecl=False, svgns=True, omitsize=True, border=2, dark="#000", light="#fff"
    )
    return mark_safe(target.getvalue().decode())  # noqa: S308 - drawn by segno from numbers, not from the text


def _facts(code: str) -> tuple[InstitutionFacts, object]:
    on = freshness.as_of(clock.now())
    try:
        return institution_facts(code, on=on), on
    except NotThere as error:
        raise Http404 from error
