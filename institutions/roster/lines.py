"""The lines of a plain roster file as PostgreSQL can read them itself: UTF-8, without headings, each line one row.

Plain means that splitting at commas is all there is to it: no quotes anywhere. A line with an identity number is not
let through, since such numbers do not enter the database (ADR 0021). Pure.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass

from institutions.roster.columns import Column
from institutions.roster.reading import BLOCK, UTF_8, FileFacts, Sheet, Source, open_bytes

LINE_MAX = 1 << 20


class NotPlain(Exception):
    """The file has to be read cell by cell."""


@dataclass(frozen=True, slots=True)
class Lines:
    """Whole lines, and how many they are."""

    data: bytes
    count: int


def plain_lines(source: Source, facts: FileFacts, sheet: Sheet) -> Iterator[Lines]:
    """Yield the rows of a file in blocks of lines; raises `NotPlain` at the first that is not plain."""
    if facts.has_quotes or not facts.encoding:
        raise NotPlain
    without_id_number = _without_id_number(sheet)
    is_first = True
    for block in _whole_lines(source, facts.encoding):
        if b"\r" in block:
            raise NotPlain
        data = block.partition(b"\n")[2] if is_first else block
        is_first = False
        if without_id_number is not None and without_id_number.fullmatch(data) is None:
            raise NotPlain
        if data:
            yield Lines(data, data.count(b"\n"))


def _without_id_number(sheet: Sheet) -> re.Pattern[bytes] | None:
    """What lines look like that have every cell and none in the column of identity numbers; None without the column."""
    heading = sheet.columns.get(Column.ID_NUMBER)
    if heading is None:
        return None
    place = sheet.headings.index(heading)
    cells = [b"" if number == place else rb"[^,\n]*+" for number in range(len(sheet.headings))]
    return re.compile(rb"(?:" + b",".join(cells) + rb"\n)*+")


def _whole_lines(source: Source, encoding: str) -> Iterator[bytes]:
    """Yield a file in UTF-8, a block at a time, cut at line ends, which become plain; the last line is ended too."""
    decoder = codecs.getincrementaldecoder(encoding)()
    rest = b""
    with open_bytes(source) as stream:
        while block := stream.read(BLOCK):
            data = rest + (block if encoding == UTF_8 else decoder.decode(block).encode())
            end = data.rfind(b"\n") + 1
            if len(data) - end > LINE_MAX:
                raise NotPlain
            if end:
                yield data[:end].replace(b"\r\n", b"\n")
            rest = data[end:]
    if rest:
        yield rest + b"\n"
