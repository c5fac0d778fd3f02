"""Publication: a scorecard is rendered once per change, after commit, and is never served when stale."""

from __future__ import annotations

import hashlib
import json
from datetime import date, datetime

from django.db import transaction
from django.db.models import F, Q

from institutions.clock import local_date
from institutions.models import Practitioner
from scoring.models import Scorecard
from scoring.selectors.scorecards import facts_of, holds_until

BATCH = 500


def mark_dirty(*, practitioner: Practitioner, now: datetime) -> None:
    """Take a person's scorecard out of service in the transaction that makes it stale."""
    Scorecard.objects.bulk_create([Scorecard(practitioner=practitioner, dirty_at=now)], ignore_conflicts=True)
    Scorecard.objects.filter(practitioner=practitioner).update(dirty_at=now)


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
        for card in rows:
            render(card, today, now)
        Scorecard.objects.bulk_update(
            rows, ["body", "digest", "version", "valid_from", "valid_until", "dirty_at", "published_at"]
        )
    return len(rows)


def render(card: Scorecard, today: date, now: datetime) -> None:
    """Fill a card with the facts as they hold from ``today``; the caller saves it."""
    facts, loaded = facts_of(card.practitioner, on=today)
    body = facts.as_json()
    digest = hashlib.sha256(json.dumps(body, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
    if digest != card.digest:
        card.version += 1
    card.body, card.digest = body, digest
    card.valid_from, card.valid_until = today, holds_until(card.practitioner, loaded, today)
    card.dirty_at, card.published_at = None, now


def mark_all_dirty(*, now: datetime) -> int:
    """Have every published card rendered again (a rulebook was activated, a projection is rebuilt)."""
    return Scorecard.objects.filter(dirty_at__isnull=True).update(dirty_at=now, version=F("version"))
