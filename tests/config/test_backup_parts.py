"""The parts of backup and restore without a server: the archive's script, sets, pruning, manifests."""

import gzip
import os
import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from config.backup import files, log_pieces, retention
from config.backup.files import StoredFile
from config.backup.repository import BackupSet, Manifest, Repository, choose
from config.runtime.archive import SCRIPT
from config.runtime.errors import RuntimeTrouble

BEGAN = datetime(2026, 3, 1, 3, tzinfo=UTC)


class TestArchiveScript:
    @pytest.fixture
    def archive(self, tmp_path: Path) -> Path:
        (tmp_path / "archive" / "wal").mkdir(parents=True)
        (tmp_path / "archive" / "wanted").touch()
        return tmp_path / "archive"

    def hand_over(self, archive: Path, content: bytes, name: str = "00000001" + "0" * 16) -> int:
        piece = archive.parent / name
        piece.write_bytes(content)
        return subprocess.run(["/bin/sh", str(SCRIPT), str(archive), str(piece), name], check=False).returncode

    def kept(self, archive: Path) -> dict[str, bytes]:
        return {path.name: gzip.decompress(path.read_bytes()) for path in (archive / "wal").iterdir()}

    def test_a_piece_is_kept_whole_under_its_name_and_nothing_else_is_left(self, archive: Path) -> None:
        assert self.hand_over(archive, b"log" * 1000) == 0
        assert self.kept(archive) == {"00000001" + "0" * 16 + ".gz": b"log" * 1000}

    def test_nothing_is_kept_before_a_backup_wants_it(self, archive: Path) -> None:
        (archive / "wanted").unlink()
        assert self.hand_over(archive, b"log") == 0
        assert self.kept(archive) == {}

    def test_the_same_piece_again_is_accepted_and_another_of_that_name_refused(self, archive: Path) -> None:
        assert self.hand_over(archive, b"log") == 0
        assert self.hand_over(archive, b"log") == 0
        assert self.hand_over(archive, b"other") != 0
        assert list(self.kept(archive).values()) == [b"log"]

    def test_what_a_killed_attempt_left_does_not_count_as_a_piece(self, archive: Path) -> None:
        (archive / "wal" / ".000000010000000000000000.1234").write_bytes(b"half")
        assert self.hand_over(archive, b"log") == 0
        assert log_pieces.carry(archive / "wal", archive.parent / "copy", "0" * 24) == 1

    def test_a_piece_that_cannot_be_written_is_not_said_to_be_kept(self, archive: Path) -> None:
        (archive / "wal").rmdir()
        assert self.hand_over(archive, b"log") != 0


def a_set(repository: Repository, days: int, media: dict[str, bytes], wal_from: str) -> BackupSet:
    repository.prepare()
    name = repository.begin(BEGAN + timedelta(days=days))
    base = files.write_chunks([b"base"], repository.sets / name / "base.tar.gz")
    stored = []
    for path, content in media.items():
        source = repository.folder / "source"
        source.write_bytes(content)
        sha256 = files.sha256_of(source)
        files.copy(source, repository.pooled(sha256))
        stored.append(StoredFile(path, sha256, len(content)))
    instant = (BEGAN + timedelta(days=days)).isoformat()
    manifest = Manifest(
        name=name, began_at=instant, ended_at=instant, versions={}, migrations={}, system_identifier="1",
        wal_from=wal_from, base=base, media=tuple(stored), cluster="/", archive="/", media_root="/",
    )  # fmt: skip
    return repository.finish(manifest)


def piece(number: int, timeline: int = 1) -> str:
    return f"{timeline:08X}{number:016X}"


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    made = Repository(tmp_path / "backups")
    a_set(made, 0, {"evidence/a": b"a", "evidence/b": b"b"}, piece(3))
    a_set(made, 1, {"evidence/b": b"b"}, piece(7))
    a_set(made, 2, {"evidence/b": b"b", "evidence/c": b"c"}, piece(12, timeline=2))
    for number in range(2, 15):
        (made.wal / f"{piece(number)}.gz").write_bytes(b"")
    (made.wal / "00000002.history.gz").write_bytes(b"")
    return made


def test_a_manifest_is_read_as_it_was_written(repository: Repository) -> None:
    first = repository.finished()[0].manifest
    assert first.ended == BEGAN
    assert [stored.path for stored in first.media] == ["evidence/a", "evidence/b"]


def test_the_newest_set_before_the_instant_is_chosen(repository: Repository) -> None:
    names = [item.manifest.name for item in repository.finished()]
    assert choose(repository.folder, None).manifest.name == names[2]
    assert choose(repository.folder, BEGAN + timedelta(days=1, hours=5)).manifest.name == names[1]
    assert choose(repository.sets / names[0], None).manifest.name == names[0]
    with pytest.raises(RuntimeTrouble, match="oldest backup"):
        choose(repository.folder, BEGAN - timedelta(seconds=1))


def test_an_unfinished_set_counts_for_nothing(tmp_path: Path) -> None:
    made = Repository(tmp_path / "backups")
    made.prepare()
    made.begin(BEGAN)
    with pytest.raises(RuntimeTrouble, match="no finished backup"):
        choose(made.folder, None)
    assert retention.prune(made, 1) == retention.Pruned(0, 0, 0)


@pytest.mark.parametrize("text", ["", "{}", '{"format": 2}'])
def test_what_is_no_manifest_of_ours_is_refused(repository: Repository, text: str) -> None:
    (next(repository.sets.glob("*/manifest.json"))).write_text(text)
    with pytest.raises(RuntimeTrouble):
        repository.finished()


def test_pruning_keeps_the_newest_sets_and_all_that_they_need(repository: Repository) -> None:
    unfinished = repository.begin(BEGAN + timedelta(hours=1))
    assert retention.prune(repository, 2) == retention.Pruned(sets=2, pieces=5, files=1)
    assert unfinished not in {path.name for path in repository.sets.iterdir()}
    left = sorted(path.name for path in repository.wal.iterdir())
    assert left[0] == f"{piece(7)}.gz"
    assert left[-1] == "00000002.history.gz"
    for item in repository.finished():
        assert all(repository.pooled(stored.sha256).exists() for stored in item.manifest.media)
    with pytest.raises(ValueError, match="At least one"):
        retention.prune(repository, 0)


def test_the_servers_own_archive_keeps_what_sets_in_it_or_the_one_just_made_need(
    repository: Repository, tmp_path: Path
) -> None:
    made = repository.finished()[-1]
    live = Repository(tmp_path / "live")
    a_set(live, 0, {}, piece(10))
    for number in range(8, 14):
        (live.wal / f"{piece(number)}.gz").write_bytes(b"")
    assert retention.prune_archive(live, made) == 2
    assert retention.prune_archive(live, replace(made, manifest=replace(made.manifest, wal_from=piece(9)))) == 0


def test_a_write_that_fails_midway_leaves_no_file(tmp_path: Path) -> None:
    def broken():
        yield b"half"
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        files.write_chunks(broken(), tmp_path / "target")
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("command", [["backup"], ["restore", "--from", "/nowhere"]])
def test_with_a_server_of_ones_own_the_commands_say_where_to_look(settings, command: list[str]) -> None:
    settings.EMBEDDED = False
    with pytest.raises(CommandError, match="its own tools"):
        call_command(*command)


def test_at_least_one_backup_is_kept() -> None:
    with pytest.raises(CommandError, match="from 1 on"):
        call_command("backup", "--keep", "0")
