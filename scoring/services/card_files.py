"""The published files of scorecards: written for one Shanghai date, once that date's night is done, and only here.

Whoever changes a person takes the card's row (`scorecards.mark_dirty_of`, or the database's triggers where a profile
changed), removes the files, and commits. Here the row is taken likewise, what is committed is read again, and the files
are written before it is let go: so no file ever outlives the commit that makes it untrue.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from isal import isal_zlib

from institutions import published_files
from institutions.clock import local_date
from institutions.selectors import freshness
from scoring.models import PublishedPages, Scorecard
from scoring.publication.dating import dated
from scoring.publication.rendering import made_with
from scoring.selectors.published import COLUMNS, LANGUAGE

BATCH = 500
GZIP = 16 + isal_zlib.MAX_WBITS


def folder_of(now: datetime) -> str:
    """Return the mark of the folder into which pages may be written now; empty where none may.

    None before the night of the date is done: from then on, and not before, no instant of the date can be one at
    which pages have to say that a night was missed.
    """
    today = local_date(now)
    if not published_files.is_on() or not freshness.is_night_done(today):
        return ""
    return published_files.open_day(today)


def publish_files(*, now: datetime) -> int:
    """Write the files of every card that holds today and is not in today's folder yet; return how many cards.

    Folders of other dates are removed first, whether or not anything may be written.
    """
    if not published_files.is_on():
        return 0
    today = local_date(now)
    published_files.sweep(today)
    folder = folder_of(now)
    done, last = 0, None
    while folder:
        batch = _publish_batch(_due(today, folder, last), folder, today)
        done += len(batch)
        if not batch:
            break
        last = batch[-1]
    return done


def withdraw_files() -> int:
    """Take every file away, and have none missed by processes that know no folder; return how many cards had files."""
    with transaction.atomic():
        filed = Scorecard.objects.exclude(filed_in="").update(filed_in="")
        published_files.withdraw_all()
    return filed


def write_files(pages: Sequence[PublishedPages], folder: str, today: date) -> None:
    """Write the files of these people, whose cards are held and hold today; nothing where there is no folder."""
    if not folder:
        return
    written = []
    for one in pages:
        card = one.scorecard
        if card.valid_from is None or card.valid_until is None or not card.valid_from <= today <= card.valid_until:
            continue
        if published_files.write(today, card.practitioner.slug, _contents(one, today)):
            written.append(card.pk)
    Scorecard.objects.filter(pk__in=written).update(filed_in=folder)


def _contents(pages: PublishedPages, today: date) -> dict[str, bytes]:
    return {
        form: _zipped(dated(bytes(getattr(pages, column)), today, LANGUAGE[form])) for form, column in COLUMNS.items()
    }


def _zipped(content: bytes) -> bytes:
    return isal_zlib.compress(content, isal_zlib.ISAL_BEST_COMPRESSION, GZIP)


def _due(today: date, folder: str, after: object) -> QuerySet[Scorecard]:
    due = Scorecard.objects.filter(
        dirty_at__isnull=True, valid_from__lte=today, valid_until__gte=today, pages__made_with=made_with()
    ).exclude(filed_in=folder)
    return due.filter(Q(pk__gt=after)) if after is not None else due


@transaction.atomic
def _publish_batch(due: QuerySet[Scorecard], folder: str, today: date) -> list[object]:
    rows = due.select_for_update(skip_locked=True, no_key=True, of=("self",)).select_related("practitioner")
    cards = {card.pk: card for card in rows.order_by("pk")[:BATCH]}
    pages = list(PublishedPages.objects.filter(pk__in=cards))  # read after the rows were taken: what is committed
    for one in pages:
        one.scorecard = cards[one.pk]
    write_files(pages, folder, today)
    return list(cards)
