"""Publication: a scorecard is rendered once per change, after commit, and is never served when stale."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F, Q

from institutions.clock import local_date
from institutions.models import Practitioner
from scoring.models import Scorecard
from scoring.selectors.accounts import LoadedAccount
from scoring.selectors.many_accounts import load_accounts
from scoring.selectors.open_rows import open_rows
from scoring.selectors.scorecards import facts_from, holds_until
from scoring.selectors.surroundings import Surroundings, surroundings_of
from scoring.services import status_changes

BATCH = 500
RENDERED = ["body", "open_rows", "digest", "version", "valid_from", "valid_until", "dirty_at", "published_at"]

# Whoever has no row yet gets one, which is rendered like any other.
MARK_DIRTY = """
INSERT INTO scoring_scorecard AS card (practitioner_id, digest, version, dirty_at)
SELECT person, '', 0, %s FROM unnest(%s::uuid[]) AS person
ON CONFLICT (practitioner_id) DO UPDATE SET dirty_at = EXCLUDED.dirty_at
"""


def mark_dirty(*, practitioner: Practitioner, now: datetime) -> None:
    """Take a person's scorecard out of service in the transaction that makes it stale."""
    mark_dirty_of([practitioner.pk], now=now)


def mark_dirty_of(people: Collection[UUID], *, now: datetime) -> None:
    """Take the scorecards of these people out of service, in the order of their ids; the people are held."""
    with connection.cursor() as cursor:
        cursor.execute(MARK_DIRTY, [now, sorted(people)])


def publish_dirty(*, now: datetime, limit: int | None = None) -> int:
    """Render every scorecard that is dirty or does not hold today; return how many.

    Each batch is one transaction that holds the cards' rows, so two publishers never render the same
    card, and a card made dirty meanwhile stays dirty.
    """
    done = 0
    while limit is None or done < limit:
        rendered = _publish_batch(now, BATCH if limit is None else min(BATCH, limit - done))
        done += rendered
        if rendered == 0:
            break
    return done


def _publish_batch(now: datetime, size: int) -> int:
    today = local_date(now)
    due = Q(dirty_at__isnull=False) | Q(valid_until__lt=today)
    with transaction.atomic():
        cards = (
            Scorecard.objects.filter(due)
            .select_for_update(skip_locked=True, of=("self",))
            .select_related("practitioner")
            .order_by("practitioner_id")[:size]
        )
        rows = list(cards)
        accounts = load_accounts([card.practitioner_id for card in rows])
        around = surroundings_of(accounts, today)
        for card in rows:
            _fill(card, accounts[card.practitioner_id], around, now)
        Scorecard.objects.bulk_create(  # the rows are there, and held: this updates them
            rows, update_conflicts=True, unique_fields=["practitioner"], update_fields=RENDERED
        )
        status_changes.note_changes(rows, accounts, now=now)
    return len(rows)


def _fill(card: Scorecard, loaded: LoadedAccount, around: Surroundings, now: datetime) -> None:
    """Fill a card with the facts as they hold from the day of the surroundings; the caller saves it."""
    facts = facts_from(card.practitioner, loaded, around)
    body = facts.as_json()
    digest = hashlib.sha256(json.dumps(body, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
    if digest != card.digest:
        card.version += 1
    card.body, card.digest = body, digest
    card.open_rows = open_rows(facts, loaded, around.on)
    card.valid_from, card.valid_until = around.on, holds_until(card.practitioner, loaded, around)
    card.dirty_at, card.published_at = None, now


def mark_all_dirty(*, now: datetime) -> int:
    """Have every published card rendered again (a rulebook was activated, a projection is rebuilt)."""
    return Scorecard.objects.filter(dirty_at__isnull=True).update(dirty_at=now, version=F("version"))
