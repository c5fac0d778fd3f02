"""How rows are named: keys that sort by time, and public ids that nobody can guess. Pure; no Django."""

import base64
import secrets
import time
import uuid

SLUG_BYTES = 10  # 80 bits, written as 16 letters and digits


def new_id() -> uuid.UUID:
    """Return a version 7 UUID (RFC 9562): 48 bits of milliseconds, then chance."""
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds & ((1 << 48) - 1)) << 80 | secrets.randbits(80)
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return uuid.UUID(int=value)


def new_id_range() -> str:
    """Return the first 24 hexadecimal digits of version 7 UUIDs of this instant; a running number makes the other 8.

    For very many rows of one act: drawing chance for each of them takes longer than writing it.
    """
    return new_id().hex[:24]


def new_slug() -> str:
    """Return an unguessable public id: 16 lower-case letters and digits (base 32)."""
    return base64.b32encode(secrets.token_bytes(SLUG_BYTES)).decode("ascii").lower()
