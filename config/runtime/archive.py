"""Continuous archiving of the embedded server's write-ahead log, from which a point in time is restored.

The server hands over each finished piece; `archive_wal.sh` keeps it, compressed, in `archive/wal` once a backup
wants it (`manage.py backup` puts up the mark). Until then a piece costs one `test`.
"""

import shlex
from pathlib import Path

from config.runtime.paths import RuntimePaths

SCRIPT = Path(__file__).with_name("archive_wal.sh")
# A quiet database hands over an unfinished piece after this time: what a lost disk can cost at most.
SECONDS_MAX = 300


def options(paths: RuntimePaths) -> dict[str, str]:
    """The server's settings for archiving; makes the folders and the script, which the servers' account must reach."""
    for folder in (paths.archive, paths.archive / "wal"):
        if not folder.exists():
            folder.mkdir(parents=True, exist_ok=True)
            paths.account.take(folder, 0o700)
    script = paths.archive / SCRIPT.name
    script.write_bytes(SCRIPT.read_bytes())
    paths.account.take(script, 0o700)
    return {
        "wal_level": "replica",
        "archive_mode": "on",
        "archive_command": f"/bin/sh {in_command(script)} {in_command(paths.archive)} %p %f",
        "archive_timeout": str(SECONDS_MAX),
    }


def is_wanted(paths: RuntimePaths) -> bool:
    """Whether a backup was made, so that the log is kept from then on."""
    return (paths.archive / "wanted").exists()


def want(paths: RuntimePaths) -> None:
    """Have the log kept from now on."""
    mark = paths.archive / "wanted"
    mark.touch()
    paths.account.take(mark, 0o600)


def in_command(path: Path) -> str:
    """A path as a word of a command that PostgreSQL expands and a shell runs."""
    return shlex.quote(str(path)).replace("%", "%%")
