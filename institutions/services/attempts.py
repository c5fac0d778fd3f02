"""Counting what failed, for every process together: guesses run dry, whichever worker they meet.

The counts are rows, not cache entries, so that a cache that is emptied or apart opens no door. Sources are kept as
keyed hashes; no network address is stored.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

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
    row = AttemptCount.objects.filter(
        scope=limit.scope, source=_hashed(source), span_at=_span_at(limit, now), failures__gte=limit.failures_max
    )
    if row.exists():
        minutes = int(limit.span.total_seconds() // 60)
        raise TooOften(
            _("There were too many attempts that failed."),
            rule=limit.scope,
            next_step=_("Wait %(minutes)d minutes and try again.") % {"minutes": minutes},
        )


def note_failure(*, limit: Limit, source: str, now: datetime) -> None:
    """Count one failure. Two processes that fail at once both count. Spans long over are thrown away."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO institutions_attemptcount AS known (scope, source, span_at, failures) VALUES (%s, %s, %s, 1)"
            " ON CONFLICT (scope, source, span_at) DO UPDATE SET failures = known.failures + 1",
            [limit.scope, _hashed(source), _span_at(limit, now)],
        )
    AttemptCount.objects.filter(span_at__lt=now - KEPT).delete()


def _span_at(limit: Limit, now: datetime) -> datetime:
    """Return the beginning of the span that an instant lies in; spans follow each other without gaps."""
    seconds = int(limit.span.total_seconds())
    return datetime.fromtimestamp(int(now.timestamp()) // seconds * seconds, tz=now.tzinfo)


def _hashed(source: str) -> str:
    return salted_hmac(SALT, source, secret=settings.SECRET_KEY, algorithm="sha256").hexdigest()
