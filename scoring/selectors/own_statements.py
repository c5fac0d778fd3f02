"""What scored persons say in public: what stands about an entry, and what is shown of a person."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from scoring.models import OwnStatement, OwnStatementOutcome, PointsEntry


def standing(entry: PointsEntry) -> OwnStatement | None:
    """The statement about an award that waits or is shown; of a varied award also the one made before."""
    about = OwnStatement.objects.filter(entry__in=_chain(entry), withdrawn_at__isnull=True)
    return about.exclude(outcome=OwnStatementOutcome.REFUSED).first()


def latest(entry: PointsEntry) -> OwnStatement | None:
    """The last statement about an award, whatever became of it."""
    return OwnStatement.objects.filter(entry__in=_chain(entry)).first()


def shown_of(records: Collection[UUID], *, known_at: datetime | None = None) -> dict[UUID, OwnStatement]:
    """The published statements about entries of these records, by entry, as known at an instant. One query."""
    rows = OwnStatement.objects.filter(practitioner__in=records, outcome=OwnStatementOutcome.PUBLISHED)
    if known_at is None:
        rows = rows.filter(withdrawn_at__isnull=True)
    else:
        rows = rows.filter(decided_at__lte=known_at).filter(Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gt=known_at))
    return {row.entry_id: row for row in rows.order_by("decided_at")}


def region_of(statement: OwnStatement) -> str:
    """The region whose officers read a statement: of the institution of the award."""
    institution = statement.entry.institution
    return institution.region_id if institution else ""


def _chain(entry: PointsEntry) -> list[UUID]:
    """An award and those that it replaced."""
    chain = [entry.pk]
    while entry.replaces is not None:
        entry = entry.replaces
        chain.append(entry.pk)
    return chain
