"""Restoring into a workshop beside the place, and moving it there only when the database has come up.

Whatever fails before that leaves what was there as it was; what was there is kept under another name.
"""

import shutil
import tarfile
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from config.backup import files, log_pieces
from config.backup.files import StoredFile
from config.backup.making import Tell
from config.backup.repository import BackupSet
from config.runtime import archive, lease, postgres
from config.runtime.errors import RuntimeTrouble
from config.runtime.paths import RuntimePaths, prepare

RECOVERY_SECONDS = 6 * 60 * 60
SHORT_OF_TARGET = "recovery ended before configured recovery target was reached"


@dataclass
class Restored:
    """The set that was restored, where the log ended, what was put aside, files whose copy in the backup is damaged."""

    taken_from: BackupSet
    last_change: str = ""
    put_aside: list[Path] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)
    newer_files: int = 0


def restore(source: BackupSet, *, at: datetime | None, paths: RuntimePaths, media_root: Path, tell: Tell) -> Restored:
    """Restore a set, and the log up to `at` (None: as far as it reaches), as the cluster and files of `paths`.

    Refuses while somebody uses the services there, and a base backup that is not what its manifest says. Stored files
    whose copy is damaged are restored as they are and named: the check of the evidence will say the same.
    """
    prepare(paths)
    with lease.one_at_a_time(paths.lease):
        _ensure_unused(paths)
        restored = Restored(source)
        with _workshop(paths) as workshop:
            tell(f"base backup {source.manifest.name}")
            _unpack(source, workshop, paths)
            pieces = _stage_log(source, workshop, paths)
            tell(f"log: {pieces} pieces" + (f", up to {at.isoformat()}" if at else ""))
            restored.last_change = _recover(workshop, paths, at)
            tell(f"{len(source.manifest.media)} stored files")
            media = _rebuild_media(source, media_root, restored)
            _put_in_place(workshop.postgres_data, paths.postgres_data, restored)
            _put_in_place(media, media_root, restored)
    return restored


def _ensure_unused(paths: RuntimePaths) -> None:
    users = lease.users(paths.lease)
    if users or postgres.is_running(paths):
        who = f"process {', '.join(map(str, users))}" if users else "nobody now, but it was asked to stay up"
        raise RuntimeTrouble(
            f"The database in {paths.state} is running (used by {who}). End what uses it, `manage.py services stop`, "
            "and restore then; or restore elsewhere with --to."
        )


@contextmanager
def _workshop(paths: RuntimePaths) -> Iterator[RuntimePaths]:
    """Paths of a cluster that nobody else can reach, removed afterwards."""
    state = paths.state / "restoring"
    shutil.rmtree(state, ignore_errors=True)
    sockets = Path(tempfile.mkdtemp(prefix="jifen-restore-"))
    workshop = replace(paths, state=state, sockets=sockets)
    for folder, mode in ((state, 0o755), (workshop.logs, 0o755), (workshop.postgres_data, 0o700), (sockets, 0o700)):
        folder.mkdir(exist_ok=True)
        paths.account.take(folder, mode)
    try:
        yield workshop
    finally:
        postgres.stop(workshop)
        shutil.rmtree(state, ignore_errors=True)
        shutil.rmtree(sockets, ignore_errors=True)


def _unpack(source: BackupSet, workshop: RuntimePaths, paths: RuntimePaths) -> None:
    if files.sha256_of(source.base) != source.manifest.base.sha256:
        raise RuntimeTrouble(
            f"{source.base} is not what its manifest says: the file was changed or damaged. Take another backup."
        )
    data = workshop.postgres_data
    with tarfile.open(source.base, "r|gz") as tar:
        tar.extractall(data, filter="data")
    if paths.account.switches:
        for path in data.rglob("*"):
            paths.account.take(path, 0o700 if path.is_dir() else 0o600)
    postgres.run_program(workshop, "pg_verifybackup", "--exit-on-error", "--quiet", str(data))


def _stage_log(source: BackupSet, workshop: RuntimePaths, paths: RuntimePaths) -> int:
    """Gather the log that follows: archived beside the set and where it was made, and what a dead server left."""
    stage = _stage(workshop)
    stage.mkdir()
    manifest = source.manifest
    carried = sum(
        log_pieces.carry(folder, stage, manifest.wal_from)
        for folder in (source.repository.wal, Path(manifest.archive) / "wal")
    )
    cluster = Path(manifest.cluster)
    if _is_same_cluster(cluster, manifest.system_identifier, paths):
        archived = {path.name.removesuffix(".gz") for path in stage.iterdir()}
        left = cluster / "pg_wal"
        for path in sorted(left.glob("[0-9A-F]*")):
            if path.is_file() and path.name not in archived and log_pieces.is_needed(path.name, manifest.wal_from):
                files.copy(path, stage / path.name)
                carried += 1
    for path in (stage, *stage.iterdir()):
        paths.account.take(path, 0o700 if path.is_dir() else 0o600)
    return carried


def _is_same_cluster(cluster: Path, system_identifier: str, paths: RuntimePaths) -> bool:
    if not (cluster / "global" / "pg_control").exists():
        return False
    shown = postgres.run_program(paths, "pg_controldata", f"--pgdata={cluster}", check=False).stdout
    return f"{system_identifier}\n" in shown


def _recover(workshop: RuntimePaths, paths: RuntimePaths, at: datetime | None) -> str:
    """Let the server replay the log and begin a new timeline; return the instant of the last change it replayed."""
    stage = archive.in_command(_stage(workshop))
    settings = archive.options(paths) | {
        "restore_command": f"gzip -dc {stage}/%f.gz > %p 2>/dev/null || cp {stage}/%f %p",
        "recovery_target_action": "promote",
        "hot_standby": "off",
        "logging_collector": "off",
    }
    if at is not None:
        settings["recovery_target_time"] = at.astimezone(UTC).isoformat()
    signal = workshop.postgres_data / "recovery.signal"
    signal.touch()
    workshop.account.take(signal, 0o600)
    try:
        postgres.start_server(workshop, extra=settings)
        _wait_for_promotion(workshop)
    except RuntimeTrouble as trouble:
        raise _told(trouble, workshop, at) from trouble
    postgres.stop(workshop)
    return _last_change(_log_of(workshop))


def _told(trouble: RuntimeTrouble, workshop: RuntimePaths, at: datetime | None) -> RuntimeTrouble:
    log = _log_of(workshop)
    if at is not None and SHORT_OF_TARGET in log:
        last = _last_change(log) or "the end of the backup"
        return RuntimeTrouble(
            f"The log ends before {at.isoformat()}: the last change in it is of {last}. Nothing was restored. "
            "Leave out --at to restore all there is, or bring the missing pieces of the log."
        )
    return trouble


def _wait_for_promotion(workshop: RuntimePaths) -> None:
    """Wait until the server takes connections, which it does (hot standby being off) once the log is replayed."""
    deadline = time.monotonic() + RECOVERY_SECONDS
    while True:
        try:
            postgres.connect(workshop, postgres.SUPERUSER, "postgres").close()
        except psycopg.OperationalError as error:
            if time.monotonic() > deadline or not postgres.is_running(workshop):
                end = "\n".join(_log_of(workshop).splitlines()[-15:])
                raise RuntimeTrouble(f"The database did not come up from the backup:\n{end}") from error
            time.sleep(0.2)
        else:
            return


def _last_change(log: str) -> str:
    marks = [line for line in log.splitlines() if "last completed transaction was at log time" in line]
    return marks[-1].rpartition("log time ")[2] if marks else ""


def _log_of(workshop: RuntimePaths) -> str:
    return (workshop.logs / "postgres.log").read_text(errors="replace")


def _stage(workshop: RuntimePaths) -> Path:
    return workshop.state / "log-pieces"


def _rebuild_media(source: BackupSet, media_root: Path, restored: Restored) -> Path:
    """Put the files of the set beside their place, and those stored since then that are still where they were."""
    rebuilt = media_root.with_name(f"{media_root.name}-restoring")
    shutil.rmtree(rebuilt, ignore_errors=True)
    rebuilt.mkdir(parents=True)
    known = set()
    for stored in source.manifest.media:
        known.add(stored.path)
        if not _bring_back(source, stored, rebuilt):
            restored.damaged.append(stored.path)
    before = Path(source.manifest.media_root)
    for path in files.files_below(before):
        name = path.relative_to(before).as_posix()
        if name not in known:
            files.copy(path, rebuilt / name)
            restored.newer_files += 1
    return rebuilt


def _bring_back(source: BackupSet, stored: StoredFile, rebuilt: Path) -> bool:
    """Copy a file out of the pool; say whether it is the one that went in."""
    pooled = source.repository.pooled(stored.sha256)
    return pooled.exists() and files.copy(pooled, rebuilt / stored.path).sha256 == stored.sha256


def _put_in_place(made: Path, place: Path, restored: Restored) -> None:
    if place.exists():
        aside = place.with_name(f"{place.name}-before-{datetime.now(UTC):%Y%m%dT%H%M%SZ}")
        place.rename(aside)
        restored.put_aside.append(aside)
    made.rename(place)
