"""How the pages write Chinese: with the marks of print, whatever the packs were typed with."""

import pytest

from scoring.templatetags.pages import full_width


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("情形受到行政处罚,本人负有责任", "情形受到行政处罚，本人负有责任"),
        ("湖南省医保支付资格管理规则(试行期满)", "湖南省医保支付资格管理规则（试行期满）"),
        ("2、4个月与内蒙古(10分停4个月)相符;另见《条例》", "2、4个月与内蒙古（10分停4个月）相符；另见《条例》"),
        ("见规定(2024)。", "见规定（2024）。"),
        ("自2025-01-01起,1,000元", "自2025-01-01起，1,000元"),
        ("Points, added up (12): yes", "Points, added up (12): yes"),
        ("12:00", "12:00"),
        ("", ""),
    ],
)
def test_marks_beside_chinese_characters_are_full_width(typed, printed):
    assert full_width(typed) == printed
    assert full_width(printed) == printed
