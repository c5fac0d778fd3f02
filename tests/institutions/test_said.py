"""Sentences that a worker keeps are said again in the language of whoever reads them."""

import json

from django.utils import translation

from institutions.roster.refusals import Refusal, sentence
from institutions.said import Said, again, kept, kept_line, line_again, said


def test_a_sentence_with_its_values_is_said_again():
    with translation.override("zh-hans"):
        reason = sentence(Refusal.SAME_SPELL, "7")
        stored = json.loads(json.dumps(kept(reason)))
    assert "7" in reason
    assert reason != "Row 7 states the same registration."
    with translation.override("en"):
        assert again(stored) == "Row 7 states the same registration."
    with translation.override("zh-hans"):
        assert again(stored) == reason


def test_a_sentence_inside_a_sentence_is_said_again_too():
    with translation.override("zh-hans"):
        stored = kept(said("Row %(row)s says otherwise of this person.") % {"row": said("Yes")})
    with translation.override("en"):
        assert again(stored) == "Row Yes says otherwise of this person."


def test_str_forgets_nothing_and_plain_text_stands_as_it_is():
    assert isinstance(str(said("Yes")), Said)
    assert again(kept("第3行：重复")) == "第3行：重复"


def test_a_sentence_that_a_later_version_words_otherwise_stands_as_it_was_kept():
    assert again({"msgid": "Gone %(a)s", "values": {"b": "1"}, "text": "第1行有误"}) == "第1行有误"


def test_a_line_of_sentences_is_said_again_and_a_plain_one_stands():
    with translation.override("zh-hans"):
        line = kept_line(sentence(Refusal.SAME_SPELL, "7"), "wizard")
    with translation.override("en"):
        assert line_again(line) == "Row 7 states the same registration. wizard"
    for plain in ("", "Row 7 is bad.", "7"):
        assert line_again(plain) == plain
