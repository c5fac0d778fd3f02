"""What may not stand in a statement that a person publishes."""

import pytest

from scoring.policy.own_words import LENGTH_MAX, Found, Trouble, troubles


def found(text, names=()):
    return troubles(text, own_name="耿晓敏", names=names)


@pytest.mark.parametrize(
    "text",
    [
        "本人已退回全部费用，并于2025年6月完成培训。",
        "我叫耿晓敏，对违规记12分的决定深表歉意。",
        "2023年1月至2024年12月间，科室主任安排的收费项目我没有核对。",
        "I regret what happened and have repaid 12,400 yuan.",
        "当时本院医生不足，护士加班。",
    ],
)
def test_ordinary_words_pass(text):
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("请致电13912345678。", "13912345678"),
        ("请致电 139 1234 5678", "139 1234 5678"),
        ("电话0476-8234567", "0476-8234567"),
        ("来信 geng.xm@example.org", "geng.xm@example.org"),
        ("详见https://example.org/a", "https://example.org/a"),
        ("加微信:geng_xm2025", "微信:geng_xm2025"),
        ("电话１３９１２３４５６７８", "13912345678"),  # full-width digits
    ],
)
def test_contact_data_is_found(text, words):
    assert Found(Trouble.CONTACT, words) in found(text)


@pytest.mark.parametrize("text", ["D150422000001", "身份证15042219800101123X", "病案号20250610", "H15042200001"])
def test_codes_and_long_numbers_are_found(text):
    assert [item.trouble for item in found(text)] == [Trouble.CODE]


def test_names_of_colleagues_are_found_and_the_writers_own_is_not():
    assert found("耿晓敏与李晓梅共同值班。", names=["耿晓敏", "李晓梅", "王"]) == [Found(Trouble.NAME, "李晓梅")]


@pytest.mark.parametrize("text", ["是王主任让我签的。", "听从李院长的安排", "张护士长可以作证"])
def test_a_surname_with_a_title_names_somebody(text):
    assert [item.trouble for item in found(text)] == [Trouble.NAME]


def test_length_and_emptiness():
    assert found("  ") == [Found(Trouble.EMPTY, "")]
    assert found("字" * LENGTH_MAX) == []
    assert found("字" * (LENGTH_MAX + 1)) == [Found(Trouble.TOO_LONG, "")]
