"""Making a backup while everything runs: the database first, then the files its rows name.

Files are never changed once stored, so every row in the base backup finds its file in the set.
"""

import platform
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

import django
import psycopg
from django.db.migrations.loader import MigrationLoader
from psycopg.rows import TupleRow

from config.backup import files, log_pieces
from config.backup.files import StoredFile
from config.backup.repository import BASE, BackupSet, Manifest, Repository
from config.env import PROJECT_DIR
from config.runtime import archive, postgres
from config.runtime.errors import RuntimeTrouble
from config.runtime.paths import RuntimePaths
from config.runtime.programs import postgres_bin

ARCHIVE_SECONDS = 60

Tell = Callable[[str], None]


def make_backup(paths: RuntimePaths, media_root: Path, repository: Repository, tell: Tell) -> BackupSet:
    """Make a set in the repository and have the log kept from now on; the services run meanwhile.

    Refuses a server that was started without archiving. An attempt that fails leaves a set that does not count.
    """
    with postgres.connect(paths, postgres.SUPERUSER, "postgres") as connection:
        _ensure_archiving(connection)
        repository.prepare()
        archive.want(paths)
        with _log_held(connection) as wal_from:
            began = _database_time(connection)
            name = repository.begin(began)
            tell(f"base backup of {paths.postgres_data}")
            base = _base_backup(paths, repository.sets / name / BASE)
        ended = _database_time(connection)
        tell(f"files of {media_root}")
        media = _pool_media(media_root, repository)
        _hand_over(connection)
        facts = _facts(connection)
    carried = log_pieces.carry(paths.archive / "wal", repository.wal, wal_from)
    tell(f"{carried} pieces of the log" if repository.wal != paths.archive / "wal" else "log in its place")
    return repository.finish(
        Manifest(
            name=name,
            began_at=began.isoformat(),
            ended_at=ended.isoformat(),
            versions=_versions(facts["version"]),
            migrations=known_migrations(),
            system_identifier=facts["system_identifier"],
            wal_from=wal_from,
            base=base,
            media=media,
            cluster=str(paths.postgres_data),
            archive=str(paths.archive),
            media_root=str(media_root),
        )
    )


def known_migrations() -> dict[str, str]:
    """The last migration of every app in this version of the code."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    return dict(sorted(loader.graph.leaf_nodes()))


def _ensure_archiving(connection: psycopg.Connection[TupleRow]) -> None:
    row = connection.execute("SELECT current_setting('archive_mode')").fetchone()
    if row != ("on",):
        raise RuntimeTrouble(
            "The database runs without archiving its log, since an earlier version of Jifen started it. Stop "
            "everything that uses it, `manage.py services stop`, and start again."
        )


@contextmanager
def _log_held(connection: psycopg.Connection[TupleRow]) -> Iterator[str]:
    """Keep the server from recycling its log while the base backup is made; yields the first piece that it needs."""
    slot = f"jifen_backup_{connection.info.backend_pid}"
    row = connection.execute(
        "SELECT pg_walfile_name(lsn) FROM pg_create_physical_replication_slot(%s, true, true)", [slot]
    ).fetchone()
    assert row is not None
    try:
        yield str(row[0])
    finally:
        connection.execute("SELECT pg_drop_replication_slot(%s)", [slot])


def _base_backup(paths: RuntimePaths, target: Path) -> StoredFile:
    """Stream the cluster, with the log it needs to be whole, into one file of ours.

    The program runs under the servers' account; the file is written by us, so it may lie where that account cannot go.
    """
    command = [
        str(postgres_bin(paths) / "pg_basebackup"),
        f"--host={paths.sockets}",
        f"--username={postgres.SUPERUSER}",
        "--pgdata=-",
        "--format=tar",
        "--gzip",
        "--wal-method=fetch",
        "--checkpoint=fast",
        "--manifest-checksums=SHA256",
        "--no-password",
    ]
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            cwd=paths.state,
            env={"LC_ALL": postgres.LOCALE, "TZ": "UTC"},
            **paths.account.popen_options(),  # type: ignore[call-overload]
        )
        try:
            stored = files.write_chunks(_chunks(process.stdout), target)
        finally:
            process.stdout.close()
            code = process.wait()
        if code != 0:
            errors.seek(0)
            target.unlink(missing_ok=True)
            raise RuntimeTrouble(f"pg_basebackup failed:\n{errors.read().decode(errors='replace')}")
    return stored


def _chunks(stream: IO[bytes]) -> Iterator[bytes]:
    while chunk := stream.read(files.CHUNK):
        yield chunk


def _pool_media(media_root: Path, repository: Repository) -> tuple[StoredFile, ...]:
    """Put every stored file into the pool under its hash; contents that are there already are not copied again."""
    stored = []
    for path in files.files_below(media_root):
        sha256 = files.sha256_of(path)
        if not repository.pooled(sha256).exists():
            files.copy(path, repository.pooled(sha256))
        stored.append(StoredFile(path.relative_to(media_root).as_posix(), sha256, path.stat().st_size))
    return tuple(stored)


def _hand_over(connection: psycopg.Connection[TupleRow]) -> None:
    """Have the current piece of the log archived, and wait until it is."""
    row = connection.execute("SELECT pg_walfile_name(pg_switch_wal() - 1)").fetchone()
    assert row is not None
    deadline = time.monotonic() + ARCHIVE_SECONDS
    while True:
        seen = connection.execute("SELECT last_archived_wal, last_failed_wal FROM pg_stat_archiver").fetchone()
        assert seen is not None
        if seen[0] and str(seen[0])[log_pieces.PLACE] >= str(row[0])[log_pieces.PLACE]:
            return
        if time.monotonic() > deadline:
            raise RuntimeTrouble(
                f"The log piece {row[0]} was not archived within {ARCHIVE_SECONDS} seconds; the last that failed is "
                f"{seen[1]}. Look at free space and at postgres.log."
            )
        time.sleep(0.1)


def _database_time(connection: psycopg.Connection[TupleRow]) -> datetime:
    row = connection.execute("SELECT clock_timestamp()").fetchone()
    assert row is not None
    instant: datetime = row[0]
    return instant.astimezone(UTC)


def _facts(connection: psycopg.Connection[TupleRow]) -> dict[str, str]:
    row = connection.execute(
        "SELECT current_setting('server_version'), system_identifier FROM pg_control_system()"
    ).fetchone()
    assert row is not None
    return {"version": str(row[0]), "system_identifier": str(row[1])}


def _versions(database: str) -> dict[str, str]:
    project = (PROJECT_DIR / "pyproject.toml").read_text()
    product = next(line.split('"')[1] for line in project.splitlines() if line.startswith("version"))
    return {
        "jifen": product,
        "python": platform.python_version(),
        "django": django.__version__,
        "postgresql": database,
    }
