"""Locks on things that are not one row."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

ROSTER = 7_301_001  # any number, as long as nothing else uses it


def lock_roster() -> None:
    """Wait until no other transaction makes or changes people and places by roster or case; held until it ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ROSTER])


def keep_roster_still() -> None:
    """Wait until nobody makes or changes people by roster, case or merge, and keep it so until this transaction ends.

    For whoever holds several people at once; any number of them run beside each other.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [ROSTER])


@contextmanager
def held_alone(lock: int, key: int) -> Iterator[bool]:
    """Hold a piece of background work for this session, by an advisory lock; yields False where another holds it.

    The lock goes with the session: a worker that dies leaves its work to the next.
    """
    keys = [lock, key % (1 << 31)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", keys)
        (is_free,) = cursor.fetchone()
    try:
        yield bool(is_free)
    finally:
        if is_free:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", keys)
