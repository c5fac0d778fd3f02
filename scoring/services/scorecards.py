"""Publication: a scorecard is rendered once per change, after commit, and is never served when stale."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

import psycopg
from django.db import connection, transaction
from django.db.models import Q

from institutions import published_files
from institutions.clock import local_date
from institutions.models import Practitioner
from institutions.published_files import FilesOutOfReach
from scoring.models import PublishedPages, Scorecard
from scoring.policy.rulebook import Rulebook
from scoring.publication import rendering
from scoring.selectors.accounts import LoadedAccount
from scoring.selectors.many_accounts import load_accounts
from scoring.selectors.open_rows import open_rows
from scoring.selectors.places import place_names
from scoring.selectors.public_facts import PublicScorecard
from scoring.selectors.published_rules import published_rulebook
from scoring.selectors.scorecards import facts_from, holds_until
from scoring.selectors.surroundings import Surroundings, surroundings_of
from scoring.services import card_files, status_changes

BATCH = 100  # a posting for one of them waits as long as a batch takes

# Whoever has no row yet gets one, which is rendered like any other.
MARK_DIRTY = """
INSERT INTO scoring_scorecard AS card (practitioner_id, digest, version, dirty_at)
SELECT person, '', 0, %s FROM unnest(%s::uuid[]) AS person
ON CONFLICT (practitioner_id) DO UPDATE SET dirty_at = EXCLUDED.dirty_at
RETURNING (SELECT slug FROM institutions_practitioner WHERE id = practitioner_id), filed_in
"""
MARK_ALL_DIRTY = """
WITH held AS (SELECT practitioner_id FROM scoring_scorecard ORDER BY practitioner_id FOR NO KEY UPDATE)
UPDATE scoring_scorecard card SET dirty_at = %s FROM held WHERE held.practitioner_id = card.practitioner_id
RETURNING filed_in
"""
# One statement a batch, its values in binary (%b), past Django's cursors: they would write every one out as SQL.
STORE_CARDS = b"""
UPDATE scoring_scorecard AS card
SET body = made.body::jsonb, open_rows = made.open_rows::jsonb, digest = made.digest, version = made.version,
  valid_from = made.valid_from, valid_until = made.valid_until, dirty_at = NULL, published_at = made.published_at
FROM unnest(%b::uuid[], %b::text[], %b::text[], %b::text[], %b::int[], %b::date[], %b::date[], %b::timestamptz[])
  AS made (person, body, open_rows, digest, version, valid_from, valid_until, published_at)
WHERE card.practitioner_id = made.person
"""
STORE_PAGES = b"""
INSERT INTO scoring_publishedpages (scorecard_id, facts, page_zh_hans, page_en, digest, made_with)
SELECT * FROM unnest(%b::uuid[], %b::bytea[], %b::bytea[], %b::bytea[], %b::text[], %b::text[])
ON CONFLICT (scorecard_id) DO UPDATE SET facts = EXCLUDED.facts, page_zh_hans = EXCLUDED.page_zh_hans,
  page_en = EXCLUDED.page_en, digest = EXCLUDED.digest, made_with = EXCLUDED.made_with
"""
_SEEN: set[str] = set()


def mark_dirty(*, practitioner: Practitioner, now: datetime) -> None:
    """Take a person's scorecard out of service in the transaction that makes it stale."""
    mark_dirty_of([practitioner.pk], now=now)


def mark_dirty_of(people: Collection[UUID], *, now: datetime) -> None:
    """Take the scorecards of these people out of service, in the order of their ids; the people are held.

    Their published files are gone before the transaction commits. Raises FilesOutOfReach where this process cannot
    remove them.
    """
    with connection.cursor() as cursor:
        cursor.execute(MARK_DIRTY, [now, sorted(people)])
        cards = cursor.fetchall()
    _ensure_in_reach(any(filed_in for _slug, filed_in in cards))
    published_files.withdraw([slug for slug, _filed_in in cards])


def mark_all_dirty(*, now: datetime) -> int:
    """Have every published card rendered again (rules or a pilot began, a projection is rebuilt); return how many.

    Those that are dirty already too: a publisher may be rendering one of them by what is no longer so, and is waited
    for.
    """
    with connection.cursor() as cursor:
        cursor.execute(MARK_ALL_DIRTY, [now])
        filed = [bool(filed_in) for (filed_in,) in cursor.fetchall()]
    _ensure_in_reach(any(filed))
    published_files.withdraw_all()
    return len(filed)


def _ensure_in_reach(is_filed: bool) -> None:
    if is_filed and not published_files.is_in_reach():
        raise FilesOutOfReach(
            "Pages are published as files, and PUBLISHED_DIR leads this process to none: what it commits would leave"
            " old pages in service. Give every process the same PUBLISHED_DIR, or run `manage.py publish --no-files`"
            " where the files are."
        )


def publish_dirty(*, now: datetime, limit: int | None = None) -> int:
    """Render every scorecard that is dirty or does not hold today; return how many.

    Each batch is one transaction that holds the cards' rows, so two publishers never render the same
    card, and a card made dirty meanwhile stays dirty.
    """
    _take_out_other_releases(now)
    done = 0
    folder = card_files.folder_of(now)
    while limit is None or done < limit:
        rendered = _publish_batch(now, BATCH if limit is None else min(BATCH, limit - done), folder)
        done += rendered
        if rendered == 0:
            break
    return done


def _take_out_other_releases(now: datetime) -> None:
    """Once per process: have pages rendered again that another release's templates made. Their facts are true, so
    that files of them may stay until they are replaced."""
    if rendering.made_with() in _SEEN:
        return
    others = Scorecard.objects.filter(dirty_at__isnull=True, pages__isnull=False)
    others.exclude(pages__made_with=rendering.made_with()).update(dirty_at=now)
    _SEEN.add(rendering.made_with())


@transaction.atomic
def _publish_batch(now: datetime, size: int, folder: str) -> int:
    today = local_date(now)
    due = Q(dirty_at__isnull=False) | Q(valid_until__lt=today)
    rows = list(
        Scorecard.objects.filter(due)
        .select_for_update(skip_locked=True, no_key=True, of=("self",))
        .select_related("practitioner")
        .order_by("practitioner_id")[:size]
    )
    accounts = load_accounts([card.practitioner_id for card in rows])
    around = surroundings_of(accounts, today)
    facts = [_fill(card, accounts[card.practitioner_id], around, now) for card in rows]
    _store_cards(rows)
    status_changes.note_changes(rows, accounts, now=now)
    pages = _pages(rows, facts, now)
    _take_out({card.pk for card in rows} - {page.pk for page in pages})
    _store_pages(pages)
    card_files.write_files(pages, folder, today)
    return len(rows)


def _fill(card: Scorecard, loaded: LoadedAccount, around: Surroundings, now: datetime) -> PublicScorecard:
    """Fill a card with the facts that hold from the day of the surroundings, and return them; the caller saves it."""
    facts = facts_from(card.practitioner, loaded, around)
    body = facts.as_json()
    digest = hashlib.sha256(json.dumps(body, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
    if digest != card.digest:
        card.version += 1
    card.body, card.digest = body, digest
    card.open_rows = open_rows(facts, loaded, around.on)
    card.valid_from, card.valid_until = around.on, holds_until(card.practitioner, loaded, around)
    card.dirty_at, card.published_at = None, now
    return facts


def _pages(cards: list[Scorecard], facts: list[PublicScorecard], now: datetime) -> list[PublishedPages]:
    """Return the bytes of those who are published at all."""
    places = place_names({site.region for one in facts for site in one.institutions})
    rules: dict[tuple[str, int], Rulebook] = {}
    made = []
    for card, one in zip(cards, facts, strict=True):
        assert card.body is not None
        assert card.valid_from is not None
        person = card.practitioner
        if person.is_provisional or person.merged_into_id is not None:
            continue
        named = (one.rulebook.id, one.rulebook.version)
        if named not in rules:
            rules[named] = published_rulebook(*named)
        pages = rendering.undated_pages(one, card.body, rules[named], places, on=card.valid_from, at=now)
        if pages is not None:
            made.append(
                PublishedPages(
                    scorecard=card,
                    facts=pages.facts,
                    page_zh_hans=pages.page_zh_hans,
                    page_en=pages.page_en,
                    digest=pages.digest,
                    made_with=rendering.made_with(),
                )
            )
    return made


def _store_cards(cards: list[Scorecard]) -> None:
    """Write what was filled in; the rows are there, and held."""
    _store(
        STORE_CARDS,
        [
            (
                card.pk,
                json.dumps(card.body, ensure_ascii=False),
                json.dumps(card.open_rows, ensure_ascii=False),
                card.digest,
                card.version,
                card.valid_from,
                card.valid_until,
                card.published_at,
            )
            for card in cards
        ],
    )


def _take_out(people: set[UUID]) -> None:
    """Remove the stored bytes of those who are not published any more."""
    if people:
        PublishedPages.objects.filter(pk__in=people).delete()


def _store_pages(pages: list[PublishedPages]) -> None:
    _store(STORE_PAGES, [(p.pk, p.facts, p.page_zh_hans, p.page_en, p.digest, p.made_with) for p in pages])


def _store(statement: bytes, rows: Sequence[tuple[object, ...]]) -> None:
    """Run a statement that takes each column of the rows as an array."""
    if rows:
        columns = [list(column) for column in zip(*rows, strict=True)]
        with psycopg.Cursor(connection.connection) as cursor:
            cursor.execute(statement, columns, binary=True)
