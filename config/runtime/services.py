"""The life of the embedded services: attach, detach, keep, stop.

`attach()` starts what is not running and marks this process as a user until it ends; the last user stops the
services unless they were asked to stay. Safe to call any number of times, from any thread.
"""

import atexit
import os
import threading
from dataclasses import dataclass

from config.runtime import lease, postgres, valkey
from config.runtime.errors import RuntimeTrouble
from config.runtime.paths import RuntimePaths, prepare, runtime_paths

_guard = threading.Lock()
_attached: dict[int, lease.Lease] = {}


@dataclass(frozen=True)
class ServicesStatus:
    """What runs, where, and for whom."""

    postgres: bool
    valkey: bool
    kept: bool
    users: tuple[int, ...]
    sockets: str
    state: str


def attach(paths: RuntimePaths | None = None) -> RuntimePaths:
    """Make sure that both services run, and stay for as long as this process lives or until `detach()`."""
    paths = paths or runtime_paths()
    with _guard:
        if os.getpid() in _attached:
            return paths
        prepare(paths)
        mark = lease.Lease(paths.lease)
        with lease.one_at_a_time(paths.lease):
            mark.take()
            try:
                valkey.start(paths)
                postgres.start(paths)
            except BaseException:
                mark.give_up()
                _stop_if_unused(paths)
                raise
        _attached.clear()  # a forked child inherits its parent's entry, which is not its own
        _attached[os.getpid()] = mark
        atexit.register(detach, paths)
    return paths


def detach(paths: RuntimePaths | None = None) -> None:
    """Stop being a user; the last user stops the services. Harmless when not attached."""
    paths = paths or runtime_paths()
    with _guard:
        mark = _attached.pop(os.getpid(), None)
        if mark is None:
            return
        with lease.one_at_a_time(paths.lease):
            mark.give_up()
            _stop_if_unused(paths)


def keep(paths: RuntimePaths | None = None) -> RuntimePaths:
    """Start the services and leave them up between commands."""
    paths = attach(paths)
    lease.keep(paths.lease)
    return paths


def stop(paths: RuntimePaths | None = None) -> None:
    """Stop the services now. Refused while another process uses them, naming it."""
    paths = paths or runtime_paths()
    prepare(paths)
    with lease.one_at_a_time(paths.lease):
        others = [pid for pid in lease.users(paths.lease) if pid != os.getpid()]
        if others:
            raise RuntimeTrouble(
                f"The services are in use by process {', '.join(map(str, others))}. End it first; the last "
                "one out stops them."
            )
        lease.release_keep(paths.lease)
        postgres.stop(paths)
        valkey.stop(paths)


def status(paths: RuntimePaths | None = None) -> ServicesStatus:
    """What runs now. Starts nothing."""
    paths = paths or runtime_paths()
    prepare(paths)
    return ServicesStatus(
        postgres=postgres.is_running(paths),
        valkey=valkey.is_running(paths),
        kept=lease.is_kept(paths.lease),
        users=tuple(lease.users(paths.lease)),
        sockets=str(paths.sockets),
        state=str(paths.state),
    )


def _stop_if_unused(paths: RuntimePaths) -> None:
    if lease.is_kept(paths.lease) or lease.users(paths.lease):
        return
    postgres.stop(paths)
    valkey.stop(paths)
