"""The course of an appeal as a section of the rulebook: optional, whole, marked as an assumption, inherited by key."""

import pytest

from scoring.policy.rulebook import parse_rulebook
from scoring.policy.rulebook_parts import AppealRule
from tests.scoring.policy.packs import REMOVED, changed, local_pack, pack_data, refusals, rulebook

BASE = pack_data()


def test_the_national_lengths_are_assumptions():
    book = rulebook()
    assert book.appeal == AppealRule(20, 5, 30, 10)
    for name in ("decide", "answer", "silence", "second_level"):
        assert book.provenance_of(f"appeal.{name}_working_days").assumption


def test_a_pack_stored_before_the_section_existed_still_parses_and_limits_nothing():
    data = changed("appeal", REMOVED)
    data["provenance"].pop("appeal")
    book = parse_rulebook(data)
    assert book.appeal is None
    assert parse_rulebook(dict(book.resolved)).digest == book.digest


def test_a_local_pack_sets_one_length_and_inherits_the_others():
    local = parse_rulebook(local_pack(appeal={"decide_working_days": 15}), BASE)
    assert local.appeal == AppealRule(15, 5, 30, 10)
    assert not local.provenance_of("appeal.decide_working_days").assumption
    assert local.provenance_of("appeal.silence_working_days").assumption


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("appeal.decide_working_days", 0),
        ("appeal.answer_working_days", "5"),
        ("appeal.second_level_working_days", REMOVED),
        ("appeal.decide_days", 20),
        ("appeal.silence_working_days", 19),
        ("appeal", 20),
    ],
)
def test_what_is_not_whole_or_makes_no_sense_is_refused_with_its_place(path, value):
    assert path in refusals(changed(path, value))
