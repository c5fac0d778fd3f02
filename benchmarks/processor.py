"""Processor time of this process and of its database session together: what work costs on a machine shared with others.

Reads `/proc`, so both have to run on this machine; elsewhere nothing is said.
"""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def backend_seconds(pid: int) -> float | None:
    """Return the processor time that a process has used, or None where that cannot be seen."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def metered(pid: int) -> Iterator[dict[str, float]]:
    """Yield a mapping that holds `seconds` and `cpu` once the block is done; `pid` is the database session's."""
    said: dict[str, float] = {}
    before, client, began = backend_seconds(pid), time.process_time(), time.perf_counter()
    yield said
    said["seconds"] = time.perf_counter() - began
    after = backend_seconds(pid)
    if before is not None and after is not None:
        said["cpu"] = time.process_time() - client + after - before
