"""The processes of a running Jifen: Celery worker, timetable, web server. Each is a child that ends with its
parent.

Children run in sessions of their own, so that Ctrl-C reaches only the parent, which then ends them in order.
On Linux the kernel ends them too if the parent is killed.
"""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from config import env

STOP_SECONDS = 30
READY_SECONDS = 60
PR_SET_PDEATHSIG = 1


class ProcessTrouble(Exception):
    """A process did not start or ended by itself; the message holds the end of its log."""


@dataclass(frozen=True)
class Child:
    """A running process and the file its output goes to."""

    name: str
    process: "subprocess.Popen[bytes]"
    log: Path
    log_start: int

    def output(self) -> str:
        """What it has printed since it was started."""
        with self.log.open("rb") as stream:
            stream.seek(self.log_start)
            return stream.read().decode(errors="replace")

    def ensure_running(self) -> None:
        """Raise if the process has ended."""
        code = self.process.poll()
        if code is not None:
            tail = "\n".join(self.output().splitlines()[-20:])
            raise ProcessTrouble(f"The {self.name} ended with exit code {code}. The end of {self.log}:\n{tail}")

    def stop(self) -> None:
        """Ask it to end and wait; kill it if it does not."""
        if self.process.poll() is None:
            self.process.terminate()
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def start(name: str, command: Sequence[str], *, log: Path, extra: Mapping[str, str] | None = None) -> Child:
    """Start a child with our Python; its output is appended to `log`, `extra` is added to its environment."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as stream:
        process = subprocess.Popen(
            [sys.executable, "-m", *command],
            cwd=env.PROJECT_DIR,
            env=env.for_children(extra or {}),
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=_end_with(os.getpid()),
        )
        return Child(name, process, log, stream.tell())


@contextmanager
def running_worker(
    *, concurrency: int = 1, log: Path | None = None, extra: Mapping[str, str] | None = None
) -> Iterator[Child]:
    """A real Celery worker on the configured broker and database, ready when the block begins."""
    command = ["celery", "-A", "config", "worker", f"--concurrency={concurrency}", "--loglevel=INFO"]
    command += ["--without-gossip", "--without-mingle", f"--hostname=jifen-{os.getpid()}@%h"]
    child = start("worker", command, log=log or env.VAR_DIR / "log" / "worker.log", extra=extra)
    try:
        wait_until(lambda: " ready." in child.output(), child)
        yield child
    finally:
        child.stop()


@contextmanager
def running_timetable() -> Iterator[Child]:
    """Celery beat, which sends tasks at the times of `config.schedule`."""
    command = ["celery", "-A", "config", "beat", "--loglevel=INFO", "--pidfile="]
    child = start("timetable", command, log=env.VAR_DIR / "log" / "beat.log")
    try:
        yield child
    finally:
        child.stop()


@contextmanager
def running_web_server(host: str, port: int) -> Iterator[Child]:
    """The web server, answering when the block begins. Refuses a port that is in use."""
    ensure_port_free(host, port)
    command = ["granian", "--interface", "wsgi", "--host", host, "--port", str(port), "--workers", "1"]
    command += ["--blocking-threads", "4", "config.wsgi:application"]
    child = start("web server", command, log=env.VAR_DIR / "log" / "web.log")
    try:
        wait_until(lambda: _answers(host, port), child)
        yield child
    finally:
        child.stop()


def wait_until(condition: Callable[[], bool], child: Child, *, seconds: float = READY_SECONDS) -> None:
    """Wait for a condition; raise if the child ends or the time is up."""
    deadline = time.monotonic() + seconds
    while not condition():
        child.ensure_running()
        if time.monotonic() > deadline:
            tail = "\n".join(child.output().splitlines()[-20:])
            raise ProcessTrouble(f"The {child.name} was not ready within {seconds:.0f} seconds:\n{tail}")
        time.sleep(0.05)


def ensure_port_free(host: str, port: int) -> None:
    """Raise if something else listens on the port."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise ProcessTrouble(
                f"Port {port} on {host} is in use or not allowed ({error.strerror}). "
                f"Stop what uses it, or choose another: manage.py up --port {port + 1}"
            ) from error


def _answers(host: str, port: int) -> bool:
    target = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    try:
        with socket.create_connection((target, port), timeout=1):
            return True
    except OSError:
        return False


def _end_with(parent: int) -> Callable[[], None] | None:
    """What a child runs first on Linux: ask the kernel for SIGTERM when the parent dies."""
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None, use_errno=True)

    def ask() -> None:
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGTERM)

    return ask
