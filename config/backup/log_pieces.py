"""Pieces of the write-ahead log: their names, carrying them from place to place, taking away what no set needs."""

import re
from pathlib import Path

from config.backup import files

PLACE = slice(8, 24)  # a name is timeline, then place in the log: 8 + 16 hexadecimal digits
PIECE = re.compile(r"^[0-9A-F]{24}")


def is_needed(name: str, wal_from: str) -> bool:
    """Whether a piece, or a history of timelines, may be needed by a set whose first piece is `wal_from`."""
    if not PIECE.match(name):
        return name.removesuffix(".gz").endswith(".history")
    return name[PLACE] >= wal_from[PLACE]


def carry(source: Path, target: Path, wal_from: str) -> int:
    """Copy what may be needed from one folder to another, unless it is there; return how many pieces."""
    carried = 0
    for path in sorted(source.glob("[0-9A-F]*")) if source.exists() else []:
        if path.is_file() and is_needed(path.name, wal_from) and not (target / path.name).exists():
            files.copy(path, target / path.name)
            carried += 1
    return carried


def remove_before(folder: Path, wal_from: str) -> int:
    """Remove the pieces that lie before `wal_from`; histories stay. Returns how many."""
    old = [path for path in folder.glob("[0-9A-F]*.gz") if not is_needed(path.name, wal_from)]
    for path in old:
        path.unlink()
    return len(old)
