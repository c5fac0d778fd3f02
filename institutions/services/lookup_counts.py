"""Counting public look-ups without a write at each: a process gathers them and stores them together now and then.

A stranger's reading must not cost a write, or whoever reads much can stop everybody. What a process that is killed had
gathered is lost; nothing but the number told to the person depends on it.
"""

from __future__ import annotations

import atexit
import threading
import time
from collections import Counter
from datetime import date

from django.conf import settings
from django.db import connection

STORE = """
INSERT INTO institutions_lookupcount AS known (practitioner_id, "on", lookups)
SELECT person.id, seen."on", seen.lookups
FROM unnest(%s::text[], %s::date[], %s::int[]) AS seen (slug, "on", lookups)
JOIN institutions_practitioner person ON person.slug = seen.slug
ORDER BY person.id, seen."on"
ON CONFLICT (practitioner_id, "on") DO UPDATE SET lookups = known.lookups + EXCLUDED.lookups
"""
GATHERED_MAX = 1_000


class Gathered:
    """What one process has counted and not stored yet."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, date]] = Counter()
        self._lock = threading.Lock()
        self._stored_at = time.monotonic()

    def add(self, slug: str, on: date) -> None:
        """Count one look-up of a Shanghai date; store what was gathered when it is much, or some time has passed."""
        with self._lock:
            self._counts[slug, on] += 1
            waited = time.monotonic() - self._stored_at
            is_due = waited >= settings.LOOKUP_COUNTS_STORED_SECONDS or len(self._counts) >= GATHERED_MAX
        if is_due:
            self.store()

    def store(self) -> None:
        """Store what was gathered, in one statement; unknown ids count nothing."""
        with self._lock:
            counts, self._counts = self._counts, Counter()
            self._stored_at = time.monotonic()
        if not counts:
            return
        slugs, days = zip(*counts, strict=True)
        with connection.cursor() as cursor:
            cursor.execute(STORE, [list(slugs), list(days), list(counts.values())])


GATHERED = Gathered()
atexit.register(GATHERED.store)
