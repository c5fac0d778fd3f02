"""Copying files and knowing by SHA-256 that they are the same."""

import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

CHUNK = 1024 * 1024


@dataclass(frozen=True)
class StoredFile:
    """A file as it was when it was backed up; `path` is relative to where it belongs."""

    path: str
    sha256: str
    size: int


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file as hex."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def write_chunks(chunks: Iterable[bytes], target: Path) -> StoredFile:
    """Write a file beside its place, on disk before it is moved there; return what was written."""
    unfinished = target.with_name(f".{target.name}.{os.getpid()}")
    digest, size = hashlib.sha256(), 0
    try:
        with unfinished.open("wb") as stream:
            for chunk in chunks:
                stream.write(chunk)
                digest.update(chunk)
                size += len(chunk)
            stream.flush()
            os.fsync(stream.fileno())
        unfinished.rename(target)
    finally:
        unfinished.unlink(missing_ok=True)
    return StoredFile(target.name, digest.hexdigest(), size)


def copy(source: Path, target: Path) -> StoredFile:
    """Copy a file as `write_chunks` does."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with source.open("rb") as stream:
        return write_chunks(iter(lambda: stream.read(CHUNK), b""), target)


def files_below(folder: Path) -> list[Path]:
    """Every file below a folder, in order; none where there is no folder."""
    return sorted(path for path in folder.rglob("*") if path.is_file()) if folder.exists() else []
