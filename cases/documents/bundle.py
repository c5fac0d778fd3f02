"""Evidence sent along with a case file: several files, or one ZIP, kept as one ZIP until the worker reads it.

Nothing is unpacked to disk and no path out of an archive is ever used: a file is found by the last part of its name.
Refused before anything is read: encrypted archives, links, paths that lead upwards, too many files, too much, and
archives that unfold to far more than they are.
"""

import io
import stat
import zipfile
from collections.abc import Iterable, Iterator
from typing import IO

from django.core.files.base import File

from cases.policy import evidence_types
from institutions.errors import Invalid
from institutions.said import said as _

FILES_MAX = 500
SIZE_MAX = 200 * 1024 * 1024  # bytes of all files together, unpacked
RATIO_MAX = 200  # unpacked bytes a packed byte may give; text gives about 10
_UTF8_FLAG = 0x800
_ENCRYPTED_FLAG = 0x1
_LITTER = ("__macosx/", ".ds_store", "thumbs.db", "desktop.ini")


class BundleRefused(Invalid):
    """The evidence sent along cannot be taken: the archive is broken, too large, or not safe to open."""

    code = "bundle-refused"


class BundleFiles:
    """The files of a bundle by the last part of their name; `unread` names those that no case asked for."""

    def __init__(self, source: IO[bytes]) -> None:
        """Open the archive; refuse (`BundleRefused`) one that is not safe."""
        self._archive = _open(source)
        self._members = _members(self._archive)
        self._read: set[str] = set()

    def read(self, name: str) -> bytes | None:
        """Return the bytes of the file of this name, or None where there is none."""
        last = _last(name)
        member = self._members.get(last)
        if member is None:
            return None
        self._read.add(last)
        try:
            with self._archive.open(member) as stream:
                return stream.read(evidence_types.SIZE_MAX + 1)
        except (zipfile.BadZipFile, NotImplementedError, EOFError) as broken:
            raise BundleRefused(_("%(name)s cannot be unpacked.") % {"name": last}) from broken

    @property
    def unread(self) -> list[str]:
        """Name the files that nobody asked for."""
        return sorted(self._members.keys() - self._read)

    def __len__(self) -> int:
        """Return how many files there are."""
        return len(self._members)


def pack(files: Iterable[File]) -> bytes | None:
    """Return one ZIP of the files sent, None where there are none; a single ZIP is checked and kept as it is."""
    sent = list(files)
    if not sent:
        return None
    if len(sent) == 1 and str(sent[0].name).lower().endswith(".zip"):
        content = bytes(sent[0].read())
        BundleFiles(io.BytesIO(content))
        return content
    if sum(int(file.size or 0) for file in sent) > SIZE_MAX:
        raise BundleRefused(_too_much())
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for file in sent:
            archive.writestr(_last(str(file.name)), file.read())
    BundleFiles(buffer)
    return buffer.getvalue()


def _open(source: IO[bytes]) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(source)
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as broken:
        raise BundleRefused(_("The evidence is not a ZIP archive that can be opened.")) from broken


def _members(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    found: dict[str, zipfile.ZipInfo] = {}
    whole = 0
    for member in _files(archive):
        name = _name(member)
        _ensure_safe(member, name)
        whole += member.file_size
        last = _last(name)
        if last in found:
            raise BundleRefused(
                _("Two files of the evidence are called %(name)s.") % {"name": last},
                next_step=_("Files are found by their names: give each its own."),
            )
        found[last] = member
        if len(found) > FILES_MAX:
            raise BundleRefused(_("More than %(most)d files of evidence were sent.") % {"most": FILES_MAX})
        if whole > SIZE_MAX:
            raise BundleRefused(_too_much())
    return found


def _files(archive: zipfile.ZipFile) -> Iterator[zipfile.ZipInfo]:
    """The members that are files; folders and what operating systems leave in archives are passed over."""
    for member in archive.infolist():
        name = member.filename.lower()
        if not member.is_dir() and not name.startswith(_LITTER[0]) and _last(name) not in _LITTER:
            yield member


def _ensure_safe(member: zipfile.ZipInfo, name: str) -> None:
    parts = name.replace("\\", "/").split("/")
    is_link = stat.S_ISLNK(member.external_attr >> 16)
    if name.startswith(("/", "\\")) or ".." in parts or ":" in parts[0] or "\0" in name or not parts[-1] or is_link:
        raise BundleRefused(_("The archive holds a path that is not taken: %(name)s.") % {"name": name[:200]})
    if member.flag_bits & _ENCRYPTED_FLAG:
        raise BundleRefused(_("The archive is encrypted."), next_step=_("Send it without a password."))
    if member.file_size > RATIO_MAX * max(member.compress_size, 1):
        raise BundleRefused(_("%(name)s unfolds to far more than it is.") % {"name": _last(name)})


def _name(member: zipfile.ZipInfo) -> str:
    """Return the name; archives made by Chinese Windows hold names in GBK without saying so."""
    if member.flag_bits & _UTF8_FLAG:
        return member.filename
    try:
        return member.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return member.filename


def _last(name: str) -> str:
    return name.replace("\\", "/").rpartition("/")[2]


def _too_much() -> str:
    return _("The evidence is larger than %(size)d MB in all.") % {"size": SIZE_MAX >> 20}
