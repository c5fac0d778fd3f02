"""`/cases/feed.atom`: typical cases as an Atom feed, and which of them are to be let go (RFC 6721 tombstones)."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import conditional_page, require_safe

from cases.selectors import typical_cases
from cases.views.typical_cases import PAGE_SIZE, case_text
from institutions import clock
from institutions.clock import start_of
from institutions.selectors import freshness
from scoring.views.caching import never_indexed
from scoring.views.tombstones import FeedWithTombstones, Tombstone


@require_safe
@conditional_page
@never_indexed
def case_feed(request: HttpRequest) -> HttpResponse:
    """Send the latest cases with their last day of display, and what is gone."""
    on = freshness.as_of(clock.now())
    home = settings.PUBLIC_URL + reverse("typical-cases")
    shown = typical_cases.as_published(list(typical_cases.published_cases(on)[:PAGE_SIZE]))
    feed = FeedWithTombstones(
        title=_("Typical cases"),
        link=home,
        description=_("Cases told with masked names. Show none of them after its last day of display."),
        language=get_language(),
        feed_url=settings.PUBLIC_URL + reverse("typical-case-feed"),
        feed_guid="urn:jifen:cases",
    )
    feed.gone = [Tombstone(identifier(case.slug), case.gone_on) for case in typical_cases.gone_cases(on)]
    for case in shown:
        told = case_text(case)
        feed.add_item(
            title=told.title,
            link=settings.PUBLIC_URL + reverse("typical-case", args=[case.slug]),
            description="\n".join(told.paragraphs),
            unique_id=identifier(case.slug),
            pubdate=start_of(case.published_on),
            updateddate=start_of(case.published_on),
            display_until=case.display_until.isoformat(),
        )
    response = HttpResponse(content_type=feed.content_type)
    feed.write(response, "utf-8")
    return response


def identifier(slug: str) -> str:
    """Return the name under which feeds know a case, whatever its address."""
    return f"urn:jifen:case:{slug}"
