"""`/rules/{id}/{version}`: one version of the rules, every parameter in words, assumptions marked as such."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import conditional_page, require_safe

from institutions.errors import NotThere
from scoring.selectors.places import place_names
from scoring.selectors.published_rules import published_rulebook
from scoring.views.rule_rows import clause_rows, parameter_sections


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
    }
    return render(request, "scoring/rulebook.html", facts)
