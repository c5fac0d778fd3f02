"""Keeping the newest sets and nothing that only older ones needed."""

import shutil
from dataclasses import dataclass

from config.backup import log_pieces
from config.backup.repository import BackupSet, Repository


@dataclass(frozen=True)
class Pruned:
    """How much was removed."""

    sets: int
    pieces: int
    files: int


def prune(repository: Repository, keep: int) -> Pruned:
    """Remove all but the newest `keep` sets (≥ 1), unfinished ones, and what no set that stays needs.

    A point in time stays restorable from the end of the oldest set that is kept.
    """
    if keep < 1:
        raise ValueError("At least one backup is kept.")
    finished = repository.finished()
    if not finished:
        return Pruned(0, 0, 0)
    kept = finished[-keep:]
    names = {item.manifest.name for item in kept}
    newest = kept[-1].manifest.name
    gone = [path for path in repository.sets.iterdir() if path.name not in names and path.name < newest]
    for path in gone:
        shutil.rmtree(path)
    first = min((item.manifest.wal_from for item in kept), key=lambda name: name[log_pieces.PLACE])
    return Pruned(len(gone), log_pieces.remove_before(repository.wal, first), _remove_unused(repository))


def prune_archive(live: Repository, made: BackupSet) -> int:
    """Remove from the server's own archive what a backup made elsewhere has carried away and no set here needs."""
    firsts = [item.manifest.wal_from for item in (made, *live.finished())]
    return log_pieces.remove_before(live.wal, min(firsts, key=lambda name: name[log_pieces.PLACE]))


def _remove_unused(repository: Repository) -> int:
    used = {stored.sha256 for item in repository.finished() for stored in item.manifest.media}
    unused = [path for path in repository.pool.glob("*/*") if path.name not in used]
    for path in unused:
        path.unlink()
    return len(unused)
