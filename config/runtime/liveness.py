"""Whether a process id from a pid file still means the server that wrote it."""

import os
from pathlib import Path


def is_process(pid: int | None, mark: str) -> bool:
    """Whether process `pid` lives and has `mark` in its command line.

    After a crash, or in a container started anew, the number in a stale pid file may be a stranger's.
    Where there is no /proc, being alive is enough.
    """
    if pid is None:
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    command = Path(f"/proc/{pid}/cmdline")
    try:
        return mark.encode() in command.read_bytes()
    except (FileNotFoundError, PermissionError):
        return not Path("/proc/self").exists()
