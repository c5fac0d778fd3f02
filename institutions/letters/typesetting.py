"""Letters as PDF, set by Typst with the font of the wheel: nothing has to be installed on the machine.

Tagged for readers of the screen (PDF/UA-1), with page numbers, the reference number on every page, and the code that
opens the person's own page. The same letter gives the same bytes.
"""

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import noto_cjk_sans_otc
import segno
import typst
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from institutions.clock import start_of
from institutions.letters.letter import Audience, Letter

TEMPLATE = Path("letters") / "letter.typ"
STANDARD: Final = "ua-1"
LANGUAGES = {"zh-hans": ("zh", "CN"), "en": ("en", "GB")}


@dataclass(frozen=True, slots=True)
class Attachment:
    """A text file that travels inside the PDF, such as the facts of a decision."""

    name: str
    content: str
    description: str
    mime: str = "application/json"


def as_pdf(letter: Letter, *, attachments: Sequence[Attachment] = ()) -> bytes:
    """Return the letter as a tagged PDF, with the attachments inside it."""
    with translation.override(letter.language):
        inputs = {"letter": json.dumps(_values(letter, attachments), ensure_ascii=False)}
    document = _compiler().compile(
        format="pdf", sys_inputs=inputs, pdf_standards=[STANDARD], timestamp=start_of(letter.issued_on)
    )
    assert isinstance(document, bytes)
    return document


def as_pictures(letter: Letter, *, ppi: float = 110) -> list[bytes]:
    """Return the pages of the letter as PNG, for looking at."""
    with translation.override(letter.language):
        inputs = {"letter": json.dumps(_values(letter, ()), ensure_ascii=False)}
    pages = _compiler().compile(format="png", sys_inputs=inputs, ppi=ppi)
    return pages if isinstance(pages, list) else [pages or b""]


@cache
def _compiler() -> typst.Compiler:
    """One compiler for each process: reading the font takes longer than setting a letter."""
    folder = Path(noto_cjk_sans_otc.__file__).parent
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])
    source = settings.BASE_DIR / "templates" / TEMPLATE
    return typst.Compiler(input=source, root=source.parent, font_paths=fonts, ignore_system_fonts=True)


def _values(letter: Letter, attachments: Sequence[Attachment]) -> dict[str, object]:
    lang, region = LANGUAGES.get(letter.language, LANGUAGES["en"])
    return {
        "lang": lang,
        "region": region,
        "title": letter.title,
        "number": letter.number,
        "authority_name": letter.authority_name,
        "addressee": letter.addressee,
        "salutation": letter.salutation,
        "reference": letter.reference,
        "issued_on": letter.issued_on_text,
        "blocks": [{"label": block.label, "paragraphs": list(block.paragraphs)} for block in letter.blocks],
        "qr": _qr(letter.page_url),
        "page_url": letter.page_url,
        "page_address": letter.page_url.partition("?")[0],
        "access_code": letter.access_code,
        "no_code": _no_code(letter),
        "facts_digest": letter.facts_digest,
        "attachments": [
            {"path": item.name, "content": item.content, "description": item.description, "mime": item.mime}
            for item in attachments
        ],
        "words": {
            "number": _("Number"),
            "case": _("Case"),
            "date": _("Date"),
            "page": _("Page {page} of {pages}"),
            "qr": _("QR code that opens your own page"),
            "page_of_your_own": _("Your own page"),
            "code": _("Access code"),
            "keep_code": _("The code opens your page to whoever has it. Keep it as you would a key."),
            "digest": digest_label(letter),
        },
    }


def digest_label(letter: Letter) -> str:
    """Say what the check sum printed in a letter is of."""
    if letter.carries_facts:
        return _("Check sum of the facts inside this file, for verify_letter.py (SHA-256)")
    return _("Check sum of the rules applied (SHA-256)")


def _no_code(letter: Letter) -> str:
    """Why a copy of a person's letter carries no code."""
    if letter.audience is not Audience.PERSON:
        return ""
    return _("Copy. The access code to the person's own page stands in the person's letter only.")


def _qr(address: str) -> str:
    """The address as a QR code, in SVG; error correction that survives a fold."""
    if not address:
        return ""
    drawn = io.BytesIO()
    segno.make(address, error="q", micro=False).save(drawn, kind="svg", xmldecl=False, svgns=True, border=4)
    return drawn.getvalue().decode()
