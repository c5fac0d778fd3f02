"""Files of public pages that a web server sends without asking us: one folder a Shanghai date, gzip only.

A file tells of one person and lies under the person's public id: `2025-07-22/ab/abcd….en.html.gz`. Whoever changes what
a page says removes the person's files before committing, while holding the person (`withdraw`); only the publisher
writes, after that commit, holding the person likewise (`write`). What is not here is answered by the application, so a
file that is missing is slow and never wrong. A folder holds for its own date only, and says nothing of another one.

A folder whose marker is missing, or was made before the machine last started, is in a state nobody vouches for (an
unlinked file may have come back with a lost write): it is removed as a whole before anything is written.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
import zlib
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from django.conf import settings

FORMS = ("zh-hans.html", "en.html", "json")
MARKER = ".made"
GONE = ".gone-"
MTIME_BASE, MTIME_SPAN = 1_000_000_000, 600_000_000


class FilesOutOfReach(RuntimeError):
    """Pages of a person are published as files, and this process cannot remove them: it must not change the person."""


def is_on() -> bool:
    """Say whether pages are published as files at all."""
    return settings.PUBLISHED_DIR is not None


def is_in_reach() -> bool:
    """Say whether this process could remove files that were published; the folder itself may be new, on a tmpfs."""
    if not is_on():
        return False
    try:
        _root().mkdir(exist_ok=True)
    except OSError:
        return False
    return True


def name_of(slug: str, form: str) -> str:
    """Return the name of a file within the folder of its date; the web server's configuration builds the same."""
    return f"{slug[:2]}/{slug}.{form}.gz"


def path_of(day: date, slug: str, form: str) -> Path:
    """Return where the file of a person, a date and a form is, if it is there."""
    return _root() / day.isoformat() / name_of(slug, form)


def open_day(day: date) -> str:
    """Make the folder of a date unless there is one to be trusted; return its mark, which changes when it is remade."""
    folder = _root() / day.isoformat()
    with _one_at_a_time():
        made, _, boot = _read(folder / MARKER).partition(" ")
        if not made or boot != _boot():
            _remove(folder)
            made = secrets.token_hex(4)
            folder.mkdir()
            _replace(folder / MARKER, f"{made} {_boot()}".encode())
    return f"{day.isoformat()}:{made}"


def write(day: date, slug: str, contents: Mapping[str, bytes]) -> bool:
    """Put the files of a person in place, each at once and whole; the caller holds the person. Content is gzip already.

    Returns whether they are there: not where the folder was withdrawn meanwhile.
    """
    folder = f"{_root()}/{day.isoformat()}"
    places = {f"{folder}/{name_of(slug, form)}": content for form, content in contents.items()}
    try:
        _replace_all(places)
    except FileNotFoundError:  # the first files under these two characters, or the folder was withdrawn
        try:
            path_of(day, slug, "").parent.mkdir(exist_ok=True)
            _replace_all(places)
        except FileNotFoundError:
            return False
    return True


def withdraw(slugs: Collection[str]) -> None:
    """Remove every file of these people, of any date. Called before the commit that makes them untrue.

    Raises OSError where a file cannot be removed, so that nothing is committed over it.
    """
    if not is_on() or not slugs:
        return
    for folder in _folders():
        for slug in slugs:
            for form in FORMS:
                (folder / name_of(slug, form)).unlink(missing_ok=True)


def withdraw_all() -> None:
    """Remove every file, in one step a date. Called before a commit that touches people whom nobody has counted."""
    if not is_on():
        return
    for folder in _folders():
        _remove(folder)


def sweep(today: date) -> int:
    """Remove the folders of other dates, and what was set aside; return how many."""
    if not is_in_reach():
        return 0
    old = [folder for folder in _root().iterdir() if folder.is_dir() and folder.name != today.isoformat()]
    for folder in old:
        _remove(folder)
    return len(old)


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Two publishers do not make the same folder."""
    _root().mkdir(parents=True, exist_ok=True)
    with (_root() / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _root() -> Path:
    return Path(settings.PUBLISHED_DIR or "")


def _folders() -> Iterator[Path]:
    try:
        names = os.listdir(_root())
    except FileNotFoundError:
        return
    for name in names:
        if not name.startswith("."):
            yield _root() / name


def _remove(folder: Path) -> None:
    """Take a folder out of sight with one rename, then delete it at leisure."""
    aside = folder
    if not folder.name.startswith(GONE):
        aside = folder.with_name(f"{GONE}{secrets.token_hex(8)}")
        try:
            folder.rename(aside)
        except FileNotFoundError:
            return
    shutil.rmtree(aside, ignore_errors=True)


def _replace_all(places: Mapping[str, bytes]) -> None:
    for path, content in places.items():
        _replace(path, content)


def _replace(path: str | Path, content: bytes) -> None:
    """Write beside and rename. The time of the file is made from its content, since web servers build ETags from it."""
    folder, name = os.path.split(path)
    beside = f"{folder}/.{name}.{secrets.token_hex(4)}"
    moment = MTIME_BASE + zlib.crc32(content) % MTIME_SPAN
    with open(beside, "wb") as file:
        file.write(content)
    os.utime(beside, (moment, moment))
    os.replace(beside, path)


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except (FileNotFoundError, NotADirectoryError):
        return ""


def _boot() -> str:
    """Which start of the machine this is."""
    return _read(Path("/proc/sys/kernel/random/boot_id")).strip()
