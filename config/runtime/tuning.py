"""How much memory and log the embedded PostgreSQL may take: by what the machine has, for work on millions of rows.

Nothing here trades safety for speed: every commit is still on disk before it is confirmed.
"""

import os

MB = 1 << 20
SHARED_BUFFERS_MIN, SHARED_BUFFERS_MAX = 128, 2048
SHARED_BUFFERS_SHARE, CACHE_SHARE = 8, 2  # an eighth of the machine; half of it is likely to hold our files


def options(memory: int | None = None) -> dict[str, str]:
    """Return the server's settings for a machine with so many bytes of memory (None: this one)."""
    total = (os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") if memory is None else memory) // MB
    shared = min(max(total // SHARED_BUFFERS_SHARE, SHARED_BUFFERS_MIN), SHARED_BUFFERS_MAX)
    return {
        "shared_buffers": f"{shared}MB",
        "effective_cache_size": f"{max(total // CACHE_SHARE, shared)}MB",
        "maintenance_work_mem": f"{max(shared // 8, 64)}MB",
        # A province's roster writes gigabytes of log; the default makes the server write every page of it out twice.
        "max_wal_size": "4GB",
        "checkpoint_timeout": "15min",
        # Rows of the cluster lie on a disk without moving heads; an index is then worth its use earlier.
        "random_page_cost": "1.1",
    }
