"""Evidence sent along: found by name, never unpacked to disk, and not opened where it is not safe."""

import io
import zipfile
from typing import Any

import pytest
from django.core.files.base import ContentFile

from cases.documents import bundle
from cases.documents.bundle import BundleFiles, BundleRefused


def archive(*members: tuple[str | zipfile.ZipInfo, bytes], compression: int = zipfile.ZIP_DEFLATED) -> io.BytesIO:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as made:
        for name, content in members:
            made.writestr(name, content)
    buffer.seek(0)
    return buffer


def sent(name: str, content: bytes = b"text\n") -> ContentFile:
    return ContentFile(content, name=name)


def link() -> zipfile.ZipInfo:
    info = zipfile.ZipInfo("link.txt")
    info.external_attr = 0o120777 << 16
    return info


def test_files_are_found_by_the_last_part_of_their_name_whatever_the_folder() -> None:
    files = BundleFiles(archive(("巴林/证据/a.txt", b"a"), ("b.txt", b"b")))
    assert files.read("evidence/a.txt") == b"a"
    assert files.read("../../etc/passwd") is None
    assert files.unread == ["b.txt"]
    assert len(files) == 2


def test_names_in_gbk_are_read_as_chinese() -> None:
    raw = archive(("xx.txt", b"a"), compression=zipfile.ZIP_STORED).getvalue()
    gbk = raw.replace(b"xx.txt", "证.txt".encode("gb18030"))
    assert BundleFiles(io.BytesIO(gbk)).read("证.txt") == b"a"


def test_what_operating_systems_leave_in_archives_is_passed_over() -> None:
    files = BundleFiles(archive(("__MACOSX/._a.txt", b"x"), (".DS_Store", b"x"), ("e/", b""), ("e/a.txt", b"a")))
    assert len(files) == 1


@pytest.mark.parametrize(
    "member", ["../a.txt", "/etc/passwd", "C:/a.txt", "a/../../b.txt", "..\\a.txt", link()], ids=str
)
def test_paths_that_lead_elsewhere_and_links_are_refused(member: Any) -> None:
    with pytest.raises(BundleRefused):
        BundleFiles(archive((member, b"x")))


def test_two_files_of_one_name_are_refused() -> None:
    with pytest.raises(BundleRefused, match=r"a\.txt"):
        BundleFiles(archive(("x/a.txt", b"1"), ("y/a.txt", b"2")))


def test_what_unfolds_to_far_more_than_it_is_is_refused() -> None:
    with pytest.raises(BundleRefused, match=r"bomb\.txt"):
        BundleFiles(archive(("bomb.txt", b"0" * 5_000_000)))


def test_encrypted_archives_are_refused() -> None:
    raw = bytearray(archive(("a.txt", b"a"), compression=zipfile.ZIP_STORED).getvalue())
    central = raw.index(b"PK\x01\x02")
    raw[central + 8] |= 1
    with pytest.raises(BundleRefused):
        BundleFiles(io.BytesIO(bytes(raw)))


def test_what_is_no_archive_and_what_is_broken_inside_is_refused() -> None:
    with pytest.raises(BundleRefused):
        bundle.pack([sent("a.zip", b"no archive")])
    raw = archive(("a.txt", b"hello world"), compression=zipfile.ZIP_STORED).getvalue()
    with pytest.raises(BundleRefused, match=r"a\.txt"):
        BundleFiles(io.BytesIO(raw.replace(b"hello world", b"hellO world"))).read("a.txt")


def test_too_many_and_too_much_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundle, "FILES_MAX", 2)
    with pytest.raises(BundleRefused):
        bundle.pack([sent("a.txt"), sent("b.txt"), sent("c.txt")])
    monkeypatch.setattr(bundle, "SIZE_MAX", 8)
    with pytest.raises(BundleRefused):
        bundle.pack([sent("a.txt"), sent("b.txt")])
    with pytest.raises(BundleRefused):
        BundleFiles(archive(("a.txt", b"1234"), ("b.txt", b"56789")))


def test_several_files_become_one_archive_and_one_zip_stays_as_it_is() -> None:
    packed = bundle.pack([sent("a.txt", b"a"), sent("b.txt", b"b")])
    assert packed is not None
    assert BundleFiles(io.BytesIO(packed)).read("b.txt") == b"b"
    one = archive(("a.txt", b"a")).getvalue()
    assert bundle.pack([sent("证据.ZIP", one)]) == one
    assert bundle.pack([]) is None
