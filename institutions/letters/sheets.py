"""Single sheets as PDF besides letters: certificates and wall plates, set by Typst from facts given as JSON."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

import noto_cjk_sans_otc
import segno
import typst
from django.conf import settings

from institutions.clock import start_of

STANDARD: Final = "ua-1"
FOLDER = "sheets"


def as_pdf(template: str, facts: Mapping[str, object], *, on: date) -> bytes:
    """Return a sheet as a tagged PDF; the same facts on the same day give the same bytes."""
    inputs = {"sheet": json.dumps(facts, ensure_ascii=False)}
    document = _compiler(template).compile(
        format="pdf", sys_inputs=inputs, pdf_standards=[STANDARD], timestamp=start_of(on)
    )
    assert isinstance(document, bytes)
    return document


def as_picture(template: str, facts: Mapping[str, object], *, ppi: float = 80) -> bytes:
    """Return the first page of a sheet as PNG, for looking at."""
    inputs = {"sheet": json.dumps(facts, ensure_ascii=False)}
    pages = _compiler(template).compile(format="png", sys_inputs=inputs, ppi=ppi)
    return (pages[0] if isinstance(pages, list) else pages) or b""


def qr_svg(address: str) -> str:
    """Return an address as a QR code in SVG, with error correction that survives a fold."""
    drawn = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        drawn, kind="svg", xmldecl=False, svgns=True, omitsize=True, border=4, dark="#000", light="#fff"
    )
    return drawn.getvalue().decode()


@cache
def _compiler(template: str) -> typst.Compiler:
    """One compiler for each process and sheet: reading the font takes longer than setting a page."""
    folder = Path(noto_cjk_sans_otc.__file__).parent
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])
    source = Path(settings.BASE_DIR) / "templates" / FOLDER / template
    return typst.Compiler(input=source, root=source.parent, font_paths=fonts, ignore_system_fonts=True)
