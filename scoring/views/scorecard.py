"""`/s/{slug}`: one person's scorecard. The address holds an unguessable id and no code."""

from __future__ import annotations

from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import quote_etag
from django.utils.translation import get_language
from django.views.decorators.http import conditional_page, require_safe

from institutions import clock
from institutions.errors import NotThere
from institutions.selectors import freshness
from institutions.services import record_access
from scoring.publication.rendering import LANGUAGES, page_context
from scoring.selectors.places import place_names
from scoring.selectors.published import CONTENT_TYPES, PAGES, published
from scoring.selectors.published_rules import published_rulebook
from scoring.selectors.scorecards import served_scorecard
from scoring.views.caching import never_indexed
from scoring.views.scorecard_page import is_closed


@require_safe
@conditional_page
@never_indexed
def scorecard(request: HttpRequest, slug: str) -> HttpResponse:
    """Send the published bytes where there are any that hold, else compute the page."""
    now = clock.now()
    form = PAGES[get_language() or LANGUAGES[0]]
    found = published(slug, form, now)
    if found is None:
        return _computed(request, slug, now)
    record_access.count_lookup(slug=slug, now=now)
    response = HttpResponse(found.body, content_type=CONTENT_TYPES[form])
    response["ETag"] = quote_etag(found.etag)
    return response


def _computed(request: HttpRequest, slug: str, now: datetime) -> HttpResponse:
    """Show the facts of today, or of the last good date where a night was missed.

    A designed page where the rules send the reader to the institution instead.
    """
    try:
        served = served_scorecard(slug, on=freshness.as_of(now), now=now)
    except NotThere as error:
        raise Http404 from error
    card = served.card
    if is_closed(card):
        return render(request, "scoring/closed.html")
    record_access.count_lookup(slug=slug, now=now)
    facts = page_context(
        card,
        published_rulebook(card.rulebook.id, card.rulebook.version),
        place_names(site.region for site in card.institutions),
        on=served.as_of,
        as_of=served.as_of,
        evaluated_at=served.evaluated_at,
    )
    return render(request, "scoring/scorecard.html", facts)
