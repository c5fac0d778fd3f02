"""The measures of a person as known at an instant, read from their own rows and not replayed.

The rows and a replay of what was recorded by then say the same; `verify_ledger` and the tests hold them to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from institutions.models import Practitioner
from scoring.models import Measure
from scoring.selectors.accounts import LoadedAccount, record_ids_at


@dataclass(frozen=True, order=True)
class KnownMeasure:
    """One run of days under a measure; ``ends_on`` is its last day, ``award`` the key of the award that caused it."""

    starts_on: date
    ends_on: date
    kind: str
    tier: str
    year: int
    months_imposed: int
    award: str


def known_measures(practitioner: Practitioner, *, known_at: datetime | None = None) -> tuple[KnownMeasure, ...]:
    """The measures of a person's records, as they were merged at an instant (None: now), known then; by date."""
    records = record_ids_at(practitioner, known_at)
    rows = Measure.objects.filter(practitioner__in=records).select_related("entry")
    known = {"recorded__endswith__isnull": True} if known_at is None else {"recorded__contains": known_at}
    return tuple(
        sorted(
            KnownMeasure(
                starts_on=row.starts_on,
                ends_on=row.ends_on,
                kind=row.kind,
                tier=row.tier,
                year=row.year,
                months_imposed=row.months_imposed,
                award=row.entry.source_key,
            )
            for row in rows.filter(**known)
        )
    )


def replayed_measures(loaded: LoadedAccount) -> tuple[KnownMeasure, ...]:
    """The measures that follow from an account, by date, in the same form."""
    return tuple(
        sorted(
            KnownMeasure(
                starts_on=measure.starts_on,
                ends_on=measure.ends_on,
                kind=str(measure.kind),
                tier=str(measure.tier),
                year=measure.year,
                months_imposed=measure.months_imposed,
                award=loaded.entry_of[measure.award].source_key,
            )
            for measure in loaded.account.measures
        )
    )
