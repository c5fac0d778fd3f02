"""Access codes of letters: a person reaches their page by the notice's number and the code printed in its letter.

A code is derived from the key `settings.LETTER_KEY`, the number and the generation, so that the letter can be printed
again; the database keeps its SHA-256 only. It opens one notice, until it expires or a new generation revokes it. Every
wrong guess is answered alike and counted, by address and by number, for all processes together.
"""

import hashlib
import hmac
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from institutions.errors import NotThere
from institutions.models import Notice, NoticeToken
from institutions.services import attempts

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32: nothing that is read for something else
LENGTH = 20  # characters of five bits: 100 bits
LOOKS_LIKE = str.maketrans("oil", "011", " -\u2013\u2014\u00a0\u3000\t\r\n")
NUMBER_LENGTH_MAX = 24
TOKEN_LENGTH_MAX = 60

BY_ADDRESS = attempts.Limit("notice_token.address", failures_max=10, span=timedelta(minutes=15))
# Wide, so that a stranger who guesses at a number keeps its owner out for minutes at most.
BY_NUMBER = attempts.Limit("notice_token.number", failures_max=30, span=timedelta(minutes=15))


@transaction.atomic
def issue(notice: Notice, now: datetime) -> str:
    """Return the access code of a notice to a person, to be printed in the letter.

    The same code again while its generation is valid; a new generation where there is none, it has expired, or the key
    was changed. Refuses a notice to an institution, which is read in the portal.
    """
    _ensure_personal(notice)
    Notice.objects.select_for_update(no_key=True).get(pk=notice.pk)
    latest = _latest(notice)
    if latest is not None and now < latest.expires_at:
        token = _derive(notice.number, latest.generation)
        if hmac.compare_digest(_digest(token), latest.digest):
            return token
    return _new_generation(notice, latest, now)


@transaction.atomic
def revoke(notice: Notice, now: datetime) -> str:
    """Replace the access code of a notice by a new one, for a letter that went astray; return the new code."""
    _ensure_personal(notice)
    Notice.objects.select_for_update(no_key=True).get(pk=notice.pk)
    return _new_generation(notice, _latest(notice), now)


def notice_for(number: str, token: str, now: datetime, *, address: str) -> Notice:
    """Return the notice that the number and the code open.

    Raises `NotThere`, in the same words and after the same work, for an unknown number, a wrong, revoked or expired
    code, and a notice of a pilot; `TooOften` once the address or the number has used up its failures, even for the
    right code. To be called outside a transaction, so that a failure is counted whatever becomes of the request.
    """
    number, token = number.strip().upper()[:NUMBER_LENGTH_MAX], normalised(token)
    attempts.ensure_allowed(limit=BY_ADDRESS, source=address, now=now)
    attempts.ensure_allowed(limit=BY_NUMBER, source=number, now=now)
    notice = (
        Notice.objects.select_related("practitioner", "region")
        .filter(number=number, practitioner__isnull=False, is_pilot=False)
        .first()
    )
    latest = _latest(notice) if notice is not None else None
    expected = latest.digest if latest is not None else _digest("")
    matches = hmac.compare_digest(_digest(token), expected)
    if notice is not None and latest is not None and matches and now < latest.expires_at:
        return notice
    with transaction.atomic(durable=True):
        attempts.note_failure(limit=BY_ADDRESS, source=address, now=now)
        attempts.note_failure(limit=BY_NUMBER, source=number, now=now)
    raise NotThere(
        _("The number and the access code do not open a letter."),
        next_step=_("Check both against the letter. Where a newer letter came, use its code; or ask the service desk."),
    )


def normalised(token: str) -> str:
    """Return a code as typed by a person in the form it was issued: case, gaps and look-alikes do not matter."""
    return token[:TOKEN_LENGTH_MAX].lower().translate(LOOKS_LIKE)


def grouped(token: str) -> str:
    """Return a code in groups of four, as it is printed."""
    return "-".join(token[place : place + 4] for place in range(0, len(token), 4)).upper()


def _ensure_personal(notice: Notice) -> None:
    if notice.practitioner_id is None or notice.is_pilot:
        raise NotThere(_("Only a letter to a person carries an access code."))


def _latest(notice: Notice) -> NoticeToken | None:
    return NoticeToken.objects.filter(notice=notice).order_by("-generation").first()


def _new_generation(notice: Notice, latest: NoticeToken | None, now: datetime) -> str:
    generation = latest.generation + 1 if latest is not None else 1
    token = _derive(notice.number, generation)
    NoticeToken.objects.create(
        notice=notice,
        generation=generation,
        digest=_digest(token),
        issued_at=now,
        expires_at=now + timedelta(days=settings.LETTER_CODE_DAYS),
    )
    return token


def _derive(number: str, generation: int) -> str:
    secret = hmac.new(settings.LETTER_KEY.encode(), f"notice:{number}:{generation}".encode(), hashlib.sha256).digest()
    value = int.from_bytes(secret[:16], "big")
    return "".join(ALPHABET[value >> (5 * place) & 31] for place in range(LENGTH))


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
