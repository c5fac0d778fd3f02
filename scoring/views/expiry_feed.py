"""`/open-data/expired.atom`: which rows of open data are to be let go. Only tombstones: nothing is published here."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import conditional_page, require_safe

from institutions import clock
from institutions.selectors import freshness
from scoring.selectors.expiry import gone_rows
from scoring.views.caching import never_indexed
from scoring.views.tombstones import FeedWithTombstones, Tombstone


@require_safe
@conditional_page
@never_indexed
def expiry_feed(request: HttpRequest) -> HttpResponse:
    """Send a tombstone for each row that ended or was undone, with the word of the deltas for it."""
    feed = FeedWithTombstones(
        title=_("Rows of open data to be let go"),
        link=settings.PUBLIC_URL + reverse("open-data"),
        description=_("Whoever shows a row named here drops it now; the deltas say the same."),
        language=get_language(),
        feed_url=settings.PUBLIC_URL + reverse("open-data-expired"),
        feed_guid="urn:jifen:open-data:expired",
    )
    on = freshness.as_of(clock.now())
    feed.gone = [Tombstone(f"urn:jifen:row:{row.row_id}", row.gone_on, row.gone_as) for row in gone_rows(on)]
    response = HttpResponse(content_type=feed.content_type)
    feed.write(response, "utf-8")
    return response
