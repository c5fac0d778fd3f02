"""What of open data is there to be had: releases, files, and where they lie."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from institutions.errors import NotThere, Withdrawn
from scoring.models import OpenDataRelease
from scoring.open_data import files

LATEST = "latest"
RELEASES_SHOWN = 31
CONTENT_TYPES = {
    ".csv": "text/csv; charset=utf-8",
    ".ndjson": "application/x-ndjson",
    ".json": "application/json",
    "": "text/plain; charset=utf-8",
}


@dataclass(frozen=True, slots=True)
class OpenFile:
    """One file of a release: where it lies and what identifies its bytes."""

    release: str
    name: str
    path: Path
    size: int
    sha256: str
    content_type: str


@dataclass(frozen=True, slots=True)
class ListedFile:
    """One file as a list shows it; `url` is None once it was withdrawn."""

    name: str
    size: int
    sha256: str
    url: str | None


@dataclass(frozen=True, slots=True)
class ListedRelease:
    """One release as a list shows it."""

    name: str
    number: int
    on: date
    made_at: datetime
    rows: int
    changes: dict[str, int]
    files: tuple[ListedFile, ...]


def releases() -> list[ListedRelease]:
    """Return the latest releases, newest first, with those of their files that can still be had."""
    return [_listed(release) for release in OpenDataRelease.objects.order_by("-number")[:RELEASES_SHOWN]]


def open_file(release_name: str, file_name: str) -> OpenFile:
    """Return a file of a release (`latest` is the newest); raise NotThere, or Withdrawn once it was withdrawn."""
    release = _find(release_name)
    known = release.files.get(file_name)
    if known is None:
        raise NotThere()
    if _is_withdrawn(release, file_name):
        raise Withdrawn(
            _("This file was withdrawn: it is too old, or something in it has been corrected since."),
            state=f"release {release.name}",
            next_step=_("Take the latest snapshot; it is complete."),
        )
    return OpenFile(
        release=release.name,
        name=file_name,
        path=Path(settings.OPEN_DATA_DIR) / release.name / file_name,
        size=known["size"],
        sha256=known["sha256"],
        content_type=CONTENT_TYPES[Path(file_name).suffix],
    )


def _find(name: str) -> OpenDataRelease:
    newest = OpenDataRelease.objects.order_by("-number")
    if name == LATEST:
        release = newest.first()
    else:
        day, _dot, revision = name.partition(".")
        try:
            release = newest.filter(on=date.fromisoformat(day), revision=int(revision or 1)).first()
        except ValueError:
            release = None
    if release is None:
        raise NotThere()
    return release


def _is_withdrawn(release: OpenDataRelease, file_name: str) -> bool:
    if file_name in files.FULL:
        return release.full_withdrawn_on is not None
    if file_name in files.DELTA:
        return release.delta_withdrawn_on is not None
    return release.full_withdrawn_on is not None and release.delta_withdrawn_on is not None


def _listed(release: OpenDataRelease) -> ListedRelease:
    return ListedRelease(
        name=release.name,
        number=release.number,
        on=release.on,
        made_at=release.made_at,
        rows=release.rows,
        changes=release.changes,
        files=tuple(
            ListedFile(
                name=name,
                size=facts["size"],
                sha256=facts["sha256"],
                url=None if _is_withdrawn(release, name) else f"/open-data/{release.name}/{name}",
            )
            for name, facts in sorted(release.files.items(), key=lambda file: files.ALL.index(file[0]))
        ),
    )
