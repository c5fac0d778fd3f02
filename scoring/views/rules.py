"""`/rules/`: the rules; `/rules/{id}/{version}`: one version, every parameter in words, assumptions marked as such."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import conditional_page, require_safe

from institutions import clock
from institutions.errors import NotThere
from institutions.selectors import freshness
from scoring.models import RulebookDraft
from scoring.policy.examples import worked_examples
from scoring.selectors.places import place_names
from scoring.selectors.published_rules import decisions_under, published_rulebook, published_rulebooks
from scoring.selectors.rulebook_drafts import published_drafts
from scoring.services.rulebook_drafts import K_MIN
from scoring.views.rule_rows import clause_rows, parameter_sections


@require_safe
@conditional_page
def rulebooks(request: HttpRequest) -> HttpResponse:
    """List every activated version of the rules, by region, and say which are in force today."""
    listed = published_rulebooks(freshness.as_of(clock.now()))
    places = place_names(book.jurisdiction.ljust(6, "0") for book in listed if book.jurisdiction)
    is_english = (get_language() or "").startswith("en")
    rows = [
        (book, book.title_en if is_english else book.title, places.get(book.jurisdiction.ljust(6, "0"), ""))
        for book in listed
    ]
    drafts = [(draft, _titled(draft, is_english)) for draft in published_drafts()]
    return render(request, "scoring/rulebooks.html", {"rows": rows, "drafts": drafts})


@require_safe
@conditional_page
def rulebook(request: HttpRequest, rulebook_id: str, version: int) -> HttpResponse:
    """Show an activated version; drafts are not there."""
    try:
        book = published_rulebook(rulebook_id, version)
    except NotThere as error:
        raise Http404 from error
    language = get_language() or "zh-hans"
    region = book.jurisdiction.ljust(6, "0")
    facts = {
        "book": book,
        "title": book.title_en if language.startswith("en") else book.title,
        "place": place_names([region]).get(region, "") if book.jurisdiction else "",
        "sections": parameter_sections(book),
        "clauses": clause_rows(book, language),
        "examples": worked_examples(book),
        "decisions": decisions_under(book, step=K_MIN),
        "k_min": K_MIN,
    }
    return render(request, "scoring/rulebook.html", facts)


def _titled(draft: RulebookDraft, is_english: bool) -> str:
    return str(draft.pack.get("title_en") or draft.title) if is_english else draft.title
