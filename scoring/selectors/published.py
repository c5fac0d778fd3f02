"""The published bytes of a person, read with one prepared statement: no model, no template.

The statement itself makes sure that they may be sent: the card is not dirty and holds on the date, the person stands
and has not changed since, last night's work was done, and the pages were made with this release's templates. Where one
of these is not so there is no row, and the caller computes the page.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import psycopg
from django.conf import settings
from django.db import connection

from institutions import clock
from scoring.publication.dating import dated
from scoring.publication.rendering import made_with

FACTS = "json"
PAGES = {"zh-hans": "zh-hans.html", "en": "en.html"}
COLUMNS = {FACTS: "facts", "zh-hans.html": "page_zh_hans", "en.html": "page_en"}
LANGUAGE = {FACTS: "", "zh-hans.html": "zh-hans", "en.html": "en"}
CONTENT_TYPES = {
    FACTS: "application/json",
    "zh-hans.html": "text/html; charset=utf-8",
    "en.html": "text/html; charset=utf-8",
}
FIND = """
SELECT pages.{column}, pages.digest FROM institutions_practitioner person
JOIN scoring_scorecard card ON card.practitioner_id = person.id
JOIN scoring_publishedpages pages ON pages.scorecard_id = card.practitioner_id
WHERE person.slug = %(slug)s AND NOT person.is_provisional AND person.merged_into_id IS NULL
  AND card.dirty_at IS NULL AND person.profile_changed_at <= card.published_at
  AND %(today)s BETWEEN card.valid_from AND card.valid_until AND pages.made_with = %(made_with)s
  AND NOT EXISTS (
    SELECT FROM unnest(%(jobs)s::text[]) AS job (name) WHERE NOT EXISTS (
      SELECT FROM institutions_jobrun run WHERE run.name = job.name AND run.outcome = 'done'
        AND run.for_date BETWEEN %(due_on)s AND %(today)s))
"""
STATEMENTS = {form: FIND.format(column=column) for form, column in COLUMNS.items()}


@dataclass(frozen=True, slots=True)
class Published:
    """Bytes that may be sent now, of which Shanghai date they are, and their ETag without quotes."""

    body: bytes
    etag: str
    as_of: date


def published(slug: str, form: str, now: datetime) -> Published | None:
    """Return the published bytes of a public id in a form (`COLUMNS`), or None where they have to be computed."""
    connection.ensure_connection()
    wrapped = connection.connection
    if wrapped.prepare_threshold is None:
        wrapped.prepare_threshold = 5  # Django's own cursors prepare nothing either way
    return find(wrapped, slug, form, now)


def find(wrapped: psycopg.Connection[tuple[object, ...]], slug: str, form: str, now: datetime) -> Published | None:
    """As `published`, on a connection of the caller's own."""
    today = clock.local_date(now)
    cursor = psycopg.Cursor(wrapped)
    cursor.execute(
        STATEMENTS[form].encode(),
        {
            "slug": slug,
            "today": today,
            "due_on": clock.local_date(now - timedelta(hours=settings.NIGHT_DONE_BY_HOUR)),
            "made_with": made_with(),
            "jobs": list(settings.MANDATORY_JOBS),
        },
        prepare=True,
        binary=True,
    )
    row = cursor.fetchone()
    if row is None:
        return None
    body, digest = row
    assert isinstance(body, bytes)
    return Published(dated(body, today, LANGUAGE[form]), f"{digest}-{form[:2]}-{today:%Y%m%d}", today)
