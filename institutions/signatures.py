"""What this administration signs with: an Ed25519 key (RFC 8032), and the public keys by which anybody can check.

The private key is a setting. Where none is given (never in production) one is made once under `var/`.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
import secrets
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings

KEY_BYTES = 32
KEY_ID_LENGTH = 8


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature and the id of the key that made it, both as they are written down."""

    key_id: str
    value: str


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A key to check with: its id, its 32 bytes in base64url, and whether new signatures are made with it."""

    key_id: str
    value: str
    is_current: bool


def sign(message: bytes) -> Signature:
    """Sign a message with the present key."""
    key = _private_key(_secret())
    return Signature(key_id(_raw(key.public_key())), encode(key.sign(message)))


def is_signed(message: bytes, signature: Signature) -> bool:
    """Say whether a message was signed by one of our keys, the present or a retired one; never raises."""
    known = next((key for key in public_keys() if key.key_id == signature.key_id), None)
    if known is None:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(decode(known.value)).verify(decode(signature.value), message)
    except (InvalidSignature, ValueError):
        return False
    return True


def public_keys() -> list[PublicKey]:
    """Return the keys to check with, the present one first."""
    current = _raw(_private_key(_secret()).public_key())
    retired = [decode(_urlsafe(key)) for key in settings.CERTIFICATE_RETIRED_KEYS]
    return [
        PublicKey(key_id(current), encode(current), is_current=True),
        *(PublicKey(key_id(raw), encode(raw), is_current=False) for raw in retired if raw != current),
    ]


def key_id(raw: bytes) -> str:
    """Return the name of a public key: the beginning of its SHA-256."""
    return hashlib.sha256(raw).hexdigest()[:KEY_ID_LENGTH]


def encode(raw: bytes) -> str:
    """Write bytes in base64url without padding."""
    return base64.urlsafe_b64encode(raw).decode("ascii").rstrip("=")


def decode(text: str) -> bytes:
    """Read base64url without padding, in its one canonical form; raises ValueError for anything else."""
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError(str(error)) from error
    if encode(raw) != text.rstrip("="):
        raise ValueError("not the canonical form")
    return raw


def is_key(text: str) -> bool:
    """Say whether a text can be a private key: 32 bytes in base64, not all alike."""
    try:
        raw = decode(_urlsafe(text))
    except ValueError:
        return False
    return len(raw) == KEY_BYTES and len(set(raw)) >= KEY_BYTES // 4


def _urlsafe(text: str) -> str:
    return text.strip().replace("+", "-").replace("/", "_").rstrip("=")


def _secret() -> bytes:
    given = settings.CERTIFICATE_KEY
    return decode(_urlsafe(given)) if given else _made_once(Path(settings.VAR_DIR) / "keys" / "certificate.key")


@lru_cache(maxsize=4)
def _made_once(path: Path) -> bytes:
    """The key under `var/`, made by whoever comes first; two at once agree, as only one file can be linked there."""
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(secrets.token_bytes(KEY_BYTES))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_bytes()


@lru_cache(maxsize=4)
def _private_key(secret: bytes) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(secret)


def _raw(key: Ed25519PublicKey) -> bytes:
    return key.public_bytes_raw()
