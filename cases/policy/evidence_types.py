"""Which files may be kept as evidence, told by what is in them and not by what they are called. Pure; no Django."""

import io
import zipfile

import puremagic

SIZE_MAX = 20 * 1024 * 1024  # bytes; a limit of the product, not of the law

PDF = "application/pdf"
PNG = "image/png"
JPEG = "image/jpeg"
TIFF = "image/tiff"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TEXT = "text/plain"
CSV = "text/csv"

EXTENSIONS = {
    "pdf": PDF,
    "png": PNG,
    "jpg": JPEG,
    "jpeg": JPEG,
    "tif": TIFF,
    "tiff": TIFF,
    "docx": DOCX,
    "xlsx": XLSX,
    "txt": TEXT,
    "csv": CSV,
}
_OFFICE_PARTS = {DOCX: "word/document.xml", XLSX: "xl/workbook.xml"}
_ENCODINGS = ("utf-8", "gb18030")


def content_type_of(file_name: str, content: bytes) -> str | None:
    """Return the content type if the file is of an allowed kind and is what its extension says; None otherwise.

    Office documents with macros, scripts, mark-up and anything unknown give None.
    """
    expected = EXTENSIONS.get(file_name.rpartition(".")[2].lower())
    if expected is None or not content:
        return None
    if expected in (TEXT, CSV):
        return expected if _is_plain_text(content) else None
    if expected in _OFFICE_PARTS:
        return expected if _is_office(content, _OFFICE_PARTS[expected]) else None
    return expected if _magic(content) == expected else None


def _magic(content: bytes) -> str:
    try:
        return puremagic.from_string(content, mime=True)
    except (puremagic.PureError, ValueError):
        return ""


def _is_plain_text(content: bytes) -> bool:
    if _magic(content):
        return False
    for encoding in _ENCODINGS:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        controls = any(ord(character) < 32 and character not in "\t\r\n\f" for character in text)
        return not controls and not text.lstrip("\ufeff \t\r\n").startswith(("<", "#!"))
    return False


def _is_office(content: bytes, part: str) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError):
        return False
    macros = any(name.lower().endswith("vbaproject.bin") for name in names)
    return "[Content_Types].xml" in names and part in names and not macros
