"""What a letter never holds: details for those outside a case, or a code in any copy but the person's."""

import pytest

from institutions.letters import content, rendering
from institutions.letters.letter import Audience
from institutions.models import NoticeKind
from tests.institutions.letters.samples import CASE, DECISION, DETAILS, OUTCOME, SAMPLES, STATUS, Sample
from tests.institutions.letters.test_golden import TOKEN, notice_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("desk")]

OUTSIDE = (Audience.OTHER_INSTITUTION, Audience.AUTHORITY)
SECRET_TEXTS = (
    "批量伪造检查报告和病历",
    "长期批量伪造",
    "报告比对表",
    "示医保罚〔2025〕12号",
    "示医保案〔2025〕001",
    "陈述申辩期内",
    "申诉所述",
    "YY2025-000123",
    "请说明一月份",
)
EVERYTHING = CASE | DECISION | DETAILS | OUTCOME | STATUS | {"question": "请说明一月份检查报告由谁录入。", "at": 6}


def all_renders(sample: Sample, audience: Audience) -> str:
    letters = [
        content.compose(notice_of(sample, audience), audience=audience, language=language, token=TOKEN)
        for language in ("zh-hans", "en")
    ]
    return "".join(f"{rendering.as_text(letter)}{rendering.as_html(letter)}{letter}" for letter in letters)


@pytest.mark.parametrize("audience", OUTSIDE)
@pytest.mark.parametrize("kind", NoticeKind)
def test_outside_the_case_there_are_status_and_dates_and_no_details(kind: NoticeKind, audience: Audience) -> None:
    """Whatever the payload holds: every fact of a case is in this one."""
    shown = all_renders(Sample("everything", kind, EVERYTHING), audience)
    for secret in SECRET_TEXTS:
        assert secret not in shown


@pytest.mark.parametrize("kind", NoticeKind)
def test_other_sites_are_told_no_points_and_no_clause(kind: NoticeKind) -> None:
    marked = EVERYTHING | {"points": 8765, "total": 8764, "awarded": 8763, "points_after": 8762, "points_before": 8761}
    clause = [{"code": "Q77", "title": "甲乙丙条款", "title_en": "Clause of clauses"}]
    shown = all_renders(Sample("marked", kind, marked | {"clause": clause}), Audience.OTHER_INSTITUTION)
    for secret in ("876", "Q77", "甲乙丙条款", "Clause of clauses", "national@1"):
        assert secret not in shown


@pytest.mark.parametrize("sample", [s for s in SAMPLES if s.kind == NoticeKind.STATUS_CHANGE], ids=lambda s: s.name)
@pytest.mark.parametrize("audience", OUTSIDE)
def test_outside_the_case_the_status_and_its_days_are_told(sample: Sample, audience: Audience) -> None:
    letter = content.compose(notice_of(sample, audience), audience=audience, language="en")
    text = rendering.as_text(letter)
    assert "𠮷䶮梅 (D150422000007)" in text
    assert "27 September 2025" in text
    assert ("suspended" in text) or ("terminated" in text)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
@pytest.mark.parametrize("audience", [one for one in Audience if one is not Audience.PERSON])
def test_the_access_code_is_in_the_persons_letter_only(sample: Sample, audience: Audience) -> None:
    assert TOKEN in all_renders(sample, Audience.PERSON)
    shown = all_renders(sample, audience)
    assert TOKEN not in shown
    assert "0123-4567" not in shown
    assert "?t=" not in shown


def test_a_copy_for_the_file_carries_no_code_and_says_so() -> None:
    sample = SAMPLES[0]
    letter = content.compose(notice_of(sample, Audience.PERSON), language="en")
    assert (letter.page_url, letter.access_code) == ("", "")


@pytest.mark.parametrize("audience", Audience)
def test_what_officers_wrote_is_text_and_never_mark_up(audience: Audience) -> None:
    sample = Sample("markup", NoticeKind.DECISION, DECISION | {"why": ["<script>alert(1)</script> #panic() $x$"]})
    letter = content.compose(notice_of(sample, audience), audience=audience, language="en")
    assert "<script>" not in rendering.as_html(letter)
    assert rendering.as_pdf(letter).startswith(b"%PDF")
