"""Who is using the embedded services. The last one out stops them.

Each user process holds a lock on a file of its own under `var/lease/`. The kernel drops the lock when the
process ends in whatever way, so a crashed user is never counted. A second lock makes starting and stopping
one at a time.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from config.runtime.errors import RuntimeTrouble

KEEP = "keep"


class Lease:
    """One process's mark in the lease directory."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._path = folder / f"user-{os.getpid()}"
        self._handle: int | None = None

    def take(self) -> None:
        """Put up the mark of this process."""
        self._handle = _open(self._path)
        fcntl.flock(self._handle, fcntl.LOCK_EX)

    def give_up(self) -> None:
        """Take the mark down."""
        if self._handle is not None:
            self._path.unlink(missing_ok=True)
            os.close(self._handle)
            self._handle = None


@contextmanager
def one_at_a_time(folder: Path) -> Iterator[None]:
    """Hold the lock under which services are started and stopped."""
    try:
        handle = _open(folder / "lock")
    except PermissionError as error:
        raise RuntimeTrouble(
            f"{folder} belongs to another user, who made this project's embedded database. "
            "Run as that user, or set JIFEN_VAR_DIR to a directory of your own."
        ) from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def users(folder: Path) -> list[int]:
    """Process ids of those who use the services now. Marks left by crashed processes are removed."""
    live = []
    for path in folder.glob("user-*"):
        with suppress(FileNotFoundError):
            handle = os.open(path, os.O_RDWR)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                path.unlink(missing_ok=True)
            except BlockingIOError:
                live.append(int(path.name.removeprefix("user-")))
            finally:
                os.close(handle)
    return sorted(live)


def keep(folder: Path) -> None:
    """Ask that the services stay up when nobody uses them (`manage.py services start`)."""
    os.close(_open(folder / KEEP))


def release_keep(folder: Path) -> None:
    """Withdraw that wish."""
    (folder / KEEP).unlink(missing_ok=True)


def is_kept(folder: Path) -> bool:
    """Whether the services should stay up when nobody uses them."""
    return (folder / KEEP).exists()


def _open(path: Path) -> int:
    """Open a file of the lease directory; one that root makes is given to the directory's owner."""
    handle = os.open(path, os.O_CREAT | os.O_RDWR, 0o644)
    if os.geteuid() == 0:
        owner = path.parent.stat()
        os.fchown(handle, owner.st_uid, owner.st_gid)
    return handle
