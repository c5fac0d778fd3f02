"""Servers under load: each on the first core, the load on the second, counted by the clock and by processor time.

On a machine that does other things the clock says little: what a server used of the processor for each request does.
"""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

SERVER_CORE, LOAD_CORE = "0", "1"
CONNECTIONS, SECONDS = 32, 3
START_SECONDS = 60


class Failed(Exception):
    """A server did not start, or answered with errors."""


@dataclass(frozen=True)
class Load:
    """What one round of load did."""

    requests: int
    seconds: float
    cpu: float
    p99_ms: float


@contextmanager
def running(command: Sequence[str], port: int, *, environment: Mapping[str, str] | None = None) -> Iterator[int]:
    """Run a server on its core until the block ends; yield its process id once it answers on the port."""
    pinned = ["taskset", "-c", SERVER_CORE, *command]
    process = subprocess.Popen(
        pinned,
        env={**os.environ, **(environment or {})},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        _wait(port, process)
        yield process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def granian(application: str, port: int) -> list[str]:
    """Return the command for one web worker as `manage.py up` runs it, but for a single thread: one core."""
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)),
        *("--workers", "1", "--runtime-threads", "1", "--blocking-threads", "1", "--no-ws", "--http", "1"),
        *("--backlog", "1024", "--log-level", "warning", application),
    ]


def under_load(url: str, script: Path, pid: int, *, backends: Collection[int] = (), seconds: int = SECONDS) -> Load:
    """Send requests for some seconds; `backends` are the database's processes that work for the server."""
    everyone = [*family(pid), *backends]
    for backend in backends:
        os.sched_setaffinity(backend, {int(SERVER_CORE)})
    before = {one: processor_seconds(one) for one in everyone}
    command = ["taskset", "-c", LOAD_CORE, "wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--latency"]
    began = time.perf_counter()
    said = subprocess.run([*command, "-s", str(script), url], capture_output=True, text=True, check=True).stdout
    took = time.perf_counter() - began
    used = sum(processor_seconds(one) - before[one] for one in everyone)
    if "Non-2xx" in said or re.search(r"Socket errors: connect [1-9]|read [1-9]", said):
        raise Failed(said)
    found = re.search(r"(\d+) requests in", said)
    late = re.search(r"99%\s+([\d.]+)(us|ms|s)", said)
    assert found is not None
    assert late is not None
    p99 = float(late[1]) * {"us": 0.001, "ms": 1.0, "s": 1000.0}[late[2]]
    return Load(int(found[1]), took, used, p99)


def processor_seconds(pid: int) -> float:
    """Return the processor time of a process and its threads, to the nanosecond as the scheduler counts it."""
    total = 0
    for task in Path(f"/proc/{pid}/task").glob("*/schedstat"):
        try:
            total += int(task.read_text().split()[0])
        except OSError:
            continue
    return total / 1e9


def family(pid: int) -> list[int]:
    """Return a process and all that it started."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
            children.setdefault(parent, []).append(int(entry.name))
    found, left = [], [pid]
    while left:
        one = left.pop()
        found.append(one)
        left += children.get(one, [])
    return found


def memory_mb(pid: int) -> float:
    """Return the memory of the largest process of a family, in MB, what is shared counted in part (PSS)."""
    sizes = []
    for one in family(pid):
        rollup = Path(f"/proc/{one}/smaps_rollup").read_text()
        found = re.search(r"^Pss:\s+(\d+) kB", rollup, re.MULTILINE)
        sizes.append(int(found[1]) / 1024 if found else 0.0)
    return max(sizes)


def _wait(port: int, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise Failed(f"{process.args!r} does not answer") from None
            time.sleep(0.05)
