"""Locks on things that are not one row."""

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
