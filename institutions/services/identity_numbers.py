"""Identity-card numbers: looked up by a keyed hash, and kept as nothing else."""

from django.conf import settings
from django.utils.crypto import salted_hmac

SALT = "institutions.identity_number"


def digest_of(number: str) -> str:
    """Return the keyed hash (64 hexadecimal digits) under which a normalised identity number is looked up.

    The key is `settings.IDENTITY_KEY`, apart from the secret that signs sessions, because it can never be changed
    without losing every match.
    """
    return salted_hmac(SALT, number, secret=settings.IDENTITY_KEY, algorithm="sha256").hexdigest()
