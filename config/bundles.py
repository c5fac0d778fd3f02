"""Style sheets that every page needs, served as one file: a phone on a slow line asks once instead of six times.

Written from its parts whenever one of them changed: by the development server as it is asked, in a deployment by
`collectstatic`. The parts stay the files that people edit.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

BUNDLES = {
    "css/site.css": (
        "vendor/modern-normalize/modern-normalize.css",
        "css/tokens.css",
        "css/base.css",
        "css/layout.css",
        "css/parts.css",
        "css/print.css",
    )
}


class BundleFinder(BaseFinder):
    """Finds the bundles, after bringing them up to their parts."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        self.source = Path(settings.BASE_DIR) / "static"
        self.storage = FileSystemStorage(location=str(Path(settings.VAR_DIR) / "bundles"))

    def check(self, **kwargs: object) -> list[Any]:
        """There is nothing to configure."""
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: object) -> Any:
        """Return where a bundle lies; nothing for any other path."""
        found = self._written(path) if path in BUNDLES else None
        if find_all:
            return [found] if found else []
        return found or []

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, FileSystemStorage]]:
        """Yield every bundle with the storage that holds it, for `collectstatic`."""
        for path in BUNDLES:
            self._written(path)
            yield path, self.storage

    def _written(self, path: str) -> str:
        target = Path(self.storage.path(path))
        content = b"\n".join((self.source / part).read_bytes() for part in BUNDLES[path])
        if not target.exists() or target.read_bytes() != content:
            target.parent.mkdir(parents=True, exist_ok=True)
            draft = target.with_name(f"{target.name}.{secrets.token_hex(4)}")
            draft.write_bytes(content)
            os.replace(draft, target)
        return str(target)
