"""A visit to the page behind a letter: after number and access code opened it, a signed cookie carries it on.

So the code leaves the address after the first request. The cookie holds the number and the hash under which the code
is kept, signed and dated: it opens that one letter, for a while, and no longer once the code has expired or was
replaced by a new one.
"""

import hashlib
import hmac
from datetime import datetime, timedelta

from django.core import signing
from django.utils.translation import gettext as _

from institutions.errors import NotThere
from institutions.models import Notice, NoticeToken

SALT = "institutions.letter_visits"
LASTS = timedelta(hours=2)  # since the last request; a choice of the product


def begin(notice: Notice, now: datetime) -> str:
    """Return the value of the cookie for a letter whose code was just checked."""
    return _sign(notice.number, _latest_digest(notice), now)


def resume(number: str, value: str, now: datetime) -> Notice:
    """Return the letter of a visit; raise `NotThere` where there is none, it is over, or it was to another letter."""
    notice = Notice.objects.select_related("practitioner", "region").filter(
        number=number, practitioner__isnull=False, is_pilot=False
    )
    opened = notice.first() if value else None
    latest = NoticeToken.objects.filter(notice=opened).order_by("-generation").first() if opened else None
    if opened is None or latest is None or latest.expires_at <= now:
        raise _over()
    try:
        facts = signing.loads(value, salt=SALT)
        began_at = datetime.fromisoformat(facts["at"])
    except (signing.BadSignature, KeyError, TypeError, ValueError):
        raise _over() from None
    expected = hashlib.sha256(latest.digest.encode()).hexdigest()
    if facts.get("number") != number or not hmac.compare_digest(str(facts.get("code")), expected):
        raise _over()
    if not began_at <= now < began_at + LASTS:
        raise _over()
    return opened


def _latest_digest(notice: Notice) -> str:
    return NoticeToken.objects.filter(notice=notice).order_by("-generation").values_list("digest", flat=True)[0]


def _sign(number: str, digest: str, now: datetime) -> str:
    """Sign a hash of the hash, so that the cookie says nothing of what the database keeps."""
    code = hashlib.sha256(digest.encode()).hexdigest()
    return signing.dumps({"number": number, "code": code, "at": now.isoformat()}, salt=SALT)


def _over() -> NotThere:
    return NotThere(
        _("This letter is not open in your browser, or not any more."),
        next_step=_("Open it again with the number and the access code printed in it."),
    )
