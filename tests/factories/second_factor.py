"""Makes second factors, and the codes that their authenticators show."""

from datetime import datetime, timedelta

import pyotp

from institutions import clock
from institutions.models import User
from institutions.services import second_factors

# The demonstration's and every test's; it opens nothing outside them.
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
EARLIER = timedelta(minutes=5)


def code_of(secret: str, at: datetime | None = None) -> str:
    """Return the six digits that an authenticator shows at an instant, or now."""
    return pyotp.TOTP(secret).at(at or clock.real_now())


def enrolled(user: User, secret: str = SECRET, at: datetime | None = None) -> list[str]:
    """Enrol an authenticator some minutes before the instant (or now); return the recovery codes."""
    before = (at or clock.real_now()) - EARLIER
    token = second_factors.sealed(secret)
    return second_factors.enrol(user=user, token=token, code=code_of(secret, before), at=before, now=before)
