"""Who read a person's record while a decision stood: they will be told when it falls."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction

from institutions.models import Institution, Practitioner
from institutions.selectors.practitioners import families
from scoring.consequences.registry import READER
from scoring.enums import ConsequenceKind, EntryKind
from scoring.models import Consequence, PointsEntry
from scoring.services import measures


@transaction.atomic
def note_reading(*, practitioner: Practitioner, reader: Institution, now: datetime) -> None:
    """Write down that an institution read a person's record (`note_readings`)."""
    note_readings(practitioners=[practitioner.pk], reader=reader, now=now)


@transaction.atomic
def note_readings(*, practitioners: Collection[UUID], reader: Institution, now: datetime) -> None:
    """Write down, once per award that stands, that an institution read these persons' records.

    Two queries where nothing is new. Where something is, the accounts are held, so that nobody reads an award in the
    moment in which it falls without being told.
    """
    untold = {entry.practitioner_id for entry in _unnoted(practitioners, reader)}
    if not untold:
        return
    measures.lock_all(Practitioner.objects.filter(pk__in=untold))
    rows = [READER.row(entry=entry, thing=reader, now=now) for entry in _unnoted(practitioners, reader)]
    Consequence.objects.bulk_create(rows, ignore_conflicts=True)


def _unnoted(practitioners: Collection[UUID], reader: Institution) -> list[PointsEntry]:
    """The standing awards of these persons, on whichever of their records, that the reader is not noted for."""
    noted = Consequence.objects.filter(kind=ConsequenceKind.READER, target=READER.target(reader))
    awards = PointsEntry.objects.filter(
        practitioner__in=families(practitioners), kind=EntryKind.AWARD, reversal__isnull=True
    )
    return list(awards.exclude(pk__in=noted.values("entry_id")).order_by("practitioner_id", "posting"))
