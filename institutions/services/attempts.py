"""Counting what failed, for every process together: guesses run dry, whichever worker they meet.

The counts are rows, not cache entries, so that a cache that is emptied or apart opens no door. Sources are kept as
keyed hashes; no network address is stored.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from django.conf import settings
from django.db import connection, models
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from institutions.errors import TooOften
from institutions.models import AttemptCount

SALT = "institutions.attempts"
KEPT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so many failures of a scope per source in a span of time."""

    scope: str
    failures_max: int
    span: timedelta


def ensure_allowed(*, limit: Limit, source: str, now: datetime) -> None:
    """Raise `TooOften` where the source has used up its failures of this span."""
    if is_used_up(limit=limit, source=source, now=now):
        raise _refused(limit, now)


def spend(*, limit: Limit, source: str, now: datetime) -> int:
    """Count an attempt before it is judged, and return how many there were; raise `TooOften` beyond the limit.

    Guesses sent at once are thus counted one by one, and none is judged beyond the limit. What turns out to be no
    failure is given back (`give_back`, `forget`). The refusal carries the count in `state`.
    """
    failures = _add(limit, source, now)
    if failures > limit.failures_max:
        raise _refused(limit, now, state=str(failures))
    return failures


def give_back(*, limit: Limit, source: str, now: datetime) -> None:
    """Take back one attempt that turned out to be no failure."""
    rows = AttemptCount.objects.filter(scope=limit.scope, source=_hashed(source), span_at=_span_at(limit, now))
    rows.filter(failures__gt=0).update(failures=models.F("failures") - 1)


def forget(*, limit: Limit, source: str) -> int:
    """Forget the failures of a source; return how many there were."""
    rows = AttemptCount.objects.filter(scope=limit.scope, source=_hashed(source))
    failures = sum(rows.values_list("failures", flat=True))
    rows.delete()
    return failures


def is_used_up(*, limit: Limit, source: str, now: datetime) -> bool:
    """Say whether the source has used up its failures of this span."""
    rows = AttemptCount.objects.filter(scope=limit.scope, source=_hashed(source), span_at=_span_at(limit, now))
    return rows.filter(failures__gte=limit.failures_max).exists()


def note_failure(*, limit: Limit, source: str, now: datetime) -> None:
    """Count one failure. Two processes that fail at once both count. Spans long over are thrown away."""
    _add(limit, source, now)


def _add(limit: Limit, source: str, now: datetime) -> int:
    AttemptCount.objects.filter(span_at__lt=now - KEPT).delete()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO institutions_attemptcount AS known (scope, source, span_at, failures) VALUES (%s, %s, %s, 1)"
            " ON CONFLICT (scope, source, span_at) DO UPDATE SET failures = known.failures + 1 RETURNING failures",
            [limit.scope, _hashed(source), _span_at(limit, now)],
        )
        (failures,) = cursor.fetchone()
    return int(failures)


def _refused(limit: Limit, now: datetime, state: str = "") -> TooOften:
    ends_at = _span_at(limit, now) + limit.span
    minutes = ceil((ends_at - now) / timedelta(minutes=1))
    wait = ngettext("Wait %(minutes)d minute and try again.", "Wait %(minutes)d minutes and try again.", minutes) % {
        "minutes": minutes
    }
    return TooOften(_("There were too many attempts that failed."), rule=limit.scope, state=state, next_step=wait)


def _span_at(limit: Limit, now: datetime) -> datetime:
    """Return the beginning of the span that an instant lies in; spans follow each other without gaps."""
    seconds = int(limit.span.total_seconds())
    return datetime.fromtimestamp(int(now.timestamp()) // seconds * seconds, tz=now.tzinfo)


def _hashed(source: str) -> str:
    return salted_hmac(SALT, source, secret=settings.SECRET_KEY, algorithm="sha256").hexdigest()
