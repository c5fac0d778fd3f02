"""Letters as PDF: tagged, numbered, the same bytes for the same letter, every glyph there, and nothing as mark-up."""

import json
import re
import zlib

import pytest

from institutions.letters import content, typesetting
from institutions.letters.letter import Audience, Letter
from institutions.letters.typesetting import Attachment
from tests.institutions.letters.samples import INTENT, SAMPLES, Sample
from tests.institutions.letters.test_golden import TOKEN, notice_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("desk")]

BY_NAME = {sample.name: sample for sample in SAMPLES}


def letter(name: str = "intent", language: str = "zh-hans", token: str = TOKEN, **payload: object) -> Letter:
    sample = BY_NAME[name]
    changed = Sample(sample.name, sample.kind, sample.payload | payload)
    return content.compose(notice_of(changed, Audience.PERSON), language=language, token=token)


def plain(document: bytes) -> bytes:
    """The document with its streams unpacked."""
    unpacked = [document]
    for packed in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", document, re.DOTALL):
        try:
            unpacked.append(zlib.decompress(packed))
        except zlib.error:
            unpacked.append(packed)
    return b"\n".join(unpacked)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_every_letter_can_be_set_as_a_tagged_pdf(sample: Sample, language: str) -> None:
    """PDF/UA-1: Typst refuses a document that does not meet it."""
    document = typesetting.as_pdf(letter(sample.name, language))
    whole = plain(document)
    assert document.startswith(b"%PDF-1.7")
    assert b"/StructTreeRoot" in whole
    assert b"pdfuaid:part" in whole
    assert (b"/Lang(zh-CN)" if language == "zh-hans" else b"/Lang(en-GB)") in whole


def test_the_same_letter_gives_the_same_bytes() -> None:
    assert typesetting.as_pdf(letter()) == typesetting.as_pdf(letter())


def test_the_pages_are_numbered_and_each_names_the_letter() -> None:
    assert b"/Count 2" in plain(typesetting.as_pdf(letter()))
    footers = json.loads(typesetting._compiler().query("<footer>", field="value"))
    assert footers == [{"number": "JF2025-000123", "page": page, "pages": 2} for page in (1, 2)]


def test_the_font_is_embedded_and_comes_from_the_wheel() -> None:
    assert b"NotoSansCJKsc-Regular" in plain(typesetting.as_pdf(letter()))


@pytest.mark.parametrize("rare", ["𠮷", "䶮", "㛃", "喆", "旻"])
def test_rare_characters_of_names_have_their_glyph(rare: str) -> None:
    """A character the font lacks is drawn as the same box as any other that it lacks."""
    box = typesetting.as_pictures(letter(subject_name="\U0010fffd"), ppi=60)
    assert typesetting.as_pictures(letter(subject_name="\U0010fffc"), ppi=60)[0] == box[0]
    assert typesetting.as_pictures(letter(subject_name=rare), ppi=60)[0] != box[0]


def test_the_square_code_opens_the_persons_page_and_is_in_no_other_copy() -> None:
    own, copy = letter(), letter(token="")
    assert own.page_url in plain(typesetting.as_pdf(own)).decode("latin-1")
    values = typesetting._values(copy, ())
    assert (values["qr"], values["page_url"], values["access_code"]) == ("", "", "")
    assert TOKEN.encode() not in plain(typesetting.as_pdf(copy))
    assert len(typesetting.as_pdf(copy)) < len(typesetting.as_pdf(own))


def test_what_was_written_is_never_read_as_mark_up() -> None:
    """`#panic()` in a reason would stop the setting if it were read as Typst."""
    hostile = '#panic("read as mark-up") $x$ *bold* \\ = heading `raw` @label <label> "quoted"'
    assert typesetting.as_pdf(letter(why=[hostile])).startswith(b"%PDF")


def test_facts_travel_inside_the_document() -> None:
    facts = json.dumps({"points": INTENT["points"]})
    document = typesetting.as_pdf(letter(), attachments=[Attachment("facts.json", facts, "Facts of the letter")])
    whole = plain(document)
    assert b"/EmbeddedFile" in whole
    assert facts.encode() in whole
