"""Writes the files of one release into a folder, which appears whole or not at all.

Rows are written as they are read, so that a release of any size takes the memory of one row. Beside each table lies the
same compressed (`full.csv.gz`): a web server that serves the folder finds it under the name it looks for.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO

from scoring.open_data.changes import CHANGE_COLUMNS
from scoring.open_data.columns import COLUMNS, Value, csv_heading, csv_line, ndjson_line
from scoring.open_data.schema import EXPIRY_COLUMNS, FileFacts, csv_on_the_web, data_package

Rows = Iterable[Mapping[str, Value]]
TOMBSTONE_COLUMNS = ("row_id", "gone_as", "gone_on", "tombstone_until")


SNAPSHOT = ("full.csv", "full.ndjson")
EXPIRY = "expiry.csv"
FULL = (*SNAPSHOT, EXPIRY)  # what a release says of the rows that are there, withdrawn together
DELTA = ("delta.csv", "delta.ndjson")
ABOUT = ("tombstones.csv", "datapackage.json", "csv-metadata.json", "SHA256SUMS")
ALL = (*FULL, *DELTA, *ABOUT)
COMPRESSED = (*FULL, *DELTA, "tombstones.csv")
GZ = ".gz"
CHUNK = 256 * 1024


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
    folder: Path, *, name: str, created: str, full: Rows, expiry: Rows, delta: Rows, tombstones: Rows
) -> list[FileFacts]:
    """Write every file of a release and return name, size and hash of each. The rows come sorted by `row_id`."""
    facts = [
        *_write_both(folder, SNAPSHOT, COLUMNS, full),
        _write_one(folder, EXPIRY, EXPIRY_COLUMNS, expiry),
        *_write_both(folder, DELTA, CHANGE_COLUMNS, delta),
        _write_one(folder, "tombstones.csv", TOMBSTONE_COLUMNS, tombstones),
    ]
    facts.append(_write_text(folder, "csv-metadata.json", _pretty(csv_on_the_web())))
    described = [file for file in facts if file.name in (*FULL, *DELTA)]
    package = data_package(name=f"jifen-{name}", created=created, files=described)
    facts.append(_write_text(folder, "datapackage.json", _pretty(package)))
    for file_name in COMPRESSED:
        _compress(folder / file_name)
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


def _write_one(folder: Path, name: str, columns: tuple[str, ...], rows: Rows) -> FileFacts:
    with (folder / name).open("wb") as opened:
        table = _Hashed(opened)
        table.write(csv_heading(columns))
        for row in rows:
            table.write(csv_line(columns, row))
    return FileFacts(name, table.size, table.digest.hexdigest())


def _compress(path: Path) -> None:
    """Write the same bytes compressed; without a time in them, so that they are the same each time."""
    with (
        path.open("rb") as plain,
        path.with_name(path.name + GZ).open("wb") as target,
        gzip.GzipFile(filename="", fileobj=target, mode="wb", compresslevel=6, mtime=0) as packed,
    ):
        shutil.copyfileobj(plain, packed, CHUNK)


def _write_text(folder: Path, name: str, text: str) -> FileFacts:
    data = text.encode()
    (folder / name).write_bytes(data)
    return FileFacts(name, len(data), hashlib.sha256(data).hexdigest())


def _pretty(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"
