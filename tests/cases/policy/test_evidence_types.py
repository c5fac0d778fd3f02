"""Evidence is told by its content: what is allowed, and what only pretends to be."""

import io
import zipfile

import pytest

from cases.policy.evidence_types import CSV, DOCX, JPEG, PDF, PNG, TEXT, TIFF, XLSX, content_type_of

PDF_BYTES = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj<<>>endobj trailer<<>>\n%%EOF"
PNG_BYTES = b"\x89PNG\r\n\x1a\n" + b"\0" * 50
JPEG_BYTES = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + b"\0" * 50
TIFF_BYTES = b"II*\0" + b"\0" * 30
EXE_BYTES = b"MZ\x90\0" + b"\0" * 100
TEXT_BYTES = "合成证据:报告比对表。\n".encode()


def office(*names):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in ("[Content_Types].xml", *names):
            archive.writestr(name, "<x/>")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("penalty.pdf", PDF_BYTES, PDF),
        ("scan.PNG", PNG_BYTES, PNG),
        ("scan.jpeg", JPEG_BYTES, JPEG),
        ("scan.tif", TIFF_BYTES, TIFF),
        ("notes.txt", TEXT_BYTES, TEXT),
        ("codes.csv", "药品,追溯码\n甲,1\n".encode("gb18030"), CSV),
        ("record.docx", office("word/document.xml"), DOCX),
        ("rota.xlsx", office("xl/workbook.xml"), XLSX),
    ],
)
def test_allowed(name, content, expected):
    assert content_type_of(name, content) == expected


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("penalty.pdf", EXE_BYTES),
        ("penalty.pdf", PNG_BYTES),
        ("scan.png", TEXT_BYTES),
        ("run.exe", EXE_BYTES),
        ("page.html", b"<html></html>"),
        ("page.txt", b"<!DOCTYPE html><html></html>"),
        ("page.txt", b"  <script>1</script>"),
        ("run.txt", b"#!/bin/sh\necho 1\n"),
        ("notes.txt", b"a\0b"),
        ("notes.txt", b"\xff\xff\xff"),
        ("macro.xlsx", office("xl/workbook.xml", "xl/vbaProject.bin")),
        ("record.docx", office("xl/workbook.xml")),
        ("record.docx", b"PK\x03\x04 broken"),
        ("picture.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("nameless", TEXT_BYTES),
        ("empty.txt", b""),
    ],
)
def test_not_allowed(name, content):
    assert content_type_of(name, content) is None
