"""What is wrong in a pack, in Chinese: every form of complaint that the rules make is known."""

from pathlib import Path

import pytest
from django.utils import translation

from scoring.policy.marked_yaml import FileProblems, read_text
from scoring.policy.rulebook import RulebookErrors, parse_rulebook
from scoring.policy.rulebook_files import SHIPPED
from scoring.views.fault_words import fault_in_words

NATIONAL = (Path(SHIPPED) / "national.yaml").read_text(encoding="utf-8")
BENT = [
    ("cycle: calendar_year", "cycle: lunar_year"),
    ("cycle: calendar_year", "cycel: calendar_year"),
    ("version: 1", "version: one"),
    ("effective_from: 2025-01-01", "effective_from: soon"),
    ("single_scope: decision", "single_scope: 3"),
    ("appeal_stays: false", "appeal_stays: perhaps"),
    ("9: {range: [1, 6], default: 2}", "8: {range: [1, 6], default: 2}"),
    ("9: {range: [1, 6], default: 2}", "9: {range: [6, 1], default: 2}"),
    ("9: {range: [1, 6], default: 2}", "9: {range: [1, 6], default: 7}"),
    ("9: {range: [1, 6], default: 2}", "nine: {range: [1, 6], default: 2}"),
    ("9: {range: [1, 6], default: 2}", "9: {range: [1, 6], default: 2}\n        12: {range: [1, 6], default: 2}"),
    ('jurisdiction: ""', 'jurisdiction: "1"'),
    ('jurisdiction: ""', "jurisdiction: 15"),
    ("title: ", "titel: "),
]


def complaints(text: str) -> list[str]:
    try:
        document = read_text(text, "x")[0]
        assert isinstance(document.value, dict)
        parse_rulebook(document.value)
    except RulebookErrors as refused:
        return [error.reason for error in refused.errors]
    except FileProblems as refused:
        return [problem.reason for problem in refused.problems]
    return []


@pytest.mark.parametrize(("right", "wrong"), BENT)
def test_every_complaint_is_translated_and_in_english_is_as_the_rules_say_it(right: str, wrong: str) -> None:
    assert right in NATIONAL
    found = complaints(NATIONAL.replace(right, wrong, 1))
    assert found
    for reason in found:
        with translation.override("zh-hans"):
            assert fault_in_words(reason) != reason
        with translation.override("en"):
            assert fault_in_words(reason) == reason


def test_what_is_of_no_known_form_is_shown_as_it_is() -> None:
    assert fault_in_words("something else") == "something else"
