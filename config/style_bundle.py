"""`css/site.css`: the style sheets that every page needs, as one file, so that an old phone asks once.

Found like any other static file, by pages in development and by `collectstatic`. Made from its parts whenever one of
them is newer; nothing of it is kept in the tree.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

NAME = "css/site.css"
PARTS = (
    "vendor/modern-normalize/modern-normalize.css",
    "css/tokens.css",
    "css/base.css",
    "css/layout.css",
    "css/parts.css",
)


class BundleFinder(BaseFinder):
    """Finds the bundle, having made it."""

    def check(self, **kwargs: Any) -> list[Any]:
        """There is nothing to be set."""
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        """Return where the bundle is, if it is what is looked for."""
        if path != NAME:
            return []
        found = str(bundle())
        return [found] if find_all else found

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterable[Any]:
        """Name the bundle to `collectstatic`."""
        yield NAME, FileSystemStorage(location=str(bundle().parents[1]))


def bundle() -> Path:
    """Return the file, made anew if a part is newer."""
    parts = [Path(settings.BASE_DIR) / "static" / part for part in PARTS]
    made = Path(settings.VAR_DIR) / "bundles" / NAME
    if not made.exists() or made.stat().st_mtime < max(part.stat().st_mtime for part in parts):
        made.parent.mkdir(parents=True, exist_ok=True)
        beside = made.with_name(f".{made.name}.new")
        beside.write_text("\n".join(part.read_text(encoding="utf-8") for part in parts), encoding="utf-8")
        beside.replace(made)
    return made
