"""Secrets that have to be read again: encrypted under `settings.SECOND_FACTOR_KEY` before they are kept anywhere."""

import base64
import hashlib
import hmac

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.utils.translation import gettext as _

from institutions.errors import WrongState


def sealed(secret: str) -> str:
    """Return a secret encrypted and signed."""
    return _cipher().encrypt(secret.encode()).decode()


def opened(token: str) -> str:
    """Return the secret again; refuse one that was sealed under another key."""
    try:
        return _cipher().decrypt(token.encode()).decode()
    except InvalidToken as error:
        raise WrongState(
            _("The second factor cannot be read: its key was changed."),
            next_step=_("Ask an administrator to reset it, then enrol it again."),
        ) from error


def keyed_digest(text: str) -> str:
    """Return the keyed hash under which something is found again without being kept."""
    return hmac.new(settings.SECOND_FACTOR_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()


def _cipher() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(settings.SECOND_FACTOR_KEY.encode()).digest()))
