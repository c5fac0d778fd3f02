"""Which system account the embedded servers run under.

PostgreSQL refuses to run as root. When root starts it, the servers run as the owner of the project directory,
or as `nobody` where that is root too. An ordinary user runs them as itself.
"""

import os
import pwd
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Account:
    """A system account; `switches` is true when it differs from the one this process runs under."""

    uid: int
    gid: int
    switches: bool

    def popen_options(self) -> dict[str, object]:
        """Keyword arguments for `subprocess` that run a program under this account."""
        if not self.switches:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def take(self, path: Path, mode: int) -> None:
        """Give a path to this account, with the given permission bits."""
        if self.switches:
            os.chown(path, self.uid, self.gid)
        if path.stat().st_uid in (self.uid, os.geteuid()):
            path.chmod(mode)

    def can_reach(self, path: Path) -> bool:
        """Whether this account may pass through every directory above `path` and into it."""
        if not self.switches:
            return True
        return all(self._can_enter(folder) for folder in (path, *path.parents))

    def _can_enter(self, folder: Path) -> bool:
        if not folder.exists():
            return True
        status = folder.stat()
        if status.st_uid == self.uid:
            return bool(status.st_mode & 0o100)
        if status.st_gid == self.gid:
            return bool(status.st_mode & 0o010)
        return bool(status.st_mode & 0o001)


def server_account(project: Path) -> Account:
    """Choose the account for the servers of the project at `project`."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid(), switches=False)
    owner = project.stat().st_uid
    entry = _entry(owner) if owner != 0 else None
    entry = entry or pwd.getpwnam("nobody")
    return Account(entry.pw_uid, entry.pw_gid, switches=True)


def _entry(uid: int) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwuid(uid)
    except KeyError:
        return None
