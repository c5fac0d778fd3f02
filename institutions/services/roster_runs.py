"""The record of a run: how far it is, whether it is to stop, how it ended.

What is written while the rows themselves are written in one transaction goes over a connection of its own, so that
others see it. A process that dies leaves its run `running`; the next run finds that nobody holds its lock.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.db import DatabaseError, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.translation import gettext as _

from institutions.errors import WrongState
from institutions.json_types import Json
from institutions.models import RosterImport, RosterImportState, User
from institutions.permissions import Permission, ensure_permission
from institutions.roster.reading import FileFacts

RUN_LOCK = 7_301_002  # first half of the advisory lock that a running import holds; the second is its id

Told = Callable[[str, int], None]


class Cancelled(WrongState):
    """Somebody asked the run to stop; nothing of it was written."""

    code = "roster-import-cancelled"


class Run:
    """A run that keeps no record (a dry run): it tells the caller how far it is, and that is all."""

    def __init__(self, told: Told | None = None) -> None:
        """`told` hears of each step: what is being counted, and how many more there are."""
        self._told = told

    @property
    def pk(self) -> int | None:
        """Return the key of the record, if there is one."""
        return None

    def progress(self, *, parsed: int = 0, staged: int = 0, applied: int = 0, aside: bool = False) -> None:
        """Note that so many more rows were read, staged, written; `aside` while the connection is busy."""
        if self._told is not None:
            for what, count in (("parsed", parsed), ("staged", staged), ("applied", applied)):
                if count:
                    self._told(what, count)

    def done(self, counts: dict[str, Json], context_id: UUID | None, now: datetime) -> None:
        """Note that the run came to its end; to be called last in the transaction that writes the rows."""

    def over(self, state: RosterImportState, now: datetime, error: str = "") -> None:
        """Note that the run ended otherwise."""

    def close(self) -> None:
        """Let go of what the run holds."""


class RecordedRun(Run):
    """A run with its `RosterImport` row."""

    def __init__(self, record: RosterImport, told: Told | None = None) -> None:
        """`record` is saved and `running`; this session holds its lock until `close`."""
        super().__init__(told)
        self.record = record
        self._aside: BaseDatabaseWrapper | None = None
        self._is_visible = not connection.in_atomic_block  # else nobody sees the record before the caller commits
        self._lock("pg_advisory_lock")

    @property
    def pk(self) -> int:
        """Return the key of the record."""
        return int(self.record.pk)

    def progress(self, *, parsed: int = 0, staged: int = 0, applied: int = 0, aside: bool = False) -> None:
        """Note how far the run is where others see it; raise `Cancelled` if it is to stop."""
        super().progress(parsed=parsed, staged=staged, applied=applied, aside=aside)
        self.record.rows_parsed += parsed
        self.record.rows_staged += staged
        self.record.rows_applied += applied
        if not self._is_visible:
            return
        target = self._outside() if aside or connection.in_atomic_block else connection
        with target.cursor() as cursor:
            cursor.execute(
                "UPDATE institutions_rosterimport SET rows_parsed = %s, rows_staged = %s, rows_applied = %s "
                "WHERE id = %s AND state = 'running' RETURNING cancel_requested_at",
                [self.record.rows_parsed, self.record.rows_staged, self.record.rows_applied, self.pk],
            )
            found = cursor.fetchone()
        if found is not None and found[0] is not None:
            raise Cancelled(_("The import was cancelled; nothing was written."), next_step=_("Start it again."))

    def done(self, counts: dict[str, Json], context_id: UUID | None, now: datetime) -> None:
        """Note the end in the transaction that writes the rows, with what marks their histories."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT now()")
            (changed_at,) = cursor.fetchone()
        self.record.state, self.record.finished_at = RosterImportState.DONE, now
        self.record.counts, self.record.context_id, self.record.changed_at = counts, context_id, changed_at
        self.record.save()

    def over(self, state: RosterImportState, now: datetime, error: str = "") -> None:
        """Note an end without anything written; the failed transaction is over."""
        RosterImport.objects.filter(pk=self.pk, state=RosterImportState.RUNNING).update(
            state=state, finished_at=now, error=error[:2000]
        )

    def close(self) -> None:
        """Let go of the lock and of the connection aside."""
        with suppress(DatabaseError):
            self._lock("pg_advisory_unlock")
        if self._aside is not None:
            self._aside.close()

    def _lock(self, function: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {function}(%s, %s)", [RUN_LOCK, self.pk % (1 << 31)])

    def _outside(self) -> BaseDatabaseWrapper:
        if self._aside is None:
            self._aside = connections.create_connection(connection.alias)
        return self._aside


def begin(
    *, source: bytes | Path, name: str, facts: FileFacts, by: User | None, now: datetime, told: Told | None
) -> Run:
    """Open the record of a new run; runs whose process died are noted as interrupted."""
    close_interrupted(now)
    file_name = name or (source.name if isinstance(source, Path) else "")
    record = RosterImport.objects.create(
        file_name=file_name[:200], sha256=facts.sha256, size=facts.size, by=by, started_at=now
    )
    return RecordedRun(record, told)


def close_interrupted(now: datetime) -> int:
    """Note every run that nobody works on any more as interrupted; return how many. Nothing of them was written."""
    closed = 0
    for pk in RosterImport.objects.filter(state=RosterImportState.RUNNING).values_list("pk", flat=True):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [RUN_LOCK, pk % (1 << 31)])
            (free,) = cursor.fetchone()
            if not free:
                continue
            closed += RosterImport.objects.filter(pk=pk, state=RosterImportState.RUNNING).update(
                state=RosterImportState.INTERRUPTED, finished_at=now
            )
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [RUN_LOCK, pk % (1 << 31)])
    return closed


def request_cancel(record: RosterImport, *, by: User | None, now: datetime) -> bool:
    """Ask a running import to stop between two batches; say whether it was running. Refuses who imports no rosters."""
    ensure_permission(by, Permission.ROSTER_IMPORT)
    running = RosterImport.objects.filter(pk=record.pk, state=RosterImportState.RUNNING)
    return bool(running.update(cancel_requested_at=now))
