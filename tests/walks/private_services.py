"""A database, a broker, a worker, a timetable and a clerk of one's own, to be killed and mended.

Everything lives in a temporary directory that the child processes are told of by JIFEN_VAR_DIR; nobody else's services
are touched. `mend` does what an operator's supervisor does: it starts again what is no longer there.
"""

import os
import select
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import psutil
import psycopg

from config import processes
from config.env import PROJECT_DIR
from config.runtime import lease, postgres, valkey
from config.runtime.account import server_account
from config.runtime.paths import RuntimePaths, locate, prepare, runtime_paths
from config.runtime.programs import postgres_bin
from institutions import clock
from tests.walks import bombs
from tests.walks.bombs import kill_tree
from tests.walks.script import STILL_DUE

PATIENCE_SECONDS = 120


class PrivateTown:
    """The services of one crash walk and the processes on them."""

    def __init__(self, paths: RuntimePaths, arguments: tuple[str, ...]) -> None:
        self.paths, self.arguments = paths, arguments
        self.restarts: Counter[str] = Counter()
        self.worker: processes.Child | None = None
        self.timetable: processes.Child | None = None
        self.clerk: subprocess.Popen[str] | None = None
        self.is_staffed = False  # with a worker and a timetable; at first there is only the clerk

    @property
    def surroundings(self) -> dict[str, str]:
        """What the children are told."""
        return {
            "JIFEN_VAR_DIR": str(self.paths.var),
            "JIFEN_TEST_DATABASE": postgres.DATABASE,
            "CELERY_BROKER_URL": valkey.broker_url(self.paths),
            "DJANGO_SETTINGS_MODULE": "config.settings.test",
        }

    # --- starting

    def open(self, dump: Path) -> None:
        """Services, and the tables and reference data of a dump."""
        prepare(self.paths)
        lease.keep(self.paths.lease)
        self._start_services()
        command = [*_program(self.paths, "psql", postgres.DATABASE), "--quiet", "--set=ON_ERROR_STOP=1"]
        with dump.open() as script:
            subprocess.run(command, stdin=script, stdout=subprocess.DEVNULL, check=True)

    def close(self) -> None:
        """End everything that was started here."""
        for child in (self.worker, self.timetable):
            if child is not None:
                kill_tree(child.process.pid)
                child.process.wait()
        self._dismiss_clerk()
        lease.release_keep(self.paths.lease)
        postgres.stop(self.paths)
        valkey.stop(self.paths)

    def _start_services(self) -> None:
        with lease.one_at_a_time(self.paths.lease):
            valkey.start(self.paths)
            postgres.start(self.paths)
        pid = (self.paths.postgres_data / "postmaster.pid").read_text().split()[0]
        (self.paths.var / "database.pid").write_text(pid)

    def _wait_for_the_dead(self) -> None:
        """PostgreSQL does not start while the kernel still clears its killed predecessor away."""
        pid = int((self.paths.var / "database.pid").read_text())
        while psutil.pid_exists(pid):
            time.sleep(0.05)

    def mend(self) -> None:
        """Start what is not running."""
        self._mend_services_and_workers()
        if self.clerk is None or self.clerk.poll() is not None:
            self.restarts["clerk"] += 1
            self._dismiss_clerk()
            self.clerk = self._start_clerk()

    def _mend_services_and_workers(self) -> None:
        if not (postgres.is_running(self.paths) and valkey.is_running(self.paths)):
            self.restarts["database"] += 1
            self._wait_for_the_dead()
            self._start_services()
        if not self.is_staffed:
            return
        if self.worker is None or self.worker.process.poll() is not None:
            self.restarts["worker"] += 1
            command = ["worker", "--concurrency=1", "--loglevel=INFO", "--without-gossip", "--without-mingle"]
            self.worker = self._start_celery("worker", command)
        if self.timetable is None or self.timetable.process.poll() is not None:
            self.restarts["timetable"] += 1
            command = ["beat", "--pidfile=", f"--schedule={self.paths.var / 'timetable'}"]
            self.timetable = self._start_celery("timetable", command)
            (self.paths.var / "timetable.pid").write_text(str(self.timetable.process.pid))

    def _start_celery(self, name: str, command: list[str]) -> processes.Child:
        whole = ["celery", "-A", "tests.walks.quick_app", *command]
        return processes.start(name, whole, log=self.paths.var / f"{name}.log", extra=self.surroundings)

    def _start_clerk(self) -> "subprocess.Popen[str]":
        with (self.paths.var / "clerk.log").open("a") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "tests.walks.poster", *self.arguments],
                cwd=PROJECT_DIR,
                env=os.environ | self.surroundings,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                bufsize=1,
                start_new_session=True,
            )

    def _dismiss_clerk(self) -> None:
        if self.clerk is not None:
            kill_tree(self.clerk.pid)
            self.clerk.communicate()

    # --- working

    def order(self, order: str) -> str:
        """Have the clerk carry out an order, however often it takes; return the answer."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            self.mend()
            assert self.clerk is not None
            assert self.clerk.stdin is not None
            try:
                self.clerk.stdin.write(order + "\n")
                self.clerk.stdin.flush()
            except BrokenPipeError:
                self.clerk.wait()
                continue
            answer = self._answer(deadline)
            if answer:
                return answer
        raise AssertionError(f"the clerk did not answer to {order}:\n{self._log('clerk')}")

    def _answer(self, deadline: float) -> str:
        """The clerk's next line; empty if the clerk ended."""
        assert self.clerk is not None
        assert self.clerk.stdout is not None
        while time.monotonic() < deadline:
            ready, _, _ = select.select([self.clerk.stdout], [], [], 0.2)
            if ready:
                line = self.clerk.stdout.readline().strip()
                if not line:
                    self.clerk.wait()
                return line
            self._mend_services_and_workers()
        return ""

    def wait_until_nothing_is_due(self, instant: datetime) -> None:
        """Wait until the worker has done what is due, mending what dies meanwhile, and no bomb waits for it."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            self.mend()
            if self._still_due(instant) == 0:
                return
            time.sleep(0.05)
        raise AssertionError(f"still due at {instant}: {self._still_due(instant)}\n{self._log('worker')}")

    def wait_for_worker_bomb(self) -> None:
        """A bomb that waits for the worker goes off by itself, since there is always a job to run; mend what it hit."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while (bomb := bombs.laid(self.paths.var)) is not None and bomb["waits_for"] == "worker":
            assert time.monotonic() < deadline, f"the worker does nothing:\n{self._log('worker')}"
            self.mend()
            time.sleep(0.05)

    def _still_due(self, instant: datetime) -> int:
        values: dict[str, Any] = {"today": clock.local_date(instant), "now": instant}
        try:
            with postgres.connect(self.paths, postgres.SUPERUSER, postgres.DATABASE) as connection:
                row = connection.execute(STILL_DUE, values).fetchone()
        except psycopg.OperationalError:
            return -1
        return int(row[0]) if row else -1

    def _log(self, name: str) -> str:
        return (self.paths.var / f"{name}.log").read_text(errors="replace")[-4000:]


def _program(paths: RuntimePaths, name: str, database: str) -> list[str]:
    """One of PostgreSQL's own programs, as the superuser of a cluster."""
    program = postgres_bin(paths) / name
    return [str(program), f"--host={paths.sockets}", f"--username={postgres.SUPERUSER}", f"--dbname={database}"]


def dump_database(name: str, target: Path) -> Path:
    """Write a database of the shared cluster, tables and rows, into a file; much quicker than migrating anew."""
    command = [*_program(runtime_paths(), "pg_dump", name), f"--file={target}"]
    subprocess.run(command, check=True)
    return target


@contextmanager
def private_town(dump: Path, *arguments: str) -> Iterator[PrivateTown]:
    """A town of one's own in a temporary directory; gone afterwards, whatever happened."""
    with tempfile.TemporaryDirectory(prefix="jifen-crash-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        home.chmod(0o711)
        town = PrivateTown(locate(home / "var", server_account(PROJECT_DIR)), arguments)
        try:
            town.open(dump)
            yield town
        finally:
            town.close()
