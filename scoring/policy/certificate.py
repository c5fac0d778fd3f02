"""The text of a status certificate that is signed and stands in its QR code. Pure: no Django, no key, no clock."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

DAYS = 90  # at most; of the product: long enough for a contract, short enough to be looked up again
DIGEST_BYTES = 16
FORM = re.compile(
    r"J1\.(?P<slug>[a-z2-7]{16})\.(?P<issued>\d{8})\.(?P<until>\d{8})\.(?P<digest>[a-z2-7]{26})"
    r"\.(?P<key>[0-9a-f]{8})\.(?P<value>[A-Za-z0-9_-]{86})"
)


@dataclass(frozen=True, slots=True)
class Token:
    """Whose status, from when until when it may be shown (last day), the digest of what it says, and the signature."""

    slug: str
    issued_on: date
    valid_until: date
    digest: str
    key_id: str = ""
    value: str = ""

    @property
    def message(self) -> bytes:
        """What is signed: everything but the signature, under a name of its own."""
        return f"jifen-certificate:{self._plain}".encode()

    @property
    def text(self) -> str:
        """The token as it stands in the QR code."""
        return f"{self._plain}.{self.key_id}.{self.value}"

    def signed(self, key_id: str, value: str) -> Token:
        """The same with its signature."""
        return replace(self, key_id=key_id, value=value)

    @property
    def _plain(self) -> str:
        return f"J1.{self.slug}.{self.issued_on:%Y%m%d}.{self.valid_until:%Y%m%d}.{self.digest}"


def parse(text: str) -> Token | None:
    """Read a token; None for anything that is not one, whatever is wrong with it."""
    found = FORM.fullmatch(text.strip())
    if found is None:
        return None
    try:
        issued, until = (date.fromisoformat(found[name]) for name in ("issued", "until"))
    except ValueError:
        return None
    return Token(found["slug"], issued, until, found["digest"], found["key"], found["value"])


def digest_of(facts: Mapping[str, object]) -> str:
    """The digest of what a certificate says: the same facts, the same 26 letters."""
    plain = json.dumps(facts, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return base64.b32encode(hashlib.sha256(plain.encode()).digest()[:DIGEST_BYTES]).decode("ascii").rstrip("=").lower()


def last_day(issued_on: date, *, status_until: date | None, next_change_on: date | None) -> date:
    """The last day on which a certificate may be shown: while nothing that is known changes, and never long.

    Points go back to 0 at New Year, so no certificate outlives its year.
    """
    days = [issued_on + timedelta(days=DAYS - 1), date(issued_on.year, 12, 31)]
    if status_until is not None and status_until >= issued_on:
        days.append(status_until)
    if next_change_on is not None:
        days.append(next_change_on - timedelta(days=1))
    return min(days)
