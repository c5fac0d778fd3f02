"""Readings of names: surnames are read as surnames."""

import pytest

from institutions.pinyin import INITIALS_LENGTH_MAX, READING_LENGTH_MAX, name_initials, name_pinyin


@pytest.mark.parametrize(
    ("name", "reading", "initials"),
    [
        ("单田芳", "shantianfang", "stf"),
        ("曾晓敏", "zengxiaomin", "zxm"),
        ("仇和", "qiuhe", "qh"),
        ("解缙", "xiejin", "xj"),
        ("查良镛", "zhaliangyong", "zly"),
        ("盖叫天", "gejiaotian", "gjt"),
        ("区志航", "ouzhihang", "ozh"),
        ("任正非", "renzhengfei", "rzf"),
        ("朴树", "piaoshu", "ps"),
        ("尉迟敬德", "yuchijingde", "ycjd"),
        ("万俟卨", "moqixie", "mqx"),
        ("欧阳修", "ouyangxiu", "oyx"),
        ("耿某敏", "gengmoumin", "gmm"),
        ("John·Smith", "johnsmith", "j"),
        ("", "", ""),
    ],
)
def test_a_name_is_read(name, reading, initials):
    assert name_pinyin(name) == reading
    assert name_initials(name) == initials


def test_a_surname_reading_does_not_reach_the_given_name():
    assert name_pinyin("李单") == "lidan"


def test_long_names_fit_their_columns():
    assert len(name_pinyin("庄" * 100)) == READING_LENGTH_MAX
    assert len(name_initials("庄" * 100)) == INITIALS_LENGTH_MAX
