"""Where backups lie: sets with a manifest each, a pool of files named by their hash, the write-ahead log.

    DIR/sets/20251123T071800Z/manifest.json, base.tar.gz
    DIR/files/ab/abcdef…                      evidence and other stored files, each content once
    DIR/wal/000000010000000000000007.gz       what happened since

A set without a manifest is unfinished and counts as none.
"""

import json
import shutil
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from config.backup import files
from config.backup.files import StoredFile
from config.runtime.errors import RuntimeTrouble

FORMAT = 1
MANIFEST = "manifest.json"
BASE = "base.tar.gz"
NAME = "%Y%m%dT%H%M%S%fZ"


@dataclass(frozen=True)
class Manifest:
    """What a set holds and where it came from. Instants are ISO, in UTC, by the database's clock.

    `wal_from` is the first piece of the log that a restore of this set may need.
    """

    name: str
    began_at: str
    ended_at: str
    versions: dict[str, str]
    migrations: dict[str, str]
    system_identifier: str
    wal_from: str
    base: StoredFile
    media: tuple[StoredFile, ...]
    cluster: str
    archive: str
    media_root: str
    format: int = FORMAT

    @property
    def ended(self) -> datetime:
        """The instant from which on a point in time can be restored."""
        return datetime.fromisoformat(self.ended_at)


@dataclass(frozen=True)
class BackupSet:
    """A finished set in its repository."""

    repository: "Repository"
    manifest: Manifest

    @property
    def base(self) -> Path:
        """The base backup, a compressed tar."""
        return self.repository.sets / self.manifest.name / BASE


class Repository:
    """A folder of backups. Everything in it is readable by its owner only: it holds personal data."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.sets = folder / "sets"
        self.pool = folder / "files"
        self.wal = folder / "wal"

    def prepare(self) -> None:
        """Make the folders."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for part in (self.sets, self.pool, self.wal):
            part.mkdir(mode=0o700, exist_ok=True)

    def begin(self, at: datetime) -> str:
        """Make the folder of a new set and return its name."""
        name = at.astimezone(UTC).strftime(NAME)
        (self.sets / name).mkdir(mode=0o700)
        return name

    def finish(self, manifest: Manifest) -> BackupSet:
        """Write the manifest, which makes the set count."""
        text = json.dumps(asdict(manifest), ensure_ascii=False, indent=1)
        files.write_chunks([text.encode()], self.sets / manifest.name / MANIFEST)
        return BackupSet(self, manifest)

    def finished(self) -> list[BackupSet]:
        """The finished sets, oldest first."""
        found = sorted(self.sets.glob(f"*/{MANIFEST}")) if self.sets.exists() else []
        return [BackupSet(self, read_manifest(path)) for path in found]

    def remove(self, name: str) -> None:
        """Remove a set; the files it shares with others stay until `retention` takes them."""
        shutil.rmtree(self.sets / name)

    def pooled(self, sha256: str) -> Path:
        """Where the pool keeps a content."""
        return self.pool / sha256[:2] / sha256


def read_manifest(path: Path) -> Manifest:
    """Read a manifest; refuses one of another format."""
    try:
        row = json.loads(path.read_text())
        if row["format"] != FORMAT:
            raise RuntimeTrouble(f"{path} has format {row['format']}; this version of Jifen reads format {FORMAT}.")
        row["base"] = StoredFile(**row["base"])
        row["media"] = tuple(StoredFile(**item) for item in row["media"])
        return Manifest(**row)
    except (ValueError, KeyError, TypeError) as error:
        raise RuntimeTrouble(f"{path} is not the manifest of a backup: {error}") from error


def choose(folder: Path, at: datetime | None) -> BackupSet:
    """The set to restore from: `folder` is one set, or a repository whose newest set before `at` is taken."""
    if (folder / MANIFEST).exists():
        sets = [BackupSet(Repository(folder.parent.parent), read_manifest(folder / MANIFEST))]
    else:
        sets = Repository(folder).finished()
    if not sets:
        raise RuntimeTrouble(f"There is no finished backup in {folder}.")
    early = [item for item in sets if at is None or item.manifest.ended <= at]
    if not early:
        raise RuntimeTrouble(
            f"The oldest backup in {folder} ended at {sets[0].manifest.ended_at}; nothing earlier can be restored."
        )
    return early[-1]
