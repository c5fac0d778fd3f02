"""Writes the files of one release into a folder, which appears whole or not at all."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO

from scoring.open_data.changes import CHANGE_COLUMNS
from scoring.open_data.columns import COLUMNS, Value, as_csv, csv_heading, csv_line, ndjson_line
from scoring.open_data.schema import FileFacts, csv_on_the_web, data_package

Rows = Iterable[Mapping[str, Value]]
TOMBSTONE_COLUMNS = ("row_id", "gone_as", "gone_on", "tombstone_until")

FULL = ("full.csv", "full.ndjson")
DELTA = ("delta.csv", "delta.ndjson")
ABOUT = ("tombstones.csv", "datapackage.json", "csv-metadata.json", "SHA256SUMS")
ALL = (*FULL, *DELTA, *ABOUT)


@contextmanager
def new_folder(root: Path, name: str) -> Iterator[Path]:
    """Yield a folder to write into; it takes its name, and the place of a half-made one, when the block succeeds."""
    root.mkdir(parents=True, exist_ok=True)
    making, made = root / f".{name}.making", root / name
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir()
    try:
        yield making
        shutil.rmtree(made, ignore_errors=True)
        making.rename(made)
    finally:
        shutil.rmtree(making, ignore_errors=True)


def write_release(
    folder: Path, *, name: str, created: str, full: Rows, delta: Rows, tombstones: Rows
) -> list[FileFacts]:
    """Write every file of a release and return name, size and hash of each. The rows come sorted by `row_id`."""
    facts = [
        *_write_both(folder, FULL, COLUMNS, full),
        *_write_both(folder, DELTA, CHANGE_COLUMNS, delta),
        *_write_one(folder, "tombstones.csv", TOMBSTONE_COLUMNS, tombstones),
    ]
    facts.append(_write_text(folder, "csv-metadata.json", _pretty(csv_on_the_web())))
    described = [file for file in facts if file.name in (*FULL, *DELTA)]
    package = data_package(name=f"jifen-{name}", created=created, files=described)
    facts.append(_write_text(folder, "datapackage.json", _pretty(package)))
    sums = "".join(f"{file.sha256}  {file.name}\n" for file in facts)
    return [*facts, _write_text(folder, "SHA256SUMS", sums)]


class _Hashed:
    """A file that is hashed and measured while it is written."""

    def __init__(self, target: BinaryIO) -> None:
        self.target, self.digest, self.size = target, hashlib.sha256(), 0

    def write(self, chunk: bytes) -> None:
        self.target.write(chunk)
        self.digest.update(chunk)
        self.size += len(chunk)


def _write_both(folder: Path, names: tuple[str, str], columns: tuple[str, ...], rows: Rows) -> list[FileFacts]:
    """Write one pass over the rows into the CSV and the NDJSON file."""
    with ExitStack() as opened:
        table, lines = (_Hashed(opened.enter_context((folder / name).open("wb"))) for name in names)
        table.write(csv_heading(columns))
        for row in rows:
            table.write(csv_line(columns, row))
            lines.write(ndjson_line(columns, row))
        written = (table, lines)
    return [FileFacts(name, file.size, file.digest.hexdigest()) for name, file in zip(names, written, strict=True)]


def _write_one(folder: Path, name: str, columns: tuple[str, ...], rows: Rows) -> list[FileFacts]:
    data = as_csv(columns, rows)
    (folder / name).write_bytes(data)
    return [FileFacts(name, len(data), hashlib.sha256(data).hexdigest())]


def _write_text(folder: Path, name: str, text: str) -> FileFacts:
    data = text.encode()
    (folder / name).write_bytes(data)
    return FileFacts(name, len(data), hashlib.sha256(data).hexdigest())


def _pretty(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"
