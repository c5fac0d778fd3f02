"""Where the evidence named by a case document is read from: a folder beside it, or the files uploaded with it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol


class EvidenceFiles(Protocol):
    """Hands out the bytes of a named file, or None where there is none."""

    def read(self, name: str) -> bytes | None:
        """Return the bytes of the file of this name."""


class FolderFiles:
    """Files below a folder. Names that lead out of it, by `..`, an absolute path or a link, are not there."""

    def __init__(self, folder: Path) -> None:
        """Take the folder beside which the document stands."""
        self._folder = folder.resolve()

    def read(self, name: str) -> bytes | None:
        """Return the bytes of a file below the folder."""
        try:
            path = (self._folder / name).resolve()
        except (OSError, ValueError):
            return None
        if not path.is_relative_to(self._folder) or not path.is_file():
            return None
        return path.read_bytes()


class UploadedFiles:
    """Files sent along with the document, found by the last part of their name."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        """Take the uploaded files by name."""
        self._files = {_last(name): content for name, content in files.items()}

    def read(self, name: str) -> bytes | None:
        """Return the bytes of the uploaded file of this name."""
        return self._files.get(_last(name))


def _last(name: str) -> str:
    return name.replace("\\", "/").rpartition("/")[2]
