"""`/`: find a scorecard by name and institution, or by code. Two steps on a phone; works without JavaScript."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from institutions import clock
from institutions.json_types import JsonObject
from institutions.selectors import freshness
from scoring.api.throttling import LookupThrottle
from scoring.selectors import search
from scoring.selectors.places import provinces
from scoring.selectors.search import Candidate, Findings, Question
from scoring.views.caching import never_indexed
from scoring.views.scorecard_page import category_name


@dataclass(frozen=True)
class CandidateRow:
    """One candidate as the page lists them; `path` leads to the scorecard, or to the same question made exact."""

    name: str
    category: str
    sites: tuple[search.Site, ...]
    path: str
    choices: tuple[tuple[str, str], ...]


@require_safe
@never_indexed
def search_page(request: HttpRequest) -> HttpResponse:
    """Show the form; with a question, lead to the one person meant, list candidates, or say that nobody was found."""
    question = Question.read(request.GET.dict())
    if question.is_blank:
        return _render(request, question)
    throttle = LookupThrottle()
    if not throttle.allows(request):
        return too_often(request, throttle.wait())
    problems = search.problems_of(question)
    if problems:
        return _render(request, question, findings=_before_confirming(question), problems=problems, status=422)
    findings = search.find(question, on=freshness.as_of(clock.now()))
    if findings.only_confirmed is not None:
        return redirect("scorecard", slug=findings.only_confirmed.slug)
    return _render(request, question, findings=findings)


def _render(
    request: HttpRequest,
    question: Question,
    *,
    findings: Findings | None = None,
    problems: list[JsonObject] | None = None,
    status: int = 200,
) -> HttpResponse:
    rows = tuple(_row(candidate, question) for candidate in findings.candidates) if findings else ()
    facts = {
        "question": question,
        "provinces": provinces(),
        "problems": problems or [],
        "errors": {str(problem["field"]): problem["message"] for problem in reversed(problems or [])},
        "findings": findings,
        "rows": rows,
        "needs_more": any(not row.path and not row.choices for row in rows),
        "candidates_max": search.CANDIDATES_MAX,
    }
    return render(request, "scoring/search.html", facts, status=status)


def _before_confirming(question: Question) -> Findings | None:
    """Who was to be confirmed, where only the confirmation itself is not valid."""
    plain = replace(question, last_four="")
    return (
        search.find(plain, on=freshness.as_of(clock.now()))
        if question.last_four and not search.problems_of(plain)
        else None
    )


def _row(candidate: Candidate, question: Question) -> CandidateRow:
    """Where only the institution was not given in full, choosing it is the confirmation."""
    choices: tuple[tuple[str, str], ...] = ()
    if not candidate.is_confirmed and candidate.is_full_name_given:
        choices = tuple(
            (site.institution, _same_question(question, site.institution))
            for site in candidate.sites
            if site.institution != question.institution
        )
    return CandidateRow(
        name=candidate.name,
        category=category_name(candidate.category),
        sites=candidate.sites,
        path=f"/s/{candidate.slug}" if candidate.is_confirmed else "",
        choices=choices,
    )


def _same_question(question: Question, institution: str) -> str:
    return "/?" + urlencode({"name": question.name, "institution": institution, "region": question.region})


def too_often(request: HttpRequest, wait: float | None) -> HttpResponse:
    """Answer whoever asked more often than a person does, with how long to wait."""
    facts = {
        "status": 429,
        "title": _("Too many look-ups"),
        "detail": _(
            "So many questions came from your network in a short time that we have to pause."
            " Wait a minute and try again."
        ),
    }
    response = render(request, "error.html", facts, status=429)
    response["Retry-After"] = str(int(wait or 60) + 1)
    return response
