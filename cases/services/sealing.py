"""Sealing who gave a tip: encrypted with a key that the database does not hold; former keys may be kept beside it."""

import base64
import hashlib
import json
from dataclasses import asdict, dataclass

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.translation import gettext as _

from institutions.errors import WrongState


@dataclass(frozen=True, slots=True)
class Informant:
    """Who gave a tip and how to reach them. Never stored in the clear, never shown but by a recorded opening."""

    name: str
    contact: str
    payee: str = ""


def seal(informant: Informant) -> bytes:
    """Return the identity, encrypted."""
    return _keys().encrypt(json.dumps(asdict(informant), ensure_ascii=False).encode())


def unseal(sealed: bytes) -> Informant:
    """Return the identity; raises `WrongState` where the key that sealed it is not here any more."""
    try:
        return Informant(**json.loads(_keys().decrypt(bytes(sealed))))
    except InvalidToken as error:
        raise WrongState(
            _("The identity cannot be opened with the keys that are set."),
            rule="TIP_KEY",
            next_step=_("Add the former key behind the present one, with a comma, and try again."),
        ) from error


def _keys() -> MultiFernet:
    return MultiFernet([Fernet(_derived(key)) for key in settings.TIP_KEY.split(",")])


def _derived(key: str) -> bytes:
    return base64.urlsafe_b64encode(hashlib.sha256(f"jifen tips {key.strip()}".encode()).digest())
