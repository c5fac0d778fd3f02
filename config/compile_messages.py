"""`python -m config.compile_messages`: compile the translations whose catalogue is newer than the compiled file.

Done with Babel, so that no gettext program has to be installed. Compiled files are not kept in git.
"""

import os
import sys
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALE_DIR = Path(__file__).resolve().parent.parent / "locale"


def compile_messages(folder: Path = LOCALE_DIR) -> list[Path]:
    """Compile what is out of date under `folder`; returns the files written. Safe when two do it at once."""
    written = []
    for source in sorted(folder.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as stream:
            catalogue = read_po(stream, abort_invalid=True)
        unfinished = target.with_name(f".{target.name}.{os.getpid()}")
        with unfinished.open("wb") as stream:
            write_mo(stream, catalogue)
        unfinished.replace(target)
        written.append(target)
    return written


if __name__ == "__main__":
    for path in compile_messages():
        sys.stdout.write(f"compiled {path.relative_to(LOCALE_DIR.parent)}\n")
