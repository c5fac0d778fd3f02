"""The embedded Valkey, Celery's broker: Unix socket only, append-only file on, so work survives a crash."""

import os
import signal
import subprocess
import time
from pathlib import Path

import redis

from config.runtime.errors import RuntimeTrouble
from config.runtime.liveness import is_process
from config.runtime.paths import RuntimePaths
from config.runtime.programs import valkey_server

START_SECONDS = 20

CONFIGURATION = """\
port 0
unixsocket "{socket}"
unixsocketperm 700
dir "{data}"
pidfile "{pidfile}"
logfile "{log}"
daemonize no
save ""
appendonly yes
appendfsync everysec
maxmemory-policy noeviction
"""


def start(paths: RuntimePaths) -> None:
    """Start Valkey unless it already answers; wait until it does."""
    if is_running(paths):
        return
    data = paths.valkey_data
    data.mkdir(mode=0o700, exist_ok=True)
    paths.account.take(data, 0o700)
    paths.valkey_socket.unlink(missing_ok=True)
    _pidfile(paths).unlink(missing_ok=True)
    configuration = data / "valkey.conf"
    log = paths.logs / "valkey.log"
    configuration.write_text(
        CONFIGURATION.format(socket=paths.valkey_socket, data=data, pidfile=_pidfile(paths), log=log)
    )
    log.touch()
    paths.account.take(configuration, 0o600)
    paths.account.take(log, 0o644)
    process = subprocess.Popen(
        [str(valkey_server(paths)), str(configuration)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=data,
        env={"PATH": os.defpath, "LC_ALL": "C.UTF-8"},
        start_new_session=True,
        **paths.account.popen_options(),  # type: ignore[call-overload]
    )
    _wait_until_ready(paths, process, log)


def stop(paths: RuntimePaths) -> None:
    """Stop Valkey and wait until its process is gone. Data stay."""
    pid = _live_pid(paths)
    if pid is None:
        return
    os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + START_SECONDS
    while _live_pid(paths) is not None and not _reaped(pid):
        if time.monotonic() > deadline:
            raise RuntimeTrouble(f"Valkey (process {pid}) did not stop within {START_SECONDS} seconds.")
        time.sleep(0.02)


def is_running(paths: RuntimePaths) -> bool:
    """Whether Valkey answers on its socket."""
    if not paths.valkey_socket.exists():
        return False
    client = redis.Redis(unix_socket_path=str(paths.valkey_socket), socket_timeout=2)
    try:
        return bool(client.ping())
    except redis.exceptions.BusyLoadingError:
        return True
    except redis.exceptions.RedisError:
        return False
    finally:
        client.close()


def broker_url(paths: RuntimePaths) -> str:
    """The address Celery uses."""
    return f"redis+socket://{paths.valkey_socket}"


def _wait_until_ready(paths: RuntimePaths, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not is_running(paths):
        if process.poll() is not None or time.monotonic() > deadline:
            tail = "\n".join(log.read_text(errors="replace").splitlines()[-15:])
            raise RuntimeTrouble(f"Valkey did not start. The end of {log}:\n{tail}")
        time.sleep(0.02)
    # The server outlives this object on purpose: whoever leaves last stops it through its pid file.
    process.returncode = 0


def _reaped(pid: int) -> bool:
    """Collect the exit status if the server was our child, so that it does not linger as a zombie."""
    try:
        return os.waitpid(pid, os.WNOHANG)[0] == pid
    except ChildProcessError:
        return False


def _pidfile(paths: RuntimePaths) -> Path:
    return paths.valkey_data / "valkey.pid"


def _live_pid(paths: RuntimePaths) -> int | None:
    """The process id from the pid file, if that is a living Valkey (a crash leaves a stale file)."""
    try:
        pid = int(_pidfile(paths).read_text())
    except (FileNotFoundError, ValueError):
        return None
    return pid if is_process(pid, "valkey") else None
