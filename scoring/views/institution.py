"""`/i/{code}`: the page of an institution, its wall plate to print, and the badge for its own pages."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import conditional_page, require_safe

from institutions import clock
from institutions.errors import NotThere
from institutions.letters import sheets
from institutions.selectors.freshness import Freshness, freshness
from scoring.selectors.institution_pages import InstitutionFacts, institution_facts

BADGE_SECONDS = 60  # how long a badge may be kept; a change shows within five minutes on any page


@require_safe
@conditional_page
def institution(request: HttpRequest, code: str) -> HttpResponse:
    """Show how many people are registered and how many under a measure, and look somebody up who works here."""
    facts, fresh = _facts(code)
    context = {"institution": facts, "as_of": fresh.as_of, "home": settings.PUBLIC_URL}
    return render(request, "scoring/institution.html", context)


@require_safe
def plate(request: HttpRequest, code: str) -> HttpResponse:
    """Show the wall plate: the name and a QR code that leads to the institution's page. Made to be printed."""
    facts, fresh = _facts(code)
    address = _address(facts)
    qr = mark_safe(sheets.qr_svg(address))  # noqa: S308 - drawn by segno from numbers, not from the text
    context = {"institution": facts, "as_of": fresh.as_of, "address": address, "qr": qr}
    return render(request, "scoring/plate.html", context)


@require_safe
def plate_pdf(request: HttpRequest, code: str) -> HttpResponse:
    """Send the wall plate as a PDF of one A4 sheet, with the question in both languages."""
    facts, fresh = _facts(code)
    response = HttpResponse(sheets.as_pdf("plate.typ", _plate(facts), on=fresh.as_of), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="jifen-plate-{facts.code}.pdf"'
    return response


@require_safe
@conditional_page
def badge(request: HttpRequest, code: str) -> HttpResponse:
    """Send the badge as SVG, with the counts of now; a page that embeds it needs to do nothing more.

    `?lang=en` or `?lang=zh-hans` fixes the language for everybody; without it the reader's counts.
    """
    facts, fresh = _facts(code)
    asked = request.GET.get("lang", "")
    with translation.override(asked if asked in dict(settings.LANGUAGES) else get_language()):
        context = {"institution": facts, "as_of": fresh.as_of, "is_stale": fresh.is_stale}
        picture = render_to_string("scoring/badge.svg", context)
    response = HttpResponse(picture, content_type="image/svg+xml")
    response["Cache-Control"] = f"public, max-age={BADGE_SECONDS}"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    response["X-Robots-Tag"] = "noindex"
    response["Vary"] = "Accept-Language, Cookie"
    return response


def _plate(facts: InstitutionFacts) -> dict[str, object]:
    address = _address(facts)
    with translation.override("en"):
        question_other = _("Does medical insurance pay for this person's services?")
    with translation.override("zh-hans"):
        return {
            "lang": "zh",
            "region": "CN",
            "title": _("Wall plate"),
            "issuer": _("Medical insurance administration"),
            "question": _("Does medical insurance pay for this person's services?"),
            "question_other": question_other,
            "name": facts.name,
            "qr": sheets.qr_svg(address),
            "qr_alt": _("QR code of this institution's page"),
            "steps": [
                _("1. Scan the code."),
                _("2. Write the name of the physician, nurse or pharmacist."),
            ],
            "address": address,
        }


def _address(facts: InstitutionFacts) -> str:
    return settings.PUBLIC_URL + reverse("institution", args=[facts.code])


def _facts(code: str) -> tuple[InstitutionFacts, Freshness]:
    fresh = freshness(clock.now())
    try:
        return institution_facts(code, on=fresh.as_of), fresh
    except NotThere as error:
        raise Http404 from error
