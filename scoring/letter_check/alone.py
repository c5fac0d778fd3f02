"""The program `verify_letter.py`: reads a letter or its facts and prints the check. Python 3.9, nothing installed."""

from __future__ import annotations

import argparse
import json
import re
import sys
import zlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

from scoring.policy.letter_check import Unreadable, check
from scoring.policy.letter_facts import FORMAT

AGREES, DISAGREES, UNREADABLE = 0, 1, 2
STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)


def main(arguments: Sequence[str] | None = None) -> int:
    """Check each file named on the command line and print every line of it; return the gravest result of them.

    0 agrees, 1 disagrees, 2 unreadable.
    """
    parser = argparse.ArgumentParser(
        prog="verify_letter.py",
        description="核对记分决定告知书 / recompute the points and dates of a decision letter, offline.",
    )
    parser.add_argument("files", nargs="+", help="告知书（PDF）或事实文件（JSON） the letter (PDF) or its facts (JSON)")
    parser.add_argument("--served-on", type=date.fromisoformat, help="假定的送达日 suppose it was served on this day")
    parser.add_argument("--digest", default="", help="告知书上印的事实摘要 the facts digest printed in the letter")
    options = parser.parse_args(arguments)
    return max(_check(name, options.served_on, options.digest) for name in options.files)


def _check(name: str, served_on: date | None, digest: str) -> int:
    try:
        lines = check(document_in(Path(name).read_bytes()), served_on, digest)
    except (OSError, Unreadable) as wrong:
        sys.stderr.write(f"无法读取 cannot read {name}: {wrong}\n")
        return UNREADABLE
    agrees = all(line.agrees for line in lines)
    result = "PASS 一致" if agrees else "FAIL 不一致"
    sys.stdout.write("".join(f"{line}\n" for line in lines) + f"结论 result: {result} ({name})\n")
    return AGREES if agrees else DISAGREES


def document_in(content: bytes) -> Mapping[str, object]:
    """The document in a file: the JSON itself, or the one attached to a letter in PDF. Refuses (Unreadable) others."""
    for text in _attached(content) if content.startswith(b"%PDF") else [content]:
        try:
            document = json.loads(text.decode("utf-8"))
        except ValueError:
            continue
        if isinstance(document, dict) and document.get("format") == FORMAT:
            return document
    raise Unreadable("no decision facts in this file")


def _attached(content: bytes) -> Iterator[bytes]:
    """Every stream of a PDF that could be the attachment."""
    for found in STREAM.finditer(content):
        try:
            yield zlib.decompressobj().decompress(found.group(1))
        except zlib.error:
            yield found.group(1)
