"""The archive a person takes home: their data as JSON, their letters as PDF, the files they handed in."""

import json
import zipfile
from collections.abc import Iterator
from datetime import datetime
from tempfile import SpooledTemporaryFile
from typing import IO

from django.utils.translation import gettext as _

from cases.models import SubmittedFile
from cases.selectors import own_file as rows
from cases.services import evidence as evidence_rows
from institutions.clock import SHANGHAI, local_date
from institutions.letters import content, rendering
from institutions.letters.attachments import attachments_of
from institutions.models import Notice, Practitioner

IN_MEMORY_MAX = 8 * 1024 * 1024  # bytes; a larger archive is written to the disk while it is made


def own_file_archive(person: Practitioner, *, opened: Notice, now: datetime, language: str) -> IO[bytes]:
    """Return a ZIP of everything kept about a person, for that person; `opened` is the letter they came by.

    `file.json` as documented (docs/due-process.md); `letters/` without access codes, so that a copy that goes astray
    opens nothing; `handed-in/` the files the person sent, by receipt. No officer is named in any of it.
    """
    archive = SpooledTemporaryFile(max_size=IN_MEMORY_MAX)  # noqa: SIM115 - handed to the response, which closes it
    stamp = now.astimezone(SHANGHAI).timetuple()[:6]
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, content_of in _members(person, opened, now, language):
            pack.writestr(zipfile.ZipInfo(name, date_time=stamp), content_of, zipfile.ZIP_DEFLATED)
    archive.seek(0)
    return archive


def _members(person: Practitioner, opened: Notice, now: datetime, language: str) -> Iterator[tuple[str, bytes]]:
    data = rows.own_file(person, on=local_date(now), opened=opened)
    yield "README.txt", _readme(now).encode()
    yield "file.json", json.dumps(data, ensure_ascii=False, indent=2).encode()
    for notice in rows.own_letters(person, opened):
        yield f"letters/{notice.number}.pdf", letter_copy(notice, language)
    for place, (receipt, file) in enumerate(rows.submitted_files(rows.told_attributions(person, opened)), start=1):
        kept = evidence_rows.read(file)
        if kept is not None:
            yield f"handed-in/{receipt}/{place:02d}-{_plain_name(file)}", kept


def letter_copy(notice: Notice, language: str) -> bytes:
    """Return the PDF of a letter without its access code, for filing."""
    return rendering.as_pdf(content.compose(notice, language=language), attachments=attachments_of(notice))


def _plain_name(file: SubmittedFile) -> str:
    """Return a file's name without anything that means a path."""
    kept = "".join(
        "_" if character in '/\\:*?"<>|' or ord(character) < 32 else character for character in file.file_name
    )
    return kept.strip(". ") or "file"


def _readme(now: datetime) -> str:
    day = local_date(now).isoformat()
    lines = [
        _("This is everything the system keeps about you, made on %(day)s.") % {"day": day},
        _("file.json: your data. What each field means is described in the documentation of the product."),
        _("letters/: your letters, without their access codes."),
        _("handed-in/: the files you sent in, by receipt number."),
        _("The archive names no officer. Keep it safe: whoever has it can read it."),
    ]
    return "\r\n".join(lines) + "\r\n"
