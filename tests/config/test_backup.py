"""The restore drill: backup, more postings, the database killed, a point in time back, and proof that it is whole.

Everything runs as an operator would run it: commands in processes of their own, on services of their own.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from config.env import PROJECT_DIR
from config.runtime import postgres, valkey
from config.runtime.paths import RuntimePaths, locate, runtime_paths
from config.runtime.programs import postgres_bin
from tests.infrastructure.databases import TestDatabase

pytestmark = pytest.mark.slow
BEFORE, FIRST, SECOND = "0", "1", "2"  # chapters: 1, 3 and 8 entries


@dataclass
class Drill:
    """A house that was backed up, posted to twice more, and lost its database."""

    home: Path
    paths: RuntimePaths
    between: datetime
    refused: "subprocess.CompletedProcess[str]"

    @property
    def backups(self) -> Path:
        return self.home / "backups"


def run(home: Path, *command: str, var: str = "var") -> "subprocess.CompletedProcess[str]":
    mark = {"JIFEN_VAR_DIR": str(home / var), "JIFEN_DEMO": "1", "DJANGO_SETTINGS_MODULE": "config.settings.dev"}
    return subprocess.run(
        [sys.executable, *command],
        cwd=PROJECT_DIR,
        env=os.environ | mark,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def run_well(home: Path, *command: str) -> str:
    done = run(home, *command)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def post(home: Path, *chapters: str) -> list[datetime]:
    """Post chapters; return the database's time after each."""
    told = run_well(home, "-m", "tests.config.backup_drill", *chapters)
    return [datetime.fromisoformat(line).astimezone(UTC) for line in told.splitlines()]


def entries_in(paths: RuntimePaths) -> list[int]:
    """The points of the entries in a data directory, by its own server."""
    postgres.start(paths)
    try:
        with postgres.connect(paths, postgres.APP, postgres.DATABASE) as connection:
            rows = connection.execute("SELECT points FROM scoring_pointsentry ORDER BY points").fetchall()
            return [points for (points,) in rows]
    finally:
        postgres.stop(paths)


def fill(paths: RuntimePaths, template: TestDatabase) -> None:
    """Copy the migrated database of the tests, reference data included, which is quicker than migrating."""
    ours = runtime_paths()
    programs = postgres_bin(ours)
    source = [str(programs / "pg_dump"), "-h", str(ours.sockets), "-U", postgres.SUPERUSER, template.name]
    target = [str(programs / "psql"), "-h", str(paths.sockets), "-U", postgres.SUPERUSER, "-q", "-d", postgres.DATABASE]
    with subprocess.Popen(source, stdout=subprocess.PIPE) as dump:
        subprocess.run([*target, "-v", "ON_ERROR_STOP=1"], stdin=dump.stdout, check=True, stdout=subprocess.DEVNULL)
    assert dump.returncode == 0


@pytest.fixture(scope="module")
def drill(django_db_setup: TestDatabase) -> Iterator[Drill]:
    with tempfile.TemporaryDirectory(prefix="jifen-drill-") as folder:
        home = Path(folder)
        home.chmod(0o755)
        paths = locate(home / "var", runtime_paths().account)
        try:
            run_well(home, "manage.py", "services", "start")
            fill(paths, django_db_setup)
            post(home, BEFORE)
            run_well(home, "manage.py", "backup", "--to", str(home / "backups"))
            between, _after = post(home, FIRST, SECOND)
            refused = run(home, "manage.py", "restore", "--from", str(home / "backups"))
            os.kill(int((paths.postgres_data / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
            yield Drill(home, paths, between, refused)
        finally:
            postgres.stop(paths)
            valkey.stop(paths)


def test_a_point_in_time_comes_back_with_exactly_what_was_posted_by_then(drill: Drill) -> None:
    fresh = drill.home / "fresh"
    done = run(
        drill.home, "manage.py", "restore", "--from", str(drill.backups), "--at", drill.between.isoformat(),
        "--to", str(fresh),
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "verify_ledger: passed\n4 entries" in done.stdout
    assert "verify_evidence: passed\n2 pieces of evidence checked" in done.stdout
    paths = locate(fresh, drill.paths.account)
    assert not postgres.is_running(paths)
    assert entries_in(paths) == [4, 5, 6, 7]
    assert drill.paths.postgres_data.exists()  # what was lost is left to be looked at
    assert not (paths.state / "restoring").exists()


def test_evidence_that_was_tampered_with_fails_the_restore_and_is_named(drill: Drill) -> None:
    tampered = drill.home / "tampered"
    shutil.copytree(drill.backups, tampered)
    (piece,) = (path for path in (tampered / "files").glob("*/*"))
    piece.chmod(0o600)
    piece.write_bytes(piece.read_bytes() + b"!")
    done = run(drill.home, "manage.py", "restore", "--from", str(tampered))
    assert done.returncode == 1
    assert f"DAMAGED in the backup: evidence/{piece.parent.name}/{piece.name}" in done.stdout
    assert "verify_ledger: passed\n12 entries" in done.stdout  # in place, without --at: all there is
    assert "verify_evidence: FAILED\nhash mismatch: 东医保案〔2025〕001" in done.stdout
    assert list(drill.paths.state.glob("postgres-before-*"))
    assert list(drill.paths.var.glob("media-before-*"))


def test_in_place_is_refused_while_the_services_run(drill: Drill) -> None:
    assert drill.refused.returncode == 1
    assert "is running" in drill.refused.stderr
    assert "--to" in drill.refused.stderr


REFUSALS = {
    "base": "is not what its manifest says",
    "later": "The log ends before",
    "earlier": "The oldest backup",
    "taken": "holds data already",
}


def restore_wrongly(drill: Drill, damage: str) -> "subprocess.CompletedProcess[str]":
    """Ask for a restore that cannot be right."""
    source, fresh, at = drill.backups, drill.home / f"refused-{damage}", None
    if damage == "base":
        source = drill.home / "damaged"
        shutil.copytree(drill.backups, source)
        (base,) = source.glob("sets/*/base.tar.gz")
        base.write_bytes(base.read_bytes()[:-1] + b"?")
    elif damage == "later":
        at = drill.between + timedelta(days=1)
    elif damage == "earlier":
        at = drill.between - timedelta(days=1)
    else:
        (fresh / "postgres").mkdir(parents=True)
    options = ["--at", at.isoformat()] if at else []
    return run(drill.home, "manage.py", "restore", "--from", str(source), "--to", str(fresh), *options)


@pytest.fixture(scope="module")
def refusals(drill: Drill) -> "dict[str, subprocess.CompletedProcess[str]]":
    """What came of each of them; they run at once, since none touches what another does."""
    with ThreadPoolExecutor(len(REFUSALS)) as pool:
        done = pool.map(lambda damage: restore_wrongly(drill, damage), REFUSALS)
        return dict(zip(REFUSALS, done, strict=True))


@pytest.mark.parametrize("damage", REFUSALS)
def test_a_restore_that_cannot_be_right_is_refused_and_changes_nothing(
    drill: Drill, refusals: "dict[str, subprocess.CompletedProcess[str]]", damage: str
) -> None:
    done, fresh = refusals[damage], drill.home / f"refused-{damage}"
    assert done.returncode == 1
    assert REFUSALS[damage] in done.stderr
    left = {path.name for path in fresh.iterdir()} if fresh.exists() else set()
    assert not left & {"media", "restoring"}
    assert damage == "taken" or "postgres" not in left
