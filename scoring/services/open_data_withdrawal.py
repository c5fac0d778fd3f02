"""Withdrawing files of open data: at once where something in them is undone, and in time anyway."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.models import Q

from institutions.clock import local_date
from institutions.models import Practitioner
from institutions.services import wake_up
from scoring.models import OpenDataRelease, OpenDataRow
from scoring.open_data import files

TASK = "scoring.publish_open_data"
PUBLISHER = 7_301_010  # advisory lock: one release at a time

Withdrawals = list[tuple[str, tuple[str, ...]]]  # release name, file names


def withdraw_for(*, practitioner: Practitioner, now: datetime) -> list[str]:
    """Withdraw every snapshot and delta that tells of a person, and have the next release made; return the row ids.

    Part of the transaction that undoes a decision: after its commit no file with the old facts is served.
    """
    hold_releases()
    rows = list(OpenDataRow.objects.filter(practitioner=practitioner, gone_on__isnull=True).order_by("row_id"))
    if rows:
        _withdraw([row.pk for row in rows], min(row.listed_in_id for row in rows), local_date(now))
        wake_up.after_commit(TASK)
    return [row.pk for row in rows]


def hold_releases() -> None:
    """Let no release be made beside this transaction: it would tell what the transaction undoes."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [PUBLISHER])


def withdraw_outdated(on: date) -> Withdrawals:
    """Withdraw what is older than the shortest display period: no file outlives by much what it shows."""
    oldest = on - timedelta(days=settings.OPEN_DATA_KEEP_DAYS)
    served = Q(full_withdrawn_on__isnull=True) | Q(delta_withdrawn_on__isnull=True)
    names: Withdrawals = []
    for release in OpenDataRelease.objects.filter(served, on__lt=oldest):
        release.full_withdrawn_on = release.full_withdrawn_on or on
        release.delta_withdrawn_on = release.delta_withdrawn_on or on
        release.save(update_fields=["full_withdrawn_on", "delta_withdrawn_on"])
        names.append((release.name, (*files.FULL, *files.DELTA)))
    return names


def withdraw_telling(rows: Sequence[str], release: OpenDataRelease) -> Withdrawals:
    """Withdraw every file older than a release that still tells of one of the rows as it was."""
    if not rows:
        return []
    first = OpenDataRow.objects.filter(pk__in=rows).order_by("listed_in_id").values_list("listed_in_id", flat=True)[0]
    _withdraw(rows, first, release.on, before=release.number)
    withdrawn = OpenDataRelease.objects.filter(number__lt=release.number, number__gte=first)
    return [
        (old.name, (*(files.FULL if old.full_withdrawn_on else ()), *(files.DELTA if old.delta_withdrawn_on else ())))
        for old in withdrawn
    ]


def drop_files(withdrawn: Withdrawals) -> None:
    """Delete withdrawn files. They are served no more already; what a crash leaves behind is nobody's to read."""
    for name, gone in withdrawn:
        for file in gone:
            (folder() / name / file).unlink(missing_ok=True)
            (folder() / name / (file + files.GZ)).unlink(missing_ok=True)
        if set(gone) >= {*files.FULL, *files.DELTA}:
            shutil.rmtree(folder() / name, ignore_errors=True)


def folder() -> Path:
    """Return the folder that holds a folder for each release."""
    return Path(settings.OPEN_DATA_DIR)


def _withdraw(rows: Sequence[str], first: int, on: date, *, before: int | None = None) -> None:
    """Withdraw the snapshots from the release `first` on, and the deltas that carry one of the rows."""
    older = OpenDataRelease.objects.filter(number__gte=first)
    telling = OpenDataRelease.objects.filter(row_changes__row__in=rows)
    if before is not None:
        older, telling = older.filter(number__lt=before), telling.filter(number__lt=before)
    older.filter(full_withdrawn_on__isnull=True).update(full_withdrawn_on=on)
    OpenDataRelease.objects.filter(pk__in=telling.values("pk"), delta_withdrawn_on__isnull=True).update(
        delta_withdrawn_on=on
    )
