"""Every letter, word for word: each kind, for each reader, in both languages.

The files under `golden/` are what is sent. After a change of wording, write them anew and read the difference:
`JIFEN_WRITE_GOLDEN=1 .venv/bin/python -m pytest tests/institutions/letters/test_golden.py`.
"""

import os
from pathlib import Path
from uuid import UUID

import pytest

from institutions.letters import content, rendering
from institutions.letters.letter import Audience, BlockKey
from institutions.models import Notice, NoticeKind
from tests.institutions.letters.samples import ISSUED_AT, SAMPLES, Sample

GOLDEN = Path(__file__).parent / "golden"
LANGUAGES = ("zh-hans", "en")
WRITE = bool(os.environ.get("JIFEN_WRITE_GOLDEN"))
TOKEN = "0123456789abcdefghjk"
NOBODY = UUID(int=1)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("desk")]


def notice_of(sample: Sample, audience: Audience) -> Notice:
    """The notice of a sample, as it would be read from the database."""
    person = NOBODY if audience is Audience.PERSON else None
    return Notice(
        number="JF2025-000123",
        kind=sample.kind,
        payload=sample.payload,
        created_at=ISSUED_AT,
        region_id="150422",
        practitioner_id=person,
    )


def render(sample: Sample, audience: Audience, language: str) -> str:
    letter = content.compose(notice_of(sample, audience), audience=audience, language=language, token=TOKEN)
    return rendering.as_text(letter)


CASES = [(sample, audience, language) for sample in SAMPLES for audience in Audience for language in LANGUAGES]
IDS = [f"{sample.name}-{audience}-{language}" for sample, audience, language in CASES]


@pytest.mark.parametrize(("sample", "audience", "language"), CASES, ids=IDS)
def test_a_letter_reads_as_it_was_approved(sample: Sample, audience: Audience, language: str) -> None:
    path = GOLDEN / f"{sample.name}.{audience}.{language}.txt"
    text = render(sample, audience, language)
    if WRITE:
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


def test_no_golden_file_is_left_over() -> None:
    known = {f"{sample.name}.{audience}.{language}.txt" for sample, audience, language in CASES}
    assert {path.name for path in GOLDEN.iterdir()} == known


def test_every_kind_has_a_sample() -> None:
    assert {sample.kind for sample in SAMPLES} == set(NoticeKind)


@pytest.mark.parametrize(("sample", "audience", "language"), CASES, ids=IDS)
def test_a_letter_has_the_seven_blocks_in_order_and_none_is_empty(
    sample: Sample, audience: Audience, language: str
) -> None:
    letter = content.compose(notice_of(sample, audience), audience=audience, language=language)
    assert [block.key for block in letter.blocks] == list(BlockKey)
    for block in letter.blocks:
        assert block.label
        assert block.paragraphs
        assert all(paragraph.strip() for paragraph in block.paragraphs)
        assert not any("%(" in paragraph or "None" in paragraph for paragraph in block.paragraphs)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
@pytest.mark.parametrize("audience", Audience)
def test_the_chinese_letter_has_no_english_sentence(sample: Sample, audience: Audience) -> None:
    """A message without its translation would show as English."""
    letter = content.compose(notice_of(sample, audience), audience=audience, language="zh-hans")
    english = content.compose(notice_of(sample, audience), audience=audience, language="en")
    for chinese, other in zip(letter.blocks, english.blocks, strict=True):
        own_words = set(sample.payload.get("why", [])) | set(sample.payload.get("reasons", []))
        assert chinese.label != other.label
        assert not (set(chinese.paragraphs) & set(other.paragraphs)) - own_words
